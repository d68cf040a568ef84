//! The root fields, who may call them, and that the policy names every one.

use std::{collections::BTreeSet, fmt::Write as _};

use async_graphql_parser::{
    parse_schema,
    types::{TypeKind, TypeSystemDefinition},
};
use entity::{Action, Role, SessionId};
use minsheng::access::{
    policy,
    root_field::{MUTATIONS, OPEN_MUTATIONS, QUERIES, Requirement, SUBSCRIPTIONS},
    viewer::{Credential, Viewer},
};
use sea_orm::Iterable as _;

use super::{compare_section, places::Places, word};

/// The root fields of one operation as the schema defines them, with their descriptions.
fn fields_of(root: &str) -> Vec<(String, String)> {
    let document = parse_schema(minsheng::graphql::sdl()).expect("the schema parses");
    let mut found = Vec::new();
    for definition in document.definitions {
        if let TypeSystemDefinition::Type(definition) = definition
            && definition.node.name.node == root
            && let TypeKind::Object(object) = definition.node.kind
        {
            for field in object.fields {
                let description = field.node.description.map(|description| description.node).unwrap_or_default();
                // Its two paragraphs, in a cell of a table.
                found.push((field.node.name.node.to_string(), description.replace("\n\n", " ")));
            }
        }
    }
    found
}

/// What one of two sets of names has and the other has not, in words that say what to do.
pub fn differences(schema: &BTreeSet<String>, policy: &BTreeSet<String>) -> Vec<String> {
    let closed =
        schema.difference(policy).map(|name| format!("`{name}` is in the schema and not in access::root_field: say who may call it"));
    let stale = policy.difference(schema).map(|name| format!("`{name}` is in access::root_field and not in the schema: remove it"));
    closed.chain(stale).collect()
}

/// The names that the policy knows, of queries and of mutations.
pub fn named_in_the_policy() -> [BTreeSet<String>; 2] {
    [QUERIES.iter().map(|(name, _)| (*name).to_owned()).collect(), MUTATIONS.iter().map(|(name, _)| (*name).to_owned()).collect()]
}

pub fn every_root_field_is_named_in_the_policy() {
    let [queries, mutations] = named_in_the_policy();
    for (root, named) in [("Query", &queries), ("Mutation", &mutations)] {
        let schema: BTreeSet<String> = fields_of(root).into_iter().map(|(name, _)| name).collect();
        assert!(schema.len() > 10, "{root} was read");
        assert_eq!(differences(&schema, named), Vec::<String>::new(), "{root}");
    }
    let followed: BTreeSet<String> = SUBSCRIPTIONS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let schema: BTreeSet<String> = fields_of("Subscription").into_iter().map(|(name, _)| name).collect();
    assert_eq!(differences(&schema, &followed), Vec::<String>::new(), "Subscription");
    assert_eq!((queries.len(), mutations.len()), (QUERIES.len(), MUTATIONS.len()), "a name stands twice");
    for (name, requirement) in QUERIES.into_iter().chain(SUBSCRIPTIONS) {
        if let Requirement::Anybody(reason) = requirement {
            assert!(reason.split_whitespace().count() > 2, "`{name}` is open to anybody: say why");
        }
    }
}

pub fn a_root_field_that_nobody_has_opened_is_noticed() {
    let [mut policy, _] = named_in_the_policy();
    let schema = policy.clone();
    assert!(differences(&schema, &policy).is_empty());
    policy.remove("auditEvents");
    policy.insert("formerly".to_owned());
    let noticed = differences(&schema, &policy);
    assert_eq!(noticed.len(), 2, "{noticed:?}");
    assert!(noticed[0].contains("`auditEvents`") && noticed[1].contains("`formerly`"), "{noticed:?}");
}

