//! The number of statements that groups take does not depend on how much there is.

use entity::Role;
use serde_json::json;

use crate::{
    cases,
    support::{actor::Actor, app::App, sample},
};

cases![groups_of_one_and_of_a_hundred_cost_the_same_statements];

const FIGURES: &str = "completion sum { indicator { code } promised reason } compliance { missing }";

fn questions() -> Vec<String> {
    let tasks = ["JURISDICTION", "UNIT", "LEAD_UNIT", "TOPIC", "INDICATOR", "YEAR", "LIGHT", "STATE", "MONTH"];
    let reports = ["JURISDICTION", "UNIT", "TOPIC", "INDICATOR", "YEAR", "LIGHT", "STATE", "MONTH"];
    let keys = "key { jurisdiction { code } unit { name } topic { code } indicator { code } year light state month }";
    let of_tasks = tasks.iter().map(|by| {
        format!(
            "{{ taskGroups(by: [{by}], filter: {{ jurisdiction: [\"wide\"] }}) {{ total {{ {FIGURES} }} groups {{ {keys} {FIGURES} }} }} }}"
        )
    });
    let of_reports = reports.iter().map(|by| {
        format!("{{ reportGroups(by: [{by}], filter: {{ jurisdiction: [\"wide\"] }}) {{ groups {{ {keys} reportCount compliance {{ missing }} }} }} }}")
    });
    of_tasks.chain(of_reports).collect()
}

async fn statements(app: &App, actor: &Actor<'_>, query: &str) -> usize {
    app.statements_while(actor.data(query, json!({}))).await.0.len()
}

async fn groups_of_one_and_of_a_hundred_cost_the_same_statements(app: App) {
    let mut measured: Vec<Vec<usize>> = Vec::new();
    for width in [1, 100] {
        app.database.load_seed(&sample::wide(width)).await.expect("a wide city");
        // Somebody who is told how units report, which takes the most.
        let name = format!("office{width}");
        let office = app.actor(&name, Role::Office, "wide").await;
        // What is read once in a while has been read.
        office.data("{ viewer { actions } }", json!({})).await;
        let mut of_width = Vec::new();
        for query in questions() {
            of_width.push(statements(&app, &office, &query).await);
        }
        measured.push(of_width);
    }
    for ((one, hundred), query) in measured[0].iter().zip(&measured[1]).zip(questions()) {
        assert_eq!(one, hundred, "{query}");
        println!("{query}: {hundred} statements");
    }
}
