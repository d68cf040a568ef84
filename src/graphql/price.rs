//! What fields and changes cost beyond the size of their answer: the statements that they run, and the tasks that they judge.
//!
//! A thousand units make a point. `cargo bench --bench price` measures the time that a point buys of every root field, and
//! `docs/PERFORMANCE.md` keeps its table. Prices are for the hundreds of tasks of a city. Where an answer looked at more than was paid for, the constants below tell what is charged afterwards.

use endpoint::product::{Costs, Price};

use super::analysis::group::MOST_GROUPS;
use crate::domain::page::DEFAULT_SIZE;

/// Judging one task, among very many.
pub const JUDGED_TASK: u64 = 60;

/// Looking at one task for what it says, among very many.
pub const READ_TASK: u64 = 10;

/// How many rows are counted for one unit.
pub const COUNTED_ROWS: u64 = 4;

/// The prices. Every field of `Query` has one.
const PRICES: [(&str, &str, Price); 61] = [
    ("Query", "account", Price::call(500)),
    ("Query", "accounts", Price::call(500).counted(500).filtered(&[("text", 500)])),
    ("Query", "auditEvents", Price::call(500).counted(1_000)),
    ("Query", "budget", Price::call(0)),
    ("Query", "builtInRuleSets", Price::call(0)),
    ("Query", "compareTasks", Price::call(1_000).id(500)),
    ("Query", "comparison", Price::call(10_000)),
    ("Query", "compliance", Price::call(10_000)),
    ("Query", "coverage", Price::call(20_000)),
    ("Query", "indicator", Price::call(500)),
    ("Query", "indicators", Price::call(500).counted(500).filtered(&[("text", 500)])),
    ("Query", "jurisdiction", Price::call(500)),
    ("Query", "jurisdictions", Price::call(500).filtered(&[("text", 500)])),
    ("Query", "leaderDuties", Price::call(2_000)),
    ("Query", "ledger", Price::call(5_000).counted(4_000).filtered(&[("light", 4_000)])),
    ("Query", "node", Price::call(1_000)),
    ("Query", "nodes", Price::call(1_000).id(100)),
    ("Query", "notice", Price::call(500)),
    ("Query", "notices", Price::call(1_000).counted(1_000).filtered(&[("text", 1_000)])),
    ("Query", "project", Price::call(1_000)),
    ("Query", "projects", Price::call(1_000).counted(1_000).filtered(&[("text", 1_500)])),
    ("Query", "reportGroups", Price::call(20_000)),
    ("Query", "reports", Price::call(1_000).counted(1_500)),
    ("Query", "similarTasks", Price::call(10_000)),
    ("Query", "task", Price::call(2_000)),
    ("Query", "taskGroups", Price::call(20_000).filtered(&[("text", 1_500)])),
    ("Query", "tasks", Price::call(800).counted(500).filtered(&[("text", 1_500), ("light", 20_000)])),
    ("Query", "topic", Price::call(500)),
    ("Query", "topics", Price::call(500)),
    ("Query", "trend", Price::call(10_000)),
    ("Query", "unit", Price::call(500)),
    ("Query", "units", Price::call(500).counted(500).filtered(&[("text", 1_000)])),
    ("Query", "viewer", Price::call(500)),
    ("Subscription", "progressEvents", Price::call(1_500)),
    ("Indicator", "targets", Price::call(200).counted(300)),
    ("Jurisdiction", "notices", Price::call(50).counted(50)),
    ("Jurisdiction", "units", Price::call(100).counted(200)),
    ("LedgerConnection", "summary", Price::call(4_000)),
    ("LedgerEntry", "latestReport", Price::call(20)),
    ("LedgerEntry", "openBlockers", Price::call(20)),
    ("LedgerSummary", "compliance", Price::call(2_000)),
    ("ProgressEvent", "light", Price::call(50)),
    ("ReportFigures", "compliance", Price::call(10_000)),
    ("ReportGroup", "compliance", Price::call(50)),
    ("Target", "breakdown", Price::call(100)),
    ("Task", "completion", Price::call(250)),
    ("Task", "light", Price::call(250)),
    ("Task", "openBlockers", Price::call(20)),
    ("Task", "reports", Price::call(50).counted(50)),
    ("Task", "standing", Price::call(200)),
    ("Task", "state", Price::call(250)),
    ("TaskFigures", "compliance", Price::call(10_000)),
    ("TaskGroup", "compliance", Price::call(50)),
    ("Topic", "indicators", Price::call(50).counted(50)),
    ("Topic", "tasks", Price::call(100).counted(100)),
    ("Unit", "assignments", Price::call(300).counted(300)),
    ("Unit", "issuedNotices", Price::call(50).counted(50)),
    ("Unit", "supervisedNotices", Price::call(50).counted(50)),
    ("Viewer", "dueReports", Price::call(3_000)),
    ("Viewer", "returnedReports", Price::call(1_000)),
    ("Viewer", "sessions", Price::call(500)),
];

