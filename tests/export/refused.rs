//! Where there is no file there is an answer in JSON, with the status that says why; never half a file.

use axum::{body::Body, http::Request};
use entity::Role;
use serde_json::json;

use super::file::XLSX;
use crate::{cases, support::app::App};

cases![
    what_cannot_be_a_file_is_refused_in_json,
    addresses_are_checked,
    a_query_that_fails_is_no_file,
    a_file_that_cannot_be_finished_breaks_off,
    who_may_not_ask_gets_no_file,
];

async fn what_cannot_be_a_file_is_refused_in_json(app: App) {
    for (query, status, code) in [
        ("mutation { signOut { ended } }", 400, "BAD_USER_INPUT"),
        ("subscription { progressEvents(jurisdiction: \"jining\") { id } }", 400, "BAD_USER_INPUT"),
        ("{", 400, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing { id } }", 400, "GRAPHQL_VALIDATION_FAILED"),
        ("query($year: Int!) { tasks(filter: { year: [$year] }) { nodes { id } } }", 400, "GRAPHQL_VALIDATION_FAILED"),
        ("query A { tasks { nodes { id } } } query B { tasks { nodes { id } } }", 400, "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a tasks { nodes { id } } }", 400, "GRAPHQL_VALIDATION_FAILED"),
        ("{ tasks(first: 0) { nodes { id } } }", 400, "BAD_USER_INPUT"),
        ("{ tasks(first: 2, after: \"nonsense\") { nodes { id } } }", 400, "BAD_USER_INPUT"),
        ("{ notice(jurisdiction: \"yanzhou\", year: 1999) { projects { title } } }", 404, "NOT_FOUND"),
        ("{ auditEvents(first: 2) { nodes { id } } }", 401, "UNAUTHENTICATED"),
    ] {
        for accept in ["text/csv", XLSX] {
            let reply = app.post_with(query, json!({}), &[("accept", accept)]).await;
            assert_eq!(
                (reply.status.as_u16(), &reply.body["errors"][0]["extensions"]["code"]),
                (status, &json!(code)),
                "{query}: {}",
                reply.text
            );
            assert_eq!(reply.headers["content-type"], "application/json; charset=utf-8", "{query}");
            assert!(reply.body.get("data").is_none() && reply.headers.get("content-disposition").is_none(), "{query}: {}", reply.text);
        }
    }
    let deep = format!("{{ tasks(first: 1, after: {}1{}) {{ nodes {{ id }} }} }}", "[".repeat(3000), "]".repeat(3000));
    assert_eq!(
        app.post_with(&deep, json!({}), &[("accept", "text/csv")]).await.body["errors"][0]["extensions"]["code"],
        "QUERY_TOO_COMPLEX"
    );
    let reply = app.post_with("{ tasks { nodes { id } } }", json!({}), &[("accept", "application/pdf")]).await;
    assert_eq!(reply.status.as_u16(), 406);
    assert!(reply.text.contains("text/csv"), "{}", reply.text);
}