/// Who may do an action to something at least, in both languages.
fn who(action: Action) -> String {
    let places = Places::new();
    let may = |viewer: &Viewer| policy::general(viewer, action).is_ok();
    if may(&Viewer::Public) {
        return "任何人 anybody".to_owned();
    }
    let roles: Vec<Role> = Role::iter()
        .filter(|role| may(&places.account(*role, places.district, false, Credential::Session(SessionId::generate()))))
        .collect();
    if roles.len() == Role::iter().count() {
        return "已登录 whoever is signed in".to_owned();
    }
    let named = roles.into_iter().map(|role| match role {
        Role::Unit => "单位 unit",
        Role::Office => "督查室 office",
        Role::Leader => "领导 leader",
        Role::Deputy => "代表 deputy",
        Role::Admin => "管理员 admin",
    });
    named.collect::<Vec<_>>().join("、")
}

/// Who may call a field, and by which rule.
fn asked_by(requirement: Requirement) -> (String, String) {
    match requirement {
        Requirement::Anybody(reason) => ("任何人 anybody".to_owned(), reason.to_owned()),
        Requirement::May(action) => (who(action), format!("`{}`", word(action))),
    }
}

fn root_fields() -> String {
    let mut text = String::new();
    let head = "| 字段 field | 谁可调用 who may call it | 依据 by which rule | 说明 description |\n|---|---|---|---|";
    let description = |fields: &[(String, String)], name: &str| {
        let found = fields.iter().find(|(field, _)| field == name);
        found.map(|(_, description)| description.clone()).unwrap_or_default()
    };
    let queries = fields_of("Query");
    write!(text, "\n### 查询 · Queries\n\n{head}\n").unwrap();
    for (name, requirement) in QUERIES {
        let (who, rule) = asked_by(requirement);
        writeln!(text, "| `{name}` | {who} | {rule} | {} |", description(&queries, name)).unwrap();
    }
    let mutations = fields_of("Mutation");
    write!(text, "\n### 修改 · Mutations\n\n{head}\n").unwrap();
    for (name, action) in MUTATIONS {
        writeln!(text, "| `{name}` | {} | `{}` | {} |", who(action), word(action), description(&mutations, name)).unwrap();
    }
    let subscriptions = fields_of("Subscription");
    write!(text, "\n### 订阅 · Subscriptions\n\n{head}\n").unwrap();
    for (name, requirement) in SUBSCRIPTIONS {
        let (who, rule) = asked_by(requirement);
        writeln!(text, "| `{name}` | {who} | {rule} | {} |", description(&subscriptions, name)).unwrap();
    }
    text.push('\n');
    text
}

pub fn the_docs_show_who_may_call_what() {
    compare_section("root fields", &root_fields());
}

pub fn a_field_that_is_not_for_everybody_says_what_it_needs() {
    let public = |action| policy::general(&Viewer::Public, action).is_ok();
    let mut checked = 0;
    let mut check = |fields: &[(String, String)], name: &str, open: bool| {
        let (_, description) = fields.iter().find(|(field, _)| field == name).expect("a field");
        let says_so = description.contains("需要") && description.contains("Needs");
        assert_eq!(says_so, !open, "`{name}`: {description}");
        checked += 1;
    };
    let queries = fields_of("Query");
    for (name, requirement) in QUERIES {
        let open = match requirement {
            Requirement::Anybody(_) => true,
            Requirement::May(action) => public(action),
        };
        check(&queries, name, open);
    }
    let mutations = fields_of("Mutation");
    for (name, action) in MUTATIONS {
        let open = public(action);
        check(&mutations, name, open);
        // What is done without being signed in says that it is.
        let (_, description) = mutations.iter().find(|(field, _)| field == name).expect("a field");
        assert_eq!(description.contains("任何人") && description.contains("anybody"), open, "`{name}`: {description}");
    }
    assert_eq!(checked, QUERIES.len() + MUTATIONS.len());
}

pub fn a_change_that_is_open_to_anybody_has_a_reason() {
    let open: Vec<&str> =
        MUTATIONS.into_iter().filter(|(_, action)| policy::general(&Viewer::Public, *action).is_ok()).map(|(name, _)| name).collect();
    assert_eq!(open, OPEN_MUTATIONS.map(|(name, _)| name));
    assert!(OPEN_MUTATIONS.iter().all(|(_, reason)| reason.len() > 10));
}
