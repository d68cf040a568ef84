//! What browsers are told, and what is not run for pages of other sites.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use endpoint::{Origins, Surface};
use serde_json::json;

use crate::{
    cases,
    support::app::{App, Reply},
};

cases![
    nothing_is_open_to_other_sites_by_default,
    named_origins_may_ask_and_no_others,
    what_a_foreign_page_sends_without_asking_is_not_run,
    every_answer_is_in_armour,
];

const HERE: &str = "https://www.example.org";
const ELSEWHERE: &str = "https://elsewhere.org";
const QUERY: &str = "/graphql?query=%7Btopics%7Bcode%7D%7D";

fn open_to(app: App, origins: &[&str]) -> App {
    let origins = Origins::try_from(origins.iter().map(|&origin| origin.to_owned()).collect::<Vec<_>>()).expect("origins");
    let gate = app.gate().showing(Surface { origins, ..Surface::default() });
    app.behind(gate)
}

async fn preflight(app: &App, origin: &str, method: &str) -> Reply {
    let request = Request::options("/graphql")
        .header("origin", origin)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", "authorization,content-type");
    app.send(request.body(Body::empty()).expect("a request")).await
}

fn allowed(reply: &Reply) -> Option<&str> {
    reply.headers.get("access-control-allow-origin").map(|origin| origin.to_str().expect("a text"))
}

/// All that an answer depends on, in small letters.
fn vary(reply: &Reply) -> String {
    let lines: Vec<_> = reply.headers.get_all("vary").iter().map(|line| line.to_str().expect("a text").to_ascii_lowercase()).collect();
    lines.join(", ")
}

async fn nothing_is_open_to_other_sites_by_default(app: App) {
    let asked = preflight(&app, HERE, "POST").await;
    assert_eq!((asked.status, allowed(&asked)), (StatusCode::METHOD_NOT_ALLOWED, None));
    let answered = app.get(QUERY, &[("origin", HERE)]).await;
    assert_eq!((answered.status, allowed(&answered)), (StatusCode::OK, None));
    assert!(!vary(&answered).contains("origin"), "{}", vary(&answered));
}

async fn named_origins_may_ask_and_no_others(app: App) {
    let app = open_to(app, &[HERE]);
    let asked = preflight(&app, HERE, "POST").await;
    assert_eq!((asked.status, allowed(&asked)), (StatusCode::OK, Some(HERE)));
    assert!(asked.headers["access-control-allow-headers"].to_str().expect("a text").contains("authorization"));
    assert!(!asked.headers.contains_key("access-control-allow-credentials"), "there are no cookies");
    assert_eq!(allowed(&preflight(&app, ELSEWHERE, "POST").await), None);

    let answered = app.get(QUERY, &[("origin", HERE), ("sec-fetch-site", "cross-site")]).await;
    assert_eq!((answered.status, allowed(&answered)), (StatusCode::OK, Some(HERE)));
    assert!(vary(&answered).contains("origin") && vary(&answered).contains("authorization"), "{}", vary(&answered));
    let refused = app.get(QUERY, &[("origin", ELSEWHERE), ("sec-fetch-site", "cross-site")]).await;
    assert_eq!((refused.status, allowed(&refused)), (StatusCode::FORBIDDEN, None));

    let app = open_to(app, &["*"]);
    let answered = app.get(QUERY, &[("origin", ELSEWHERE), ("sec-fetch-site", "cross-site")]).await;
    assert_eq!((answered.status, allowed(&answered)), (StatusCode::OK, Some("*")));
}

async fn what_a_foreign_page_sends_without_asking_is_not_run(app: App) {
    for site in ["cross-site", "same-site"] {
        let refused = app.get(QUERY, &[("sec-fetch-site", site), ("sec-fetch-mode", "no-cors")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{site}");
        assert_eq!(refused.body["errors"][0]["extensions"]["code"], "FORBIDDEN");
        assert!(refused.body.get("data").is_none());
        let refused = app.post_with("{ topics { code } }", json!({}), &[("sec-fetch-site", site)]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{site}");
    }
    for site in ["same-origin", "none"] {
        assert_eq!(app.get(QUERY, &[("sec-fetch-site", site)]).await.status, StatusCode::OK, "{site}");
    }
    // A link may be followed from any page; a file is no part of one.
    let file = "/export/notice.csv?jurisdiction=yanzhou&year=2024";
    let from = |mode, destination| [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", mode), ("sec-fetch-dest", destination)];
    for (mode, destination, status) in [
        ("navigate", "document", StatusCode::OK),
        ("navigate", "iframe", StatusCode::FORBIDDEN),
        ("no-cors", "image", StatusCode::FORBIDDEN),
    ] {
        assert_eq!(app.get(file, &from(mode, destination)).await.status, status, "{mode} {destination}");
    }
    // What forms and images can send is refused by its form alone, also by a browser that says nothing of where it was made.
    let sign_out = json!({ "query": "mutation { signOut { ended } }" }).to_string();
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        let request = Request::post("/graphql").header("content-type", content_type).header("origin", ELSEWHERE);
        let refused = app.send(request.body(Body::from(sign_out.clone())).expect("a request")).await;
        assert_eq!(refused.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type}");
    }
    let refused = app.get("/graphql?query=mutation%7BsignOut%7Bended%7D%7D", &[]).await;
    assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(app.number("SELECT count(*) FROM audit_event").await, 0);
}

async fn every_answer_is_in_armour(app: App) {
    let gate = app.gate().showing(Surface { graphiql: true, ..Surface::default() });
    let app = app.behind(gate);
    for path in [QUERY, "/graphql", "/graphiql", "/graphiql/start.js", "/livez", "/.well-known/jwks.json", "/nowhere"] {
        let reply = app.get(path, &[]).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(reply.headers.get(name).map(axum::http::HeaderValue::as_bytes), Some(value.as_bytes()), "{path} {name}");
        }
        let policy = reply.headers["content-security-policy"].to_str().expect("a text");
        assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert_eq!(policy.contains("script-src 'self'"), path == "/graphiql", "{path}: {policy}");
    }
}
