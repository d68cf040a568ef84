//! Pages: forward, backward, stable under inserts, and honest about what was asked.

use serde_json::{Value, json};

use crate::{cases, support::app::App};

cases![
    pages_forward_and_backward_hold_every_row_once,
    pages_are_stable_under_inserts,
    nested_pages_say_whether_there_is_more,
    a_descending_order_is_the_ascending_one_reversed,
    the_total_is_counted_only_when_asked,
    bad_page_arguments_are_named,
    a_cursor_of_another_list_is_refused,
    a_filter_asks_for_no_more_than_it_may,
];

const TASKS: &str = "query($first: Int, $after: String, $last: Int, $before: String) {
  tasks(first: $first, after: $after, last: $last, before: $before) {
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { id number }
    edges { cursor node { id } }
  }
}";

fn ids(connection: &Value) -> Vec<String> {
    connection["nodes"].as_array().expect("nodes").iter().map(|node| node["id"].as_str().expect("an id").to_owned()).collect()
}

async fn all(app: &App) -> Vec<String> {
    ids(&app.data("{ tasks(first: 100) { nodes { id } } }", json!({})).await["tasks"])
}

async fn pages_forward_and_backward_hold_every_row_once(app: App) {
    let expected = all(&app).await;
    assert_eq!(expected.len(), 96);
    let (mut forward, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = app.data(TASKS, json!({ "first": 7, "after": after })).await["tasks"].clone();
        assert_eq!(page["pageInfo"]["hasPreviousPage"], !forward.is_empty());
        assert_eq!(page["edges"][0]["cursor"], page["pageInfo"]["startCursor"]);
        forward.extend(ids(&page));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(forward, expected);
    let (mut backward, mut before): (Vec<String>, Value) = (Vec::new(), Value::Null);
    loop {
        let page = app.data(TASKS, json!({ "last": 7, "before": before })).await["tasks"].clone();
        assert_eq!(page["pageInfo"]["hasNextPage"], !backward.is_empty());
        backward.splice(0..0, ids(&page));
        before = page["pageInfo"]["startCursor"].clone();
        if page["pageInfo"]["hasPreviousPage"] == false {
            break;
        }
    }
    assert_eq!(backward, expected);
    // Between two cursors there are only the rows between them.
    let edges = app.data(TASKS, json!({ "first": 10 })).await["tasks"]["edges"].clone();
    let between = app.data(TASKS, json!({ "first": 100, "after": edges[1]["cursor"], "before": edges[6]["cursor"] })).await;
    assert_eq!(ids(&between["tasks"]), expected[2..6]);
    for variables in [
        json!({ "first": 100, "after": edges[1]["cursor"], "before": edges[6]["cursor"] }),
        json!({ "last": 100, "after": edges[1]["cursor"], "before": edges[6]["cursor"] }),
    ] {
        let info = app.data(TASKS, variables).await["tasks"]["pageInfo"].clone();
        assert_eq!([&info["hasPreviousPage"], &info["hasNextPage"]], [true, true], "rows lie beyond both cursors");
    }
}

async fn pages_are_stable_under_inserts(app: App) {
    let before = all(&app).await;
    let first = app.data(TASKS, json!({ "first": 40 })).await["tasks"].clone();
    // A notice that is ordered before the page that was read.
    app.database.load_seed(&crate::support::sample::wide(1)).await.expect("a second city");
    app.execute("UPDATE jurisdiction SET position = -1 WHERE code IN ('wide', 'wide-1')").await.expect("moved to the front");
    let rest = app.data(TASKS, json!({ "first": 100, "after": first["pageInfo"]["endCursor"] })).await["tasks"].clone();
    assert_eq!([ids(&first), ids(&rest)].concat(), before);
}

async fn nested_pages_say_whether_there_is_more(app: App) {
    let query = "query($first: Int, $after: String, $last: Int, $before: String) {
      jurisdiction(code: \"jining\") {
        units(first: $first, after: $after, last: $last, before: $before) {
          totalCount
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
          nodes { id name }
        }
      }
    }";
    let page = async |variables| app.data(query, variables).await["jurisdiction"]["units"].clone();
    let whole = page(json!({ "first": 100 })).await;
    let names = ids(&whole);
    assert_eq!(whole["totalCount"], names.len());
    assert!(names.len() > 20 && names.len() < 100);
    let first = page(json!({ "first": 5 })).await;
    assert_eq!(ids(&first), names[..5]);
    assert_eq!([&first["pageInfo"]["hasPreviousPage"], &first["pageInfo"]["hasNextPage"]], [false, true]);
    let second = page(json!({ "first": 5, "after": first["pageInfo"]["endCursor"] })).await;
    assert_eq!(ids(&second), names[5..10]);
    assert_eq!([&second["pageInfo"]["hasPreviousPage"], &second["pageInfo"]["hasNextPage"]], [true, true]);
    assert_eq!(second["totalCount"], names.len());
    let last = page(json!({ "last": 3 })).await;
    assert_eq!(ids(&last), names[names.len() - 3..]);
    assert_eq!([&last["pageInfo"]["hasPreviousPage"], &last["pageInfo"]["hasNextPage"]], [true, false]);
    let back = page(json!({ "last": 5, "before": second["pageInfo"]["startCursor"] })).await;
    assert_eq!(ids(&back), names[..5]);
    assert_eq!([&back["pageInfo"]["hasPreviousPage"], &back["pageInfo"]["hasNextPage"]], [false, true]);
}

