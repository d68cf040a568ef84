//! The roots of the schema, and the rule that closes those of their fields that nobody has opened.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    MergedObject, MergedSubscription, Name, PathSegment, Positioned, Request, Response, ServerError, Value,
    parser::{
        parse_schema,
        types::{
            Directive, DocumentOperations, ExecutableDocument, Field, OperationType, Selection, SelectionSet, TypeKind,
            TypeSystemDefinition, VariableDefinition,
        },
    },
};

use super::{
    admit::chosen_operation,
    analysis::{
        comparison::ComparisonQuery,
        coverage::CoverageQuery,
        group::{ReportGroupQuery, TaskGroupQuery},
        similarity::SimilarityQuery,
        trend::TrendQuery,
    },
    audit::AuditQuery,
    budget::BudgetQuery,
    catalogue::{indicator::IndicatorQuery, topic::TopicQuery},
    error::{self, Code},
    inquiry::Asked,
    limit::{self, Limits, Measure},
    node::NodeQuery,
    notices::{notice::NoticeQuery, project::ProjectQuery, task::TaskQuery},
    people::{
        account::{AccountMutation, AccountQuery},
        api_key::ApiKeyMutation,
        session::SessionMutation,
        viewer::ViewerQuery,
    },
    places::{jurisdiction::JurisdictionQuery, unit::UnitQuery},
    progress::{
        blocker::BlockerMutation,
        event::EventSubscription,
        ledger::LedgerQuery,
        report::ReportQuery,
        report_change::ReportMutation,
        reporting::{ReportingMutation, ReportingQuery},
        standing::TaskMutation,
    },
    refusal,
};
use crate::{
    access::root_field,
    domain::language::{Language, Text},
};

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
    TaskGroupQuery,
    ReportQuery,
    ReportGroupQuery,
    LedgerQuery,
    ComparisonQuery,
    CoverageQuery,
    TrendQuery,
    SimilarityQuery,
    ReportingQuery,
    AccountQuery,
    AuditQuery,
    NodeQuery,
    BudgetQuery,
);

/// 修改。账号的每次修改，包括被拒绝的，都记入审计；未登录者不能做的只计数。每次修改另计点数。 Changes. Each change of an account, refused ones included, leaves an audit event; changes that nobody has signed in for are only counted. Each change costs points of its own.
#[derive(MergedObject, Default)]
pub struct Mutation(SessionMutation, ApiKeyMutation, AccountMutation, ReportMutation, TaskMutation, BlockerMutation, ReportingMutation);

/// 订阅。经 WebSocket（graphql-transport-ws）或 SSE（text/event-stream）。 Subscriptions, over WebSocket (graphql-transport-ws) or SSE (text/event-stream).
#[derive(MergedSubscription, Default)]
pub struct Subscription(EventSubscription);

/// The root fields of a schema, each with the name of its root type, read off its definition because the engine does not show them.
pub(super) fn fields(definition: &str) -> HashSet<(String, String)> {
    let Ok(document) = parse_schema(definition) else { return HashSet::new() };
    let mut fields = HashSet::new();
    for definition in document.definitions {
        if let TypeSystemDefinition::Type(definition) = definition
            && let TypeKind::Object(object) = definition.node.kind
            && ["Query", "Mutation", "Subscription"].contains(&definition.node.name.node.as_str())
        {
            let root = definition.node.name.node.to_string();
            fields.extend(object.fields.into_iter().map(|field| (root.clone(), field.node.name.node.to_string())));
        }
    }
    fields
}

/// The answer to a request with too many changes, or with two under one key: the engine would do both and mix their answers.
pub(super) fn too_much(request: &mut Request, limits: &Limits, language: Language) -> Option<Response> {
    if chosen_operation(request)?.ty != OperationType::Mutation {
        return None;
    }
    let mut keys = HashSet::new();
    // As the engine does it: a fragment that is spread twice is done twice. There are no more of them than fields may be.
    let called = called_as_spread(request)?;
    // Each leaves an event that nobody can remove.
    if let Err(excess) = Measure::Changes.hold(limits, called.len()) {
        return Some(excess.refusal(language));
    }
    let twice = called.iter().find(|field| !keys.insert(field.node.response_key().node.clone()))?;
    let key = &twice.node.response_key().node;
    let message = Text::new(
        format!("同一请求中有两项修改都叫 {key}：请用别名区分，或合并为一项。"),
        format!("Two changes of one request are both called {key}: tell them apart by aliases, or make them one."),
    );
    Some(error::refusal(Code::ValidationFailed, language, &message))
}

/// What the changes of the chosen operation cost, beside the size of their answers.
pub(super) fn price_of_changes(request: &mut Request) -> u64 {
    if chosen_operation(request).is_none_or(|operation| operation.ty != OperationType::Mutation) {
        return 0;
    }
    let called = called_as_spread(request).unwrap_or_default();
    called.iter().map(|field| limit::price_of_change(&field.node.name.node)).fold(0, u64::saturating_add)
}

/// The root fields that the chosen operation calls, those of its fragments included, which are looked at once.
fn called(request: &mut Request) -> Option<Vec<Positioned<Field>>> {
    call(request, Some(HashSet::new()))
}

/// The same as often as they are called.
fn called_as_spread(request: &mut Request) -> Option<Vec<Positioned<Field>>> {
    call(request, None)
}

