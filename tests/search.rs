//! Text search: any substring of Chinese, in any spelling that counts as the same, and nothing else.

use serde_json::{Value, json};

use crate::{cases, support::app::App};

cases![
    any_substring_of_any_searched_field_finds_its_task,
    spelling_does_not_matter,
    wildcards_and_quotes_are_ordinary_characters,
    other_lists_are_searched_too,
    the_index_is_used,
];

async fn count(app: &App, text: &str) -> i64 {
    let query = "query($text: String!) { tasks(filter: { text: $text }, first: 1) { totalCount } }";
    app.data(query, json!({ "text": text })).await["tasks"]["totalCount"].as_i64().expect("a count")
}

async fn any_substring_of_any_searched_field_finds_its_task(app: App) {
    let query = "{ task(jurisdiction: \"taibai-lake\", year: 2024, number: 4) {
      id title summary project { title } targets { label } assignments { unit { name } }
    } }";
    let task = app.data(query, json!({})).await["task"].clone();
    let mut fields = vec![&task["title"], &task["summary"], &task["project"]["title"]];
    fields.extend(task["targets"].as_array().expect("targets").iter().map(|target| &target["label"]));
    fields.extend(task["assignments"].as_array().expect("assignments").iter().map(|assignment| &assignment["unit"]["name"]));
    let find = "query($text: String!) { tasks(filter: { text: $text }, first: 100) { nodes { id } } }";
    for field in fields {
        let characters: Vec<char> = field.as_str().expect("a text").chars().collect();
        for length in [1, 2, 3, 7, characters.len()] {
            for window in characters.windows(length.min(characters.len())).step_by(3) {
                let text: String = window.iter().collect();
                let nodes = app.data(find, json!({ "text": text })).await["tasks"]["nodes"].clone();
                assert!(nodes.as_array().expect("nodes").iter().any(|node: &Value| node["id"] == task["id"]), "{text:?}");
            }
        }
    }
}

async fn spelling_does_not_matter(app: App) {
    let expected = count(&app, "DNA").await;
    assert_ne!(expected, 0);
    for text in ["dna", "ＤＮＡ", " D N A ", "ｄｎａ"] {
        assert_eq!(count(&app, text).await, expected, "{text}");
    }
    assert_eq!(count(&app, "老 年 人\u{3000}食堂").await, count(&app, "老年人食堂").await);
    assert_eq!(count(&app, "  ").await, 96);
}

/// What a reader with a pencil would find: tasks one of whose fields contains the text.
async fn counted_by_hand(app: &App, text: &str) -> i64 {
    let query =
        "{ tasks(first: 100) { nodes { title summary project { title } targets { label } assignments { unit { name aliases } } } } }";
    let tasks = app.data(query, json!({})).await["tasks"]["nodes"].clone();
    let found = tasks.as_array().expect("tasks").iter().filter(|task| texts(task).iter().any(|field| field.contains(text)));
    i64::try_from(found.count()).expect("a number")
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

async fn wildcards_and_quotes_are_ordinary_characters(app: App) {
    for text in ["%", "_", "托%位", "托_位", "'", "\"", "' OR 1=1 --", "*", "\" OR \"", "NEAR(", "\\", "🀄", "“", "、", "托", "托育", "）"]
    {
        assert_eq!(count(&app, text).await, counted_by_hand(&app, text).await, "{text:?}");
    }
    assert_ne!(count(&app, "%").await, 0, "a title has a percentage");
    assert_eq!(count(&app, "托\u{0}育").await, count(&app, "托育").await, "what no text can hold is no part of a text");
}

async fn other_lists_are_searched_too(app: App) {
    let data = app
        .data(
            "{
              units(filter: { text: \"财政\" }, first: 100) { nodes { name } }
              byAlias: units(filter: { text: \"石桥镇人民\" }) { nodes { name } }
              notices(filter: { text: \"〔2024〕\" }) { totalCount }
              projects(filter: { text: \"食品安全\" }) { nodes { title } }
              indicators(filter: { text: \"childcare places\" }) { nodes { code } }
              jurisdictions(filter: { text: \"高新\" }) { code }
            }",
            json!({}),
        )
        .await;
    assert!(data["units"]["nodes"].as_array().expect("units").len() >= 4);
    assert_eq!(data["byAlias"]["nodes"], json!([{ "name": "石桥镇政府" }]));
    assert_eq!(data["notices"]["totalCount"], 2);
    assert_eq!(data["projects"]["nodes"], json!([{ "title": "食品安全" }]));
    assert_eq!(data["indicators"]["nodes"][0]["code"], "childcare-places-added");
    assert_eq!(data["jurisdictions"], json!([{ "code": "jining-high-tech" }]));
}

async fn the_index_is_used(app: App) {
    use sea_orm::{ConnectionTrait as _, DatabaseBackend, Statement};
    let backend = app.raw.get_database_backend();
    let explain = if backend == DatabaseBackend::Sqlite {
        "EXPLAIN QUERY PLAN SELECT subject_id FROM search_entry
         WHERE rowid_alias IN (SELECT rowid FROM search_gram WHERE search_gram MATCH '6258x80b2')"
    } else {
        // With a hundred rows a scan is cheaper, which is not the question here.
        app.execute("SET enable_seqscan = off").await.expect("a setting");
        "EXPLAIN SELECT subject_id FROM search_entry WHERE string_to_array(grams, ' ') @> string_to_array('6258x80b2', ' ')"
    };
    let plan = app.raw.query_all_raw(Statement::from_string(backend, explain)).await.expect("a plan");
    let column = if backend == DatabaseBackend::Sqlite { "detail" } else { "QUERY PLAN" };
    let plan: Vec<String> = plan.iter().map(|row| row.try_get("", column).expect("a line")).collect();
    let used = if backend == DatabaseBackend::Sqlite { "VIRTUAL TABLE INDEX" } else { "search_entry_grams_index" };
    assert!(plan.iter().any(|line| line.contains(used)), "{plan:#?}");
    if backend == DatabaseBackend::Sqlite {
        assert!(!plan.iter().any(|line| line.starts_with("SCAN search_entry")), "{plan:#?}");
    }
}