async fn a_descending_order_is_the_ascending_one_reversed(app: App) {
    for (list, field) in [
        ("tasks", "NOTICE_NUMBER"),
        ("tasks", "YEAR"),
        ("projects", "NOTICE_NUMBER"),
        ("projects", "YEAR"),
        ("notices", "JURISDICTION"),
        ("notices", "YEAR"),
    ] {
        let ordered = async |direction: &str| {
            let query = format!("{{ {list}(first: 100, orderBy: {{ field: {field}, direction: {direction} }}) {{ nodes {{ id }} }} }}");
            ids(&app.data(&query, json!({})).await[list])
        };
        let mut descending = ordered("DESC").await;
        descending.reverse();
        assert_eq!(ordered("ASC").await, descending, "{list} by {field}");
        assert!(descending.len() >= 5);
    }
}

async fn the_total_is_counted_only_when_asked(app: App) {
    let with = app.statements_of("{ tasks(first: 1) { totalCount nodes { id } } }", json!({})).await;
    let without = app.statements_of("{ tasks(first: 1) { nodes { id } } }", json!({})).await;
    assert_eq!((with.len(), without.len()), (2, 1), "{with:#?}\n{without:#?}");
    let fragment = "{ tasks(first: 1) { ...Total } } fragment Total on TaskConnection { total: totalCount }";
    assert_eq!(app.data(fragment, json!({})).await["tasks"]["total"], 96);
}

async fn bad_page_arguments_are_named(app: App) {
    for (variables, argument) in [
        (json!({ "first": 101 }), "first"),
        (json!({ "first": 0 }), "first"),
        (json!({ "first": -1 }), "first"),
        (json!({ "last": 101 }), "last"),
        (json!({ "last": 0 }), "last"),
        (json!({ "first": 1, "last": 1 }), "last"),
        (json!({ "first": 1, "after": "nonsense" }), "after"),
        (json!({ "first": 1, "after": "" }), "after"),
        (json!({ "last": 1, "before": "bm9uc2Vuc2U" }), "before"),
    ] {
        let error = app.error(TASKS, variables.clone()).await;
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{variables}");
        assert_eq!(error["extensions"]["argument"], argument, "{variables}");
        assert_eq!(error["path"], json!(["tasks"]), "{variables}");
    }
    let english = app.post_with(TASKS, json!({ "first": 101 }), &[("accept-language", "en")]).await;
    assert_eq!(english.body["errors"][0]["message"], "A page has 1 to 100 rows, not 101. Page on with cursors for more.");
    assert_eq!(english.headers["content-language"], "en");
}

async fn a_filter_asks_for_no_more_than_it_may(app: App) {
    let many = |value: Value| json!({ "value": vec![value; 101] });
    for (query, variables, argument) in [
        ("query($value: [Int!]) { tasks(filter: { year: $value }) { nodes { id } } }", many(json!(2024)), "filter.year"),
        ("query($value: [String!]) { tasks(filter: { topic: $value }) { nodes { id } } }", many(json!("x")), "filter.topic"),
        ("query($value: [String!]) { tasks(filter: { indicator: $value }) { nodes { id } } }", many(json!("x")), "filter.indicator"),
        ("query($value: [String!]) { units(filter: { jurisdiction: $value }) { nodes { id } } }", many(json!("x")), "filter.jurisdiction"),
        ("query($value: [String!]) { jurisdictions(filter: { within: $value }) { id } }", many(json!("x")), "filter.within"),
        ("query($value: String) { tasks(filter: { text: $value }) { nodes { id } } }", json!({ "value": "字".repeat(101) }), "filter.text"),
        (
            "query($value: String) { notices(filter: { text: $value }) { nodes { id } } }",
            json!({ "value": "字".repeat(101) }),
            "filter.text",
        ),
        (
            "query($value: AssignmentRole) { tasks(filter: { unitRole: $value }) { nodes { id } } }",
            json!({ "value": "LEAD" }),
            "filter.unitRole",
        ),
    ] {
        let error = app.error(query, variables).await;
        assert_eq!([&error["extensions"]["code"], &error["extensions"]["argument"]], ["BAD_USER_INPUT", argument]);
    }
    let repeated = json!({ "codes": vec!["jining"; 100] });
    let query = "query($codes: [String!]) { tasks(filter: { jurisdiction: $codes }, first: 1) { totalCount } }";
    assert_eq!(app.data(query, repeated).await["tasks"]["totalCount"], 96);
}

async fn a_cursor_of_another_list_is_refused(app: App) {
    let cursor = async |list: &str| {
        let query = format!("{{ {list} {{ pageInfo {{ endCursor }} }} }}");
        let name = list.split('(').next().expect("a name");
        app.data(&query, json!({})).await[name]["pageInfo"]["endCursor"].clone()
    };
    for foreign in [
        "units(first: 1)",
        "notices(first: 1)",
        "projects(first: 1)",
        "tasks(first: 1, orderBy: { field: YEAR })",
        "tasks(first: 1, orderBy: { field: NOTICE_NUMBER, direction: DESC })",
    ] {
        let after = cursor(foreign).await;
        let error = app.error(TASKS, json!({ "first": 1, "after": after })).await;
        assert_eq!([&error["extensions"]["code"], &error["extensions"]["argument"]], ["BAD_USER_INPUT", "after"], "{foreign}");
    }
}
