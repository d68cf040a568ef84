//! The roots of the schema, and the rule that closes those of their fields that nobody has opened.

use std::collections::HashSet;

use async_graphql::{
    MergedObject, PathSegment, Positioned, Request, Response, ServerError,
    parser::{
        parse_schema,
        types::{ExecutableDocument, Field, OperationType, Selection, SelectionSet, TypeKind, TypeSystemDefinition},
    },
};

use super::{
    account::{AccountMutation, AccountQuery},
    api_key::ApiKeyMutation,
    audit::AuditQuery,
    indicator::IndicatorQuery,
    inquiry::Asked,
    jurisdiction::JurisdictionQuery,
    node::NodeQuery,
    notice::NoticeQuery,
    project::ProjectQuery,
    refusal,
    schema::chosen_operation,
    session::SessionMutation,
    task::TaskQuery,
    topic::TopicQuery,
    unit::UnitQuery,
    viewer::ViewerQuery,
};
use crate::access::root_field;

/// 查询。任何人可读已印发且公开的通知及其项目、任务、分工和目标任务；登录后还可读本辖区内部的内容。 Queries. Anybody reads issued, publicly disclosed notices with their projects, tasks, assignments and targets; whoever is signed in also reads what is internal to their jurisdiction.
#[derive(MergedObject, Default)]
pub struct Query(
    ViewerQuery,
    JurisdictionQuery,
    UnitQuery,
    TopicQuery,
    IndicatorQuery,
    NoticeQuery,
    ProjectQuery,
    TaskQuery,
    AccountQuery,
    AuditQuery,
    NodeQuery,
);

/// 修改。每次修改，包括被拒绝的，都记入审计。 Changes. Each of them, refused ones included, leaves an audit event.
#[derive(MergedObject, Default)]
pub struct Mutation(SessionMutation, ApiKeyMutation, AccountMutation);

/// The root fields of a schema, read off its definition because the engine does not show its own.
pub(super) fn fields(definition: &str) -> HashSet<String> {
    let Ok(document) = parse_schema(definition) else { return HashSet::new() };
    let mut fields = HashSet::new();
    for definition in document.definitions {
        if let TypeSystemDefinition::Type(definition) = definition
            && let TypeKind::Object(object) = definition.node.kind
            && ["Query", "Mutation", "Subscription"].contains(&definition.node.name.node.as_str())
        {
            fields.extend(object.fields.into_iter().map(|field| field.node.name.node.to_string()));
        }
    }
    fields
}

/// The answer to a request that calls a root field which is closed to the caller, before anything runs.
///
/// All such fields of queries are never null, so what one of them fails with makes the whole of `data` null (GraphQL, section
/// 6.4.4): the answer is the same as if the others had run.
pub(super) fn closed(request: &mut Request, root_fields: &HashSet<String>, asked: &Asked) -> Option<Response> {
    let operation = chosen_operation(request)?;
    let kind = operation.ty;
    let mut called = Vec::new();
    // The operation is a part of the document; both are only read.
    let selections = operation.selection_set.node.clone();
    gather(request.parsed_query().ok()?, &selections, &mut HashSet::new(), &mut called);
    let errors: Vec<ServerError> = called
        .into_iter()
        .filter_map(|field| {
            let name = field.node.name.node.as_str();
            // What does not exist is for validation to tell.
            if !root_fields.contains(name) {
                return None;
            }
            let decision = match kind {
                OperationType::Query => root_field::query(&asked.call.viewer, name),
                OperationType::Mutation | OperationType::Subscription => root_field::mutation(name),
            };
            let reason = decision.err()?;
            let mut error = refusal::not_allowed(reason, asked.language).into_server_error(field.pos);
            error.path = vec![PathSegment::Field(field.node.response_key().node.to_string())];
            Some(error)
        })
        .collect();
    (!errors.is_empty()).then(|| Response::from_errors(errors))
}

/// The root fields that an operation calls, those of its fragments included. Each fragment is looked at once.
fn gather(document: &ExecutableDocument, selections: &SelectionSet, seen: &mut HashSet<String>, called: &mut Vec<Positioned<Field>>) {
    for selection in &selections.items {
        match &selection.node {
            Selection::Field(field) => called.push(field.clone()),
            Selection::InlineFragment(fragment) => gather(document, &fragment.node.selection_set.node, seen, called),
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                if seen.insert(name.to_string())
                    && let Some(fragment) = document.fragments.get(name)
                {
                    gather(document, &fragment.node.selection_set.node, seen, called);
                }
            }
        }
    }
}