/// How long lists that are no connections usually are, where they are longer or shorter than ten.
const LENGTHS: [(&str, &str, u64); 42] = [
    ("Breakdown", "parts", 12),
    ("Comparison", "absent", 20),
    ("Comparison", "rows", 20),
    ("ComparisonRow", "targets", 2),
    ("ComparisonRow", "tasks", 2),
    ("ComplianceReport", "units", 50),
    ("Coverage", "indicators", 100),
    ("Coverage", "rows", 20),
    ("Coverage", "topics", 20),
    ("CoverageRow", "cells", 20),
    ("CoverageRow", "indicatorCells", 100),
    ("Jurisdiction", "children", 20),
    ("LedgerSummary", "lights", 4),
    ("Notice", "projects", 20),
    ("Notice", "reportingDuties", 5),
    ("Project", "tasks", 3),
    ("Query", "builtInRuleSets", 5),
    ("Query", "jurisdictions", 50),
    ("Query", "leaderDuties", 50),
    ("Query", "topics", 20),
    ("ReportFigures", "states", 4),
    ("ReportGroup", "states", 4),
    ("ReportGroups", "groups", 50),
    ("RuleSet", "bands", 4),
    ("SimilarTask", "sharedIndicators", 2),
    ("SimilarTask", "sharedTopics", 2),
    ("Target", "parts", 2),
    ("Task", "assignments", 5),
    ("Task", "leadUnits", 1),
    ("Task", "supportingUnits", 4),
    ("Task", "targets", 3),
    ("Task", "topics", 2),
    ("TaskFigures", "lights", 5),
    ("TaskGroup", "lights", 5),
    ("TaskGroups", "groups", 50),
    ("TaskState", "targets", 3),
    ("Trend", "years", 3),
    ("TrendYear", "points", 12),
    ("Unit", "memberOf", 1),
    ("Unit", "members", 10),
    ("Viewer", "dueReports", 50),
    ("Viewer", "sessions", 5),
];

/// Signing in and renewing a session. Whole offices do it at the same hour from one address.
const SESSION: u64 = 10;

/// Any other change. Each takes the turn of the only writer, and leaves an audit event for ever.
const CHANGE: u64 = 20;

/// The points of one change.
fn of_change(field: &str) -> u64 {
    match field {
        "signIn" | "refreshSession" => SESSION,
        _ => CHANGE,
    }
}

/// What all fields cost.
pub const COSTS: Costs = Costs { page: DEFAULT_SIZE, most_groups: MOST_GROUPS, lengths: &LENGTHS, prices: &PRICES, change: of_change };

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use async_graphql::Variables;
    use endpoint::{Complexity, Limits, SchemaIndex, bottom, estimate, is_list};
    use serde_json::json;

    use super::*;

    static SCHEMA: LazyLock<SchemaIndex> = LazyLock::new(|| SchemaIndex::of(&crate::graphql::sdl()));

    #[test]
    fn every_root_field_that_reads_has_a_price() {
        for (of, name, _) in SCHEMA.fields().filter(|(of, _, _)| ["Query", "Subscription"].contains(&of.as_str())) {
            assert!(PRICES.iter().any(|(owner, field, _)| owner == of && field == name), "{of}.{name} has no price");
        }
    }

    #[test]
    fn every_list_that_is_counted_has_a_price_for_it() {
        for (owner, name, field) in SCHEMA.fields() {
            if bottom(&field.of).ends_with("Connection") {
                assert!(COSTS.price(owner, name).counted > 0, "{owner}.{name}");
            }
        }
    }

    #[test]
    fn every_price_is_of_a_field_and_its_arguments() {
        for (place, (owner, name, price)) in PRICES.iter().enumerate() {
            let field = SCHEMA.field(owner, name).unwrap_or_else(|| panic!("{owner} has no {name}"));
            assert!(PRICES.iter().skip(place + 1).all(|(other, another, _)| (other, another) != (owner, name)), "{owner}.{name} twice");
            assert_eq!(price.id > 0, field.arguments.contains_key("ids"), "{owner}.{name}");
            let filter = field.arguments.get("filter").and_then(|filter| SCHEMA.inputs(bottom(&filter.of)));
            for key in ["text", "light"] {
                let is_priced = price.filters.iter().any(|(filter, units)| *filter == key && *units > 0);
                let is_there = filter.is_some_and(|filter| filter.contains_key(key));
                // Groups judge all tasks, whatever light is asked for.
                assert!(is_there == is_priced || (is_there && name.ends_with("Groups")), "{owner}.{name} by {key}");
            }
        }
    }

    #[test]
    fn every_length_is_of_a_plain_list() {
        for (of, name, _) in LENGTHS {
            let field = SCHEMA.field(of, name).unwrap_or_else(|| panic!("{of} has no {name}"));
            assert!(is_list(&field.of) && !field.arguments.contains_key("first"), "{of}.{name}");
        }
    }

    /// What takes `first` is a connection or a list, and counts with it.
    #[test]
    fn every_page_is_of_a_connection_or_a_list() {
        let mut pages = 0;
        for (of, name, field) in SCHEMA.fields() {
            let is_page = field.arguments.contains_key("first");
            let is_connection = bottom(&field.of).ends_with("Connection");
            assert!(is_page || !is_connection, "{of}.{name}");
            assert!(!is_page || is_connection || is_list(&field.of), "{of}.{name}");
            pages += usize::from(is_page);
        }
        assert!(pages > 10);
    }

    #[test]
    fn what_front_ends_ask_for_is_far_from_the_limit() {
        let most = u64::from(Limits::default().complexity);
        for (query, variables) in [
            (include_str!("../../tests/contract/01-overview.graphql"), json!({})),
            (include_str!("../../tests/contract/02-notice-table.graphql"), json!({})),
            (include_str!("../../tests/contract/05-find-tasks.graphql"), json!({ "first": 100 })),
            (include_str!("../../tests/contract/07-my-work.graphql"), json!({})),
            (include_str!("../../tests/contract/10-ledger.graphql"), json!({})),
            (include_str!("../../tests/contract/12-compliance.graphql"), json!({})),
        ] {
            let estimated = estimate(&SCHEMA, &COSTS, query, &Variables::from_json(variables)).expect("a document");
            let Complexity { ours, introspection, .. } = estimated;
            assert!(ours > 20 && ours < most / 20 && introspection == 0, "{ours} {query}");
        }
    }
}
