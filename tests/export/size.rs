//! A file is the same however large a page of the service may be.

use endpoint::Limits;
use serde_json::{Value, json};

use super::file::records;
use crate::{
    cases,
    support::{
        app::{App, Reply, generous},
        sample,
    },
};

cases![a_file_is_the_same_whatever_the_size_of_a_page, a_list_within_a_row_may_be_as_long_as_a_page];

const ADDRESSES: [&str; 3] = [
    "/export/ledger.csv?jurisdiction=wide&year=2020",
    "/export/ledger.csv?jurisdiction=wide&year=2020&light=RED,YELLOW,GREEN,BLUE,GREY",
    "/export/notice.csv?jurisdiction=wide&year=2020",
];
const TASKS: &str =
    "{ tasks(filter: { jurisdiction: [\"wide\"], includeDescendants: false }) { nodes { id number title leadUnits { name } } } }";
const NESTED: &str =
    "{ units(filter: { jurisdiction: [\"wide\"] }) { nodes { name assignments { nodes { id role task { number title } } } } } }";

async fn asked(app: &App, query: &str) -> Reply {
    app.post_with(query, json!({}), &[("accept", "text/csv"), ("accept-language", "en")]).await
}

/// Each of these files with pages of a size, by its whole text.
async fn files(app: App, page_size: u32, queries: &[&'static str]) -> (App, Vec<(&'static str, String)>) {
    let app = app.within(Limits { page_size, ..generous() });
    let mut found = Vec::new();
    for address in ADDRESSES {
        found.push((address, app.follow_link(address, &[]).await));
    }
    for query in queries {
        found.push((*query, asked(&app, query).await));
    }
    let text = |(name, reply): (&'static str, Reply)| {
        assert_eq!(reply.status, 200, "{name} with pages of {page_size}: {}", reply.text);
        (name, reply.text)
    };
    (app, found.into_iter().map(text).collect())
}

/// How many rows a table that belongs to the notice of the wide city has.
async fn stored(app: &App, of: &str) -> usize {
    let notice = "(SELECT id FROM notice WHERE jurisdiction_id = (SELECT id FROM jurisdiction WHERE code = 'wide'))";
    usize::try_from(app.number(&format!("SELECT count(*) FROM {of} WHERE notice_id = {notice}")).await).expect("few")
}

async fn a_file_is_the_same_whatever_the_size_of_a_page(mut app: App) {
    // 13 tasks, where the list within a row has no more than the smallest page; and 99 tasks, which are five of these.
    for (width, queries) in [(7, [TASKS, NESTED].as_slice()), (50, &[TASKS])] {
        app.database.load_seed(&sample::wide(width)).await.expect("a wide city");
        let mut usual = Vec::new();
        for page_size in [100, 20, 200, 1_000] {
            let found;
            (app, found) = files(app, page_size, queries).await;
            if usual.is_empty() {
                usual.clone_from(&found);
            }
            assert_eq!(found, usual, "with pages of {page_size}");
        }
        let tasks = stored(&app, "task").await;
        assert_eq!(tasks, usize::try_from(2 * width - 1).expect("few"));
        for (name, text) in &usual[..4] {
            assert_eq!(text.lines().count(), tasks + 1, "{name}");
        }
    }
}

async fn a_list_within_a_row_may_be_as_long_as_a_page(app: App) {
    // One unit has a part in 152 tasks.
    app.database.load_seed(&sample::wide(51)).await.expect("a wide city");
    let longest = app
        .number(
            "SELECT max(parts) FROM (SELECT count(*) AS parts FROM assignment JOIN unit ON unit.id = assignment.unit_id
             JOIN jurisdiction ON jurisdiction.id = unit.jurisdiction_id WHERE jurisdiction.code = 'wide' GROUP BY unit_id) AS counted",
        )
        .await;
    assert!((101..=200).contains(&longest), "{longest}");
    let all = app
        .number(
            "SELECT count(*) FROM assignment JOIN unit ON unit.id = assignment.unit_id
             JOIN jurisdiction ON jurisdiction.id = unit.jurisdiction_id WHERE jurisdiction.code = 'wide'",
        )
        .await;
    let mut app = app;
    for (page_size, is_whole) in [(20, false), (100, false), (200, true), (1_000, true)] {
        app = app.within(Limits { page_size, ..generous() });
        let reply = asked(&app, NESTED).await;
        if is_whole {
            assert_eq!(i64::try_from(records(&reply).len()).expect("few") - 1, all, "{page_size}");
        } else {
            let code: &Value = &reply.body["errors"][0]["extensions"]["code"];
            assert_eq!((reply.status.as_u16(), code), (400, &json!("QUERY_TOO_COMPLEX")), "{page_size}");
            assert!(reply.text.contains("units.nodes.assignments has more than a page"), "{}", reply.text);
        }
    }
}
