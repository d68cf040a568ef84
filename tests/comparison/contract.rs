//! The operations of dashboards and city offices, as they send them, on the five real notices.

use serde_json::{Value, json};

use crate::{
    cases,
    support::{app::App, sample},
};

pub const COMPARE: &str = include_str!("../contract/03-compare.graphql");
pub const COVERAGE: &str = include_str!("../contract/04-coverage.graphql");

cases![
    childcare_places_are_compared,
    canteens_are_compared,
    figures_are_shared_among_residents,
    a_scope_narrows_rows_and_absences,
    what_cannot_be_asked_is_told,
    the_map_shows_who_does_what,
    hidden_notices_are_in_no_number,
    a_hundred_jurisdictions_cost_the_same_statements,
];

fn rows(comparison: &Value, fields: &[&str]) -> Value {
    let rows = comparison["rows"].as_array().expect("rows").iter();
    rows.map(|row| fields.iter().map(|field| row.pointer(field).cloned().unwrap_or_default()).collect::<Value>()).collect()
}

async fn compare(app: &App, variables: Value) -> Value {
    app.data(COMPARE, variables).await["comparison"].clone()
}

async fn childcare_places_are_compared(app: App) {
    let comparison = compare(&app, json!({ "indicator": "childcare-places-added" })).await;
    assert_eq!(comparison["indicator"]["topic"]["code"], "childcare");
    assert_eq!([&comparison["indicator"]["kind"], &comparison["indicator"]["aggregation"]], ["INCREMENT", "SUM"]);
    let told = rows(&comparison, &["/jurisdiction/code", "/year", "/comparator", "/target", "/changeFromPreviousYear"]);
    let expected = json!([
        ["jining", 2022, "AT_LEAST", "10000", null],
        ["yanzhou", 2023, "EXACTLY", "581", null],
        ["yanzhou", 2024, "EXACTLY", "576", "-5"],
        ["jining-etdz", 2023, "EXACTLY", "162", null],
    ]);
    assert_eq!(told, expected);
    // Nothing was reported, so nobody knows how much is done, and nobody has a place. The city has no notice of 2023 to share in.
    let told = rows(&comparison, &["/achieved", "/completion", "/rank", "/shareOfParentTarget", "/light"]);
    // Where reports are due and missing the light is red; Yanzhou's letter asks for none.
    let expected = ["RED", "GREY", "GREY", "RED"].map(|light| json!([null, null, null, null, light]));
    assert_eq!(told, json!(expected));
    let task = &comparison["rows"][2]["tasks"][0];
    assert_eq!([&task["title"], &task["notice"]["documentNumber"]], ["托育服务扩容增位", "济兖政发〔2024〕2号"]);
    assert_eq!(task["leadUnits"], json!([{ "name": "区卫生健康局" }]));
    // 537 places in all are a level, and 500 classes no places: neither is a row.
    let absent: Vec<(i64, &str)> = comparison["absent"]
        .as_array()
        .expect("absent")
        .iter()
        .map(|absence| (absence["year"].as_i64().expect("a year"), absence["jurisdiction"]["code"].as_str().expect("a code")))
        .collect();
    assert_eq!(absent.len(), 3 * 16 - 4, "three years of sixteen jurisdictions, less those that have it");
    assert!(absent.contains(&(2024, "taibai-lake")) && absent.contains(&(2023, "jining")) && !absent.contains(&(2023, "yanzhou")));
}

async fn canteens_are_compared(app: App) {
    let comparison = compare(&app, json!({ "indicator": "elder-canteens" })).await;
    assert_eq!(
        rows(&comparison, &["/jurisdiction/code", "/year", "/target"]),
        json!([["jining", 2022, "100"], ["taibai-lake", 2024, "3"]])
    );
    // A day in the past knows nothing of what was promised later.
    let before =
        app.data("{ comparison(indicator: \"elder-canteens\", on: \"2023-06-30\") { rows { year } absent { year } } }", json!({})).await;
    assert_eq!(before["comparison"]["rows"], json!([{ "year": 2022 }]));
    assert!(before["comparison"]["absent"].as_array().expect("absent").iter().all(|row| row["year"] != 2024));
    // Who has a notice without such an item is told apart from who has no notice here.
    let query =
        "{ comparison(indicator: \"elder-canteens\", years: [2024]) { absent { jurisdiction { code } notice { documentNumber } } } }";
    let absent = app.data(query, json!({})).await["comparison"]["absent"].clone();
    let of = |code: &str| absent.as_array().expect("absent").iter().find(|absence| absence["jurisdiction"]["code"] == code).cloned();
    assert_eq!(of("yanzhou").expect("absent")["notice"]["documentNumber"], "济兖政发〔2024〕2号");
    assert_eq!(of("rencheng").expect("absent")["notice"], Value::Null);
    assert_eq!(of("taibai-lake"), None);
}

