//! What a running service tells of its root fields, and how it answers whoever calls one that is closed to them.

use std::collections::BTreeSet;

use entity::Role;
use minsheng::access::root_field::{QUERIES, Requirement, SUBSCRIPTIONS};
use serde_json::json;

use crate::{access, cases, support::app::App};

cases![introspection_tells_what_the_policy_names, a_closed_field_is_refused_before_anything_runs];

async fn introspection_tells_what_the_policy_names(app: App) {
    let query = "{ __schema { queryType { fields { name } } mutationType { fields { name } } subscriptionType { fields { name } } } }";
    let schema = app.data(query, json!({})).await["__schema"].clone();
    let names = |root: &str| -> BTreeSet<String> {
        let fields = schema[root]["fields"].as_array().expect("fields");
        fields.iter().map(|field| field["name"].as_str().expect("a name").to_owned()).collect()
    };
    let [queries, mutations] = access::named_in_the_policy();
    assert_eq!(access::differences(&names("queryType"), &queries), Vec::<String>::new());
    assert_eq!(access::differences(&names("mutationType"), &mutations), Vec::<String>::new());
    let followed = SUBSCRIPTIONS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(access::differences(&names("subscriptionType"), &followed), Vec::<String>::new());
}

/// Every query that is not for everybody, with what a caller would ask of it.
const CLOSED: [(&str, &str); 4] = [
    ("accounts", "accounts(first: 1) { totalCount }"),
    ("auditEvents", "auditEvents(first: 1) { totalCount }"),
    ("compliance", "compliance(jurisdiction: \"yanzhou\", from: \"2024-01-01\", to: \"2024-12-31\") { total { expected } }"),
    ("leaderDuties", "leaderDuties(jurisdiction: \"yanzhou\", year: 2024) { state }"),
];

async fn a_closed_field_is_refused_before_anything_runs(app: App) {
    let closed: Vec<&str> =
        QUERIES.iter().filter(|(_, requirement)| matches!(requirement, Requirement::May(_))).map(|(name, _)| *name).collect();
    assert_eq!(closed, CLOSED.map(|(name, _)| name), "a closed query is asked for here");
    let deputy = app.actor("deputy", Role::Deputy, "yanzhou").await;
    for (name, field) in CLOSED {
        // However it is written: plainly, renamed, in a fragment, beside something that is open.
        for query in [
            format!("{{ {field} }}"),
            format!("{{ topics {{ code }} renamed: {field} }}"),
            format!("query {{ ...F }} fragment F on Query {{ {field} }}"),
            format!("{{ ... on Query {{ ... {{ {field} }} }} }}"),
        ] {
            let reply = app.post(&query, json!({})).await;
            assert!(reply.body["data"].is_null(), "{query}: {:#}", reply.body);
            assert_eq!(reply.body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{query}");
            assert_eq!(reply.body["errors"][0]["extensions"]["reason"], "SIGN_IN_FIRST", "{query}");
        }
        if name != "accounts" {
            let refused = deputy.error(&format!("{{ {field} }}"), json!({})).await;
            assert_eq!(refused["extensions"]["code"], "FORBIDDEN");
            assert_eq!(refused["extensions"]["reason"], "ROLE_MAY_NOT");
        }
    }
}
