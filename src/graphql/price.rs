//! What fields cost beyond the size of their answer: the statements that they run, and the tasks that they judge.
//!
//! A thousand units make a point. `cargo bench --bench price` measures the time that a point buys of every root field, and
//! `docs/PERFORMANCE.md` keeps its table. Prices are for the hundreds of tasks of a city. Where an answer looked at more than was paid for, the constants below tell what is charged afterwards.

/// What a field costs each time that it is called. In a list it is called for each row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Price {
    /// Calling it.
    pub call: u64,
    /// Selecting its `totalCount`: a statement over all rows that are visible.
    pub counted: u64,
    /// A `filter` with `text`.
    pub text: u64,
    /// A `filter` with `light`, because all tasks are judged that the rest of the filter leaves.
    pub light: u64,
    /// Each of the given `ids`.
    pub id: u64,
}

impl Price {
    const fn call(call: u64) -> Self {
        Self { call, counted: 0, text: 0, light: 0, id: 0 }
    }

    const fn counted(self, counted: u64) -> Self {
        Self { counted, ..self }
    }

    const fn text(self, text: u64) -> Self {
        Self { text, ..self }
    }

    const fn light(self, light: u64) -> Self {
        Self { light, ..self }
    }

    const fn id(self, id: u64) -> Self {
        Self { id, ..self }
    }
}

/// Judging one task, among very many.
pub const JUDGED_TASK: u64 = 60;

/// Looking at one task for what it says, among very many.
pub const READ_TASK: u64 = 10;

/// How many rows are counted for one unit.
pub const COUNTED_ROWS: u64 = 4;

/// What a field costs that is not named below: it is read with its parent, or gathered with others into one statement.
const USUAL: Price = Price::call(0);

/// The prices. Every field of `Query` has one.
const PRICES: [(&str, &str, Price); 61] = [
    ("Query", "account", Price::call(500)),
    ("Query", "accounts", Price::call(500).counted(500).text(500)),
    ("Query", "auditEvents", Price::call(500).counted(1_000)),
    ("Query", "budget", Price::call(0)),
    ("Query", "builtInRuleSets", Price::call(0)),
    ("Query", "compareTasks", Price::call(1_000).id(500)),
    ("Query", "comparison", Price::call(10_000)),
    ("Query", "compliance", Price::call(10_000)),
    ("Query", "coverage", Price::call(20_000)),
    ("Query", "indicator", Price::call(500)),
    ("Query", "indicators", Price::call(500).counted(500).text(500)),
    ("Query", "jurisdiction", Price::call(500)),
    ("Query", "jurisdictions", Price::call(500).text(500)),
    ("Query", "leaderDuties", Price::call(2_000)),
    ("Query", "ledger", Price::call(5_000).counted(4_000).light(4_000)),
    ("Query", "node", Price::call(1_000)),
    ("Query", "nodes", Price::call(1_000).id(100)),
    ("Query", "notice", Price::call(500)),
    ("Query", "notices", Price::call(1_000).counted(1_000).text(1_000)),
    ("Query", "project", Price::call(500)),
    ("Query", "projects", Price::call(1_000).counted(1_000).text(1_500)),
    ("Query", "reportGroups", Price::call(20_000)),
    ("Query", "reports", Price::call(1_000).counted(1_500)),
    ("Query", "similarTasks", Price::call(10_000)),
    ("Query", "task", Price::call(1_000)),
    ("Query", "taskGroups", Price::call(20_000).text(1_500)),
    ("Query", "tasks", Price::call(800).counted(500).text(1_500).light(20_000)),
    ("Query", "topic", Price::call(500)),
    ("Query", "topics", Price::call(500)),
    ("Query", "trend", Price::call(10_000)),
    ("Query", "unit", Price::call(500)),
    ("Query", "units", Price::call(500).counted(500).text(1_000)),
    ("Query", "viewer", Price::call(500)),
    ("Subscription", "progressEvents", Price::call(500)),
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

/// What a field of a type costs.
#[must_use]
pub fn of(kind: &str, field: &str) -> Price {
    PRICES.iter().find(|(owner, name, _)| *owner == kind && *name == field).map_or(USUAL, |(_, _, price)| *price)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::schema_index::{SchemaIndex, bottom};

    #[test]
    fn every_root_field_that_reads_has_a_price() {
        let shape = SchemaIndex::ours();
        for (of, name, _) in shape.fields().filter(|(of, _, _)| ["Query", "Subscription"].contains(&of.as_str())) {
            assert!(PRICES.iter().any(|(owner, field, _)| owner == of && field == name), "{of}.{name} has no price");
        }
    }

    #[test]
    fn every_list_that_is_counted_has_a_price_for_it() {
        for (owner, name, field) in SchemaIndex::ours().fields() {
            if bottom(&field.of).ends_with("Connection") {
                assert!(of(owner, name).counted > 0, "{owner}.{name}");
            }
        }
    }

    #[test]
    fn every_price_is_of_a_field_and_its_arguments() {
        let shape = SchemaIndex::ours();
        for (place, (owner, name, price)) in PRICES.iter().enumerate() {
            let field = shape.field(owner, name).unwrap_or_else(|| panic!("{owner} has no {name}"));
            assert!(PRICES.iter().skip(place + 1).all(|(other, another, _)| (other, another) != (owner, name)), "{owner}.{name} twice");
            assert_eq!(price.id > 0, field.arguments.contains_key("ids"), "{owner}.{name}");
            let filter = field.arguments.get("filter").and_then(|filter| shape.inputs(bottom(&filter.of)));
            for (key, priced) in [("text", price.text > 0), ("light", price.light > 0)] {
                let is_there = filter.is_some_and(|filter| filter.contains_key(key));
                // Groups judge all tasks, whatever light is asked for.
                assert!(is_there == priced || (is_there && name.ends_with("Groups")), "{owner}.{name} by {key}");
            }
        }
    }
}