async fn figures_are_shared_among_residents(app: App) {
    let query = "query($indicator: String!) { comparison(indicator: $indicator) { rows { jurisdiction { code } year
        population { year residents source source_english: source(language: ENGLISH) } targetPerTenThousand achievedPerTenThousand } } }";
    let comparison = app.data(query, json!({ "indicator": "childcare-places-added" })).await["comparison"].clone();
    let told = rows(&comparison, &["/jurisdiction/code", "/year", "/population/year", "/population/residents", "/targetPerTenThousand"]);
    // 10000 ÷ 824.05, 581 ÷ 63, 576 ÷ 63, 162 ÷ 11.7. The only count is of 2023, and serves the year before it.
    let expected = json!([
        ["jining", 2022, 2023, 8_240_500, "12.1352"],
        ["yanzhou", 2023, 2023, 630_000, "9.2222"],
        ["yanzhou", 2024, 2023, 630_000, "9.1429"],
        ["jining-etdz", 2023, 2023, 117_000, "13.8462"],
    ]);
    assert_eq!(told, expected);
    let row = &comparison["rows"][0];
    assert!(row["population"]["source"].as_str().expect("a source").contains("统计局"));
    assert!(row["population"]["source_english"].as_str().expect("a source").contains("Statistics"));
    assert_eq!(row["achievedPerTenThousand"], Value::Null);
    let rates = app.data(query, json!({ "indicator": "public-kindergarten-share" })).await["comparison"].clone();
    assert!(rates["rows"].as_array().expect("rows").iter().all(|row| row["targetPerTenThousand"].is_null()));
    let none = app.data("{ jurisdiction(code: \"qufu-culture-zone\") { population { residents } } }", json!({})).await;
    assert_eq!(none["jurisdiction"]["population"], Value::Null);
}

async fn a_scope_narrows_rows_and_absences(app: App) {
    let scope =
        json!({ "indicator": "childcare-places-added", "years": [2024, 2021], "jurisdictions": ["taibai-lake", "yanzhou", "jining"] });
    let comparison = compare(&app, scope).await;
    assert_eq!(rows(&comparison, &["/jurisdiction/code", "/year", "/changeFromPreviousYear"]), json!([["yanzhou", 2024, "-5"]]));
    let absent: Value =
        comparison["absent"].as_array().expect("absent").iter().map(|row| json!([row["year"], row["jurisdiction"]["code"]])).collect();
    let expected = json!([[2021, "jining"], [2021, "yanzhou"], [2021, "taibai-lake"], [2024, "jining"], [2024, "taibai-lake"]]);
    assert_eq!(absent, expected);
    for nothing in [json!({ "years": [] }), json!({ "jurisdictions": [] })] {
        let mut variables = json!({ "indicator": "childcare-places-added" });
        variables.as_object_mut().expect("an object").extend(nothing.as_object().expect("an object").clone());
        let comparison = compare(&app, variables).await;
        assert_eq!((&comparison["rows"], &comparison["absent"]), (&json!([]), &json!([])));
    }
}

async fn what_cannot_be_asked_is_told(app: App) {
    assert_eq!(compare(&app, json!({ "indicator": "no-such-thing" })).await, Value::Null);
    assert_eq!(compare(&app, json!({ "indicator": "\u{0}" })).await, Value::Null);
    let refused = [
        (json!({ "indicator": "elder-canteens", "jurisdictions": ["jining", "atlantis"] }), "jurisdictions.1"),
        (json!({ "indicator": "elder-canteens", "years": vec![2024; 101] }), "years"),
        (json!({ "indicator": "elder-canteens", "jurisdictions": vec!["jining"; 101] }), "jurisdictions"),
    ];
    for (variables, argument) in refused {
        let error = app.error(COMPARE, variables).await;
        assert_eq!((&error["extensions"]["code"], &error["extensions"]["argument"]), (&json!("BAD_USER_INPUT"), &json!(argument)));
    }
    let tomorrow = "{ comparison(indicator: \"elder-canteens\", on: \"2026-11-23\") { on } }";
    assert_eq!(app.error(tomorrow, json!({})).await["extensions"]["code"], "BAD_USER_INPUT");
    assert_eq!(app.data("{ coverage(root: \"atlantis\", years: [2024]) { topics { code } } }", json!({})).await["coverage"], Value::Null);
}