async fn addresses_are_checked(app: App) {
    for (address, status, told) in [
        ("/export/ledger.pdf?jurisdiction=jining&year=2022", 404, "没有这个文件"),
        ("/export/nothing.csv", 404, "没有这个文件"),
        ("/export/ledger", 404, "没有这个文件"),
        ("/export/.csv", 404, "没有这个文件"),
        ("/export/ledger.csv", 400, "jurisdiction"),
        ("/export/ledger.csv?jurisdiction=jining", 400, "year"),
        ("/export/ledger.csv?jurisdiction=jining&year=MMXXII", 400, "整数"),
        ("/export/ledger.csv?jurisdiction=jining&year=2022&year=2023", 400, "一次"),
        ("/export/ledger.csv?jurisdiction=jining&year=2022&internal=true", 400, "internal"),
        ("/export/ledger.csv?jurisdiction=jining&year=2022&light=PINK", 400, "PINK"),
        ("/export/ledger.csv?jurisdiction=jining&year=2022&on=2022-02-30", 400, "on"),
        ("/export/ledger.csv?jurisdiction=jining&year=2022&on=2999-01-01", 400, "今天"),
        ("/export/ledger.csv?jurisdiction=%FF%00&year=2022", 404, "无权查看"),
        ("/export/ledger.csv?jurisdiction=nowhere&year=2022", 404, "无权查看"),
        ("/export/query.csv", 400, "query"),
        ("/export/query.csv?query=%7B&variables=nonsense", 400, "GraphQL"),
        ("/export/query.csv?query=mutation%7BsignOut%7Bended%7D%7D", 400, "只有查询"),
    ] {
        let reply = app.follow_link(address, &[]).await;
        assert_eq!((reply.status.as_u16(), reply.text.contains(told)), (status, true), "{address}: {}", reply.text);
        assert_eq!(reply.headers["content-type"], "application/json; charset=utf-8", "{address}");
    }
    let posted = app.send(Request::post("/export/ledger.csv").body(Body::empty()).expect("a request")).await;
    assert_eq!(posted.status.as_u16(), 405);
}

async fn a_query_that_fails_is_no_file(app: App) {
    // One field of many, and on the first page already.
    app.execute("ALTER TABLE blocker RENAME TO blocker_gone").await.expect("renamed");
    let query = "{ tasks(first: 2) { nodes { id openBlockers { description } } } }";
    let partly = app.post(query, json!({})).await;
    let office = app.actor("office", Role::Office, "jining").await;
    for accept in ["text/csv", XLSX] {
        let reply = office.post_accepting(&app, query, json!({}), accept).await;
        assert_eq!((reply.status.as_u16(), &reply.body["errors"][0]["extensions"]["code"]), (500, &json!("INTERNAL")), "{}", reply.text);
    }
    drop(partly);
}

async fn a_file_that_cannot_be_finished_breaks_off(app: App) {
    use futures_util::StreamExt as _;
    let query = "{ tasks(first: 10) { nodes { id title } } }";
    let body = json!({ "query": query }).to_string();
    let ask =
        || Request::post("/graphql").header("content-type", "application/json").header("accept", "text/csv").body(Body::from(body.clone()));
    let response = app.begin(ask().expect("a request")).await;
    assert_eq!(response.status().as_u16(), 200);
    let mut pieces = response.into_body().into_data_stream();
    // The headings and a page; then the notices go.
    for _ in 0..2 {
        pieces.next().await.expect("a piece").expect("it is sound");
    }
    app.execute("ALTER TABLE project RENAME TO project_gone").await.expect("renamed");
    app.execute("ALTER TABLE task RENAME TO task_gone").await.expect("renamed");
    let mut ended_badly = false;
    while let Some(piece) = pieces.next().await {
        ended_badly = piece.is_err();
    }
    assert!(ended_badly, "a part must not be taken for the whole");
    let reply = app.post_with(query, json!({}), &[("accept", XLSX)]).await;
    assert_eq!(reply.status.as_u16(), 500);
}

async fn who_may_not_ask_gets_no_file(app: App) {
    let unit = app.actor("unit", Role::Unit, "yanzhou").await;
    let query = "{ auditEvents(first: 2) { nodes { id at } } }";
    let reply = unit.post_accepting(&app, query, json!({}), "text/csv").await;
    assert_eq!((reply.status.as_u16(), &reply.body["errors"][0]["extensions"]["code"]), (403, &json!("FORBIDDEN")), "{}", reply.text);
    for authorization in ["Bearer nonsense", "Basic abc"] {
        let reply = app.follow_link("/export/notice.csv?jurisdiction=yanzhou&year=2024", &[("authorization", authorization)]).await;
        assert_eq!(reply.status.as_u16(), 401, "never served as the public");
        assert!(reply.headers.get("www-authenticate").is_some());
    }
}