fn call(request: &mut Request, mut seen: Option<HashSet<String>>) -> Option<Vec<Positioned<Field>>> {
    let mut called = Vec::new();
    let operation = chosen_operation(request)?.clone();
    let variables = conditions(request);
    let document = request.parsed_query().ok()?;
    gather(document, &operation.selection_set.node, &variables, &mut seen, &mut called);
    Some(called)
}

/// The names of the root fields that the chosen operation calls, each once, in the order of the alphabet.
pub(super) fn called_names(request: &mut Request) -> Vec<String> {
    let mut names: Vec<String> = called(request).into_iter().flatten().map(|field| field.node.name.node.to_string()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The name of the only operation of a document.
pub(super) fn only_name(request: &mut Request) -> Option<String> {
    match &request.parsed_query().ok()?.operations {
        DocumentOperations::Multiple(operations) if operations.len() == 1 => operations.keys().next().map(ToString::to_string),
        DocumentOperations::Single(_) | DocumentOperations::Multiple(_) => None,
    }
}

/// The variables by which `@skip` and `@include` may leave something out, with their values.
pub(super) fn conditions(request: &mut Request) -> HashMap<Name, bool> {
    let Some(definitions) = chosen_operation(request).map(|operation| operation.variable_definitions.clone()) else {
        return HashMap::new();
    };
    let value = |definition: &VariableDefinition| match request.variables.get(&definition.name.node) {
        Some(Value::Boolean(given)) => Some(*given),
        Some(_) => None,
        None => match definition.default_value.as_ref()?.node {
            Value::Boolean(default) => Some(default),
            _ => None,
        },
    };
    definitions.iter().filter_map(|definition| Some((definition.node.name.node.clone(), value(&definition.node)?))).collect()
}

/// The answer to a subscription that is to follow anything but one field. The engine would follow several at once, and none that is
/// in a fragment.
pub(super) fn not_one(request: &mut Request, language: Language) -> Option<Response> {
    let items = &chosen_operation(request)?.selection_set.node.items;
    let directly = matches!(items.as_slice(), [only] if matches!(only.node, Selection::Field(_)));
    if directly && called(request)?.len() == 1 {
        return None;
    }
    let message = Text::new(
        "一个订阅只能有一个字段，且须直接写在操作中，不放在片段里，也不用 @skip、@include。",
        "A subscription has one field, written in the operation itself: in no fragment, and without @skip or @include.",
    );
    Some(error::refusal(Code::ValidationFailed, language, &message))
}

/// The answer to a request that calls a root field which is closed to the caller, before anything runs.
///
/// All such fields of queries are never null, so what one of them fails with makes the whole of `data` null (GraphQL, section
/// 6.4.4): the answer is the same as if the others had run.
pub(super) fn closed(request: &mut Request, root_fields: &HashSet<(String, String)>, asked: &Asked) -> Option<Response> {
    let kind = chosen_operation(request)?.ty;
    let root = match kind {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    };
    let errors: Vec<ServerError> = called(request)?
        .into_iter()
        .filter_map(|field| {
            let name = field.node.name.node.as_str();
            // What does not exist is for validation to tell.
            if !root_fields.contains(&(root.to_owned(), name.to_owned())) {
                return None;
            }
            let decision = match kind {
                OperationType::Query => root_field::query(&asked.call.viewer, name),
                OperationType::Mutation => root_field::mutation(name),
                OperationType::Subscription => root_field::subscription(&asked.call.viewer, name),
            };
            let reason = decision.err()?;
            let mut error = refusal::not_allowed(reason, asked.language).into_server_error(field.pos);
            error.path = vec![PathSegment::Field(field.node.response_key().node.to_string())];
            Some(error)
        })
        .collect();
    (!errors.is_empty()).then(|| Response::from_errors(errors))
}

/// Whether a selection is left out by `@skip` or `@include`. A condition that is none is for validation to tell.
pub(super) fn is_left_out(directives: &[Positioned<Directive>], variables: &HashMap<Name, bool>) -> bool {
    directives.iter().any(|directive| {
        let wanted = match directive.node.name.node.as_str() {
            "include" => true,
            "skip" => false,
            _ => return false,
        };
        let value = |name: Name| variables.get(&name).map(|given| Value::Boolean(*given)).ok_or(());
        let condition = directive.node.get_argument("if").and_then(|argument| argument.node.clone().into_const_with(value).ok());
        condition.is_some_and(|condition| condition == Value::Boolean(!wanted))
    })
}

/// The root fields that an operation calls, those of its fragments included; each of these once, where it is noted which were seen.
fn gather(
    document: &ExecutableDocument,
    selections: &SelectionSet,
    variables: &HashMap<Name, bool>,
    seen: &mut Option<HashSet<String>>,
    called: &mut Vec<Positioned<Field>>,
) {
    for selection in &selections.items {
        if is_left_out(selection.node.directives(), variables) {
            continue;
        }
        match &selection.node {
            Selection::Field(field) => called.push(field.clone()),
            Selection::InlineFragment(fragment) => gather(document, &fragment.node.selection_set.node, variables, seen, called),
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                if seen.as_mut().is_none_or(|seen| seen.insert(name.to_string()))
                    && let Some(fragment) = document.fragments.get(name)
                {
                    gather(document, &fragment.node.selection_set.node, variables, seen, called);
                }
            }
        }
    }
}