async fn the_map_shows_who_does_what(app: App) {
    let coverage = app.data(&COVERAGE.replace("completion }", "reportedCount completion }"), json!({ "years": [2023, 2024] })).await;
    let coverage = coverage["coverage"].clone();
    let topics: Vec<&str> = coverage["topics"].as_array().expect("topics").iter().filter_map(|topic| topic["code"].as_str()).collect();
    let rows = coverage["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 2 * 16);
    for row in rows {
        let cells: Vec<&str> = row["cells"].as_array().expect("cells").iter().filter_map(|cell| cell["topic"]["code"].as_str()).collect();
        assert_eq!(cells, topics, "a cell for each topic, in their order");
    }
    let cell = |place: &str, year: i32, topic: &str| {
        let row = rows.iter().find(|row| row["jurisdiction"]["code"] == place && row["year"] == year).expect("a row");
        let cell = row["cells"].as_array().expect("cells").iter().find(|cell| cell["topic"]["code"] == topic).expect("a cell").clone();
        json!([cell["taskCount"], cell["targetCount"], cell["reportedCount"], cell["completion"]])
    };
    assert_eq!(cell("yanzhou", 2024, "childcare"), json!([1, 2, 0, null]));
    assert_eq!(cell("rencheng", 2024, "childcare"), json!([0, 0, 0, null]));

    let query = "{ coverage(root: \"yanzhou\", years: [2024]) { indicators { code } rows { notice { year } jurisdiction { code }
        indicatorCells { indicator { code } taskCount targetCount figures { target achieved completion notComparable { code } } } } } }";
    let coverage = app.data(query, json!({})).await["coverage"].clone();
    let [row] = coverage["rows"].as_array().expect("rows").as_slice() else { panic!("one row") };
    assert_eq!(row["indicatorCells"].as_array().expect("cells").len(), coverage["indicators"].as_array().expect("indicators").len());
    let cell = |code: &str| row["indicatorCells"].as_array().expect("cells").iter().find(|cell| cell["indicator"]["code"] == code).cloned();
    assert_eq!(cell("childcare-places-added").expect("a cell")["figures"]["target"], "576");
    let canteens = cell("elder-canteens").expect("a cell");
    assert_eq!((&canteens["taskCount"], &canteens["figures"]), (&json!(0), &Value::Null), "who does not do it at all");
}

async fn hidden_notices_are_in_no_number(app: App) {
    app.execute("UPDATE notice SET disclosure = 'WITHHELD' WHERE document_number = '济兖政发〔2024〕2号'").await.expect("hidden");
    let told = |comparison: &Value| rows(comparison, &["/jurisdiction/code", "/year", "/target"]);
    let comparison = compare(&app, json!({ "indicator": "childcare-places-added", "jurisdictions": ["yanzhou"] })).await;
    assert_eq!(told(&comparison), json!([["yanzhou", 2023, "581"]]));
    let coverage = app.data(COVERAGE, json!({ "years": [2024] })).await["coverage"].clone();
    let yanzhou = coverage["rows"].as_array().expect("rows").iter().find(|row| row["jurisdiction"]["code"] == "yanzhou").expect("a row");
    assert!(yanzhou["cells"].as_array().expect("cells").iter().all(|cell| cell["taskCount"] == 0));
    // The city's office sees it, and what follows from it.
    let city = app.actor("city", entity::Role::Office, "jining").await;
    let variables = json!({ "indicator": "childcare-places-added", "jurisdictions": ["yanzhou"] });
    let comparison = city.data(COMPARE, variables).await["comparison"].clone();
    assert_eq!(told(&comparison), json!([["yanzhou", 2023, "581"], ["yanzhou", 2024, "576"]]));
    // A draft is a promise to nobody yet, also for the office that writes it.
    app.execute("UPDATE notice SET state = 'DRAFT', issued_on = NULL WHERE document_number = '济兖政发〔2024〕2号'")
        .await
        .expect("drafted");
    let comparison =
        city.data(COMPARE, json!({ "indicator": "childcare-places-added", "years": [2024], "jurisdictions": ["yanzhou"] })).await;
    assert_eq!(comparison["comparison"]["rows"], json!([]));
}

async fn a_hundred_jurisdictions_cost_the_same_statements(app: App) {
    let mut counts: Vec<Vec<usize>> = Vec::new();
    for width in [1, 100] {
        app.database.load_seed(&sample::wide(width)).await.expect("a wide city");
        let indicator = json!("wide-1");
        let task = app.data("{ tasks(filter: { jurisdiction: [\"wide\"] }, first: 2) { nodes { id } } }", json!({})).await;
        let tasks = task["tasks"]["nodes"].as_array().expect("tasks").clone();
        let coverage = COVERAGE.replace("\"jining\"", "\"wide\"");
        let similar = "query($task: ID!) { similarTasks(task: $task, first: 100) { task { title } sharedIndicators { code } sharedTopics { code } textLikeness } }";
        let trend = "query($indicator: String!) { trend(indicator: $indicator, jurisdiction: \"wide\") { years { year row { target tasks { title } } points { period achieved } } } }";
        let mut of_width = Vec::new();
        for (query, variables) in [
            (COMPARE, json!({ "indicator": indicator })),
            (coverage.as_str(), json!({ "years": [2020] })),
            (similar, json!({ "task": tasks[0]["id"] })),
            (trend, json!({ "indicator": indicator })),
        ] {
            of_width.push(app.statements_of(query, variables).await.len());
        }
        counts.push(of_width);
    }
    assert_eq!(counts[0], counts[1]);
}
