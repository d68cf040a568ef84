//! Links that a browser can follow for whoever is signed in: each opens its own address, for a short time, while its session stands.

use axum::{body::Body, http::Request};
use calamine::Data;
use chrono::TimeDelta;
use entity::Role;
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use super::file::{Opened, encoded};
use crate::{cases, progress::scene::Scene, support::app::App};

cases![
    a_link_opens_what_its_owner_may_see,
    a_link_opens_its_own_address_alone,
    a_link_ends_with_its_time,
    a_link_ends_with_its_session,
    a_lock_ends_a_download_that_has_begun,
    a_ticket_is_no_token_and_a_token_no_ticket,
    links_are_for_those_who_are_signed_in_here,
];

const LEDGER: &str = "/export/ledger.xlsx?jurisdiction=taibai-lake&year=2024";

fn address(link: &Value) -> String {
    link["address"].as_str().unwrap_or_else(|| panic!("no link: {link}")).to_owned()
}

async fn status(app: &App, address: &str) -> u16 {
    app.follow_link(address, &[]).await.status.as_u16()
}

async fn a_link_opens_what_its_owner_may_see(app: App) {
    let scene = Scene::of(&app).await;
    scene.posted(&scene.post("2024-W15", "1").await).await;
    let link = scene.office.link(LEDGER).await;
    assert_eq!(link["expiresAt"], "2024-04-12T02:02:00Z");
    let reply = app.follow_link(&address(&link), &[]).await;
    assert_eq!(reply.headers["referrer-policy"], "no-referrer");
    assert_eq!(Opened::of(&reply).cell("建设老年人食堂", "堵点"), &Data::String("场地未定".into()));
    // As often as it is followed, and by HEAD too, which some browsers send first.
    let head = app.send(Request::head(address(&link)).body(Body::empty()).expect("a request")).await;
    assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0));
    // Any query has an address, and what needs a permission is told to whoever has it.
    let audit = format!("/export/query.csv?query={}", encoded("{ auditEvents(first: 5) { nodes { at action } } }"));
    assert_eq!(status(&app, &audit).await, 401);
    assert_eq!(status(&app, &address(&scene.office.link(&audit).await)).await, 200);
    assert_eq!(status(&app, &address(&scene.lead.link(&audit).await)).await, 403);
}

async fn a_link_opens_its_own_address_alone(app: App) {
    let office = app.actor("office", Role::Office, "taibai-lake").await;
    let opened = address(&office.link(LEDGER).await);
    let (_, ticket) = opened.split_once("&ticket=").expect("a ticket");
    for other in [
        format!("/export/ledger.csv?jurisdiction=taibai-lake&year=2024&ticket={ticket}"),
        format!("/export/ledger.xlsx?jurisdiction=taibai-lake&year=2023&ticket={ticket}"),
        format!("/export/ledger.xlsx?year=2024&jurisdiction=taibai-lake&ticket={ticket}"),
        format!("/export/ledger.xlsx?jurisdiction=taibai-lake&year=2024&stale=true&ticket={ticket}"),
        format!("/export/query.csv?query=%7Bviewer%7Baccount%7Bid%7D%7D%7D&ticket={ticket}"),
        format!("{LEDGER}&ticket={ticket}x"),
        format!("{LEDGER}&ticket="),
        format!("{LEDGER}&ticket={ticket}&ticket={ticket}"),
    ] {
        assert_eq!(status(&app, &other).await, 401, "{other}");
    }
    assert_eq!(
        status(&app, &format!("/export/ledger.xlsx?ticket={ticket}&jurisdiction=taibai-lake&year=2024")).await,
        401,
        "no parameter but the last"
    );
    assert_eq!(status(&app, &opened).await, 200);
    // One that is changed proves nothing, and is never served as the public.
    let query = address(&office.link("/export/query.csv?query=%7Btasks%7Bnodes%7Bid%7D%7D%7D").await);
    assert_eq!(status(&app, &query).await, 200);
    let changes = [(format!("{query}&"), 401), (query.replace("ticket=", "Ticket="), 401), (format!("{query}&utm_source=x"), 400)];
    for (changed, refused) in changes {
        assert_eq!(status(&app, &changed).await, refused, "{changed}");
    }
    for wrong in
        ["/graphql?query=x", "https://elsewhere/export/ledger.csv", "//elsewhere/export/", "", "/export/台账.csv", "/export/a.csv?ticket=x"]
    {
        let query = "query($address: String!) { viewer { downloadLink(address: $address) { address } } }";
        let error = office.error(query, json!({ "address": wrong })).await;
        assert_eq!(
            (&error["extensions"]["code"], &error["extensions"]["argument"]),
            (&json!("BAD_USER_INPUT"), &json!("address")),
            "{wrong}"
        );
    }
}

async fn a_link_ends_with_its_time(app: App) {
    let office = app.actor("office", Role::Office, "taibai-lake").await;
    let link = address(&office.link(LEDGER).await);
    app.pass(TimeDelta::seconds(124));
    assert_eq!(status(&app, &link).await, 200);
    app.pass(TimeDelta::seconds(1));
    assert_eq!(status(&app, &link).await, 401);
}

async fn a_link_ends_with_its_session(app: App) {
    let admin = app.actor("admin", Role::Admin, "jining").await;
    let office = app.actor("office", Role::Office, "taibai-lake").await;
    let link = address(&office.link(LEDGER).await);
    office.data("mutation { signOut { ended } }", json!({})).await;
    assert_eq!(status(&app, &link).await, 401);
    let office = app.sign_in("office").await;
    let link = address(&office.link(LEDGER).await);
    assert_eq!(status(&app, &link).await, 200);
    lock(&admin, office.id()).await;
    assert_eq!(status(&app, &link).await, 401);
}

async fn lock(admin: &crate::support::actor::Actor<'_>, account: &str) {
    let lock =
        "mutation($id: ID!) { lockAccount(input: { id: $id, reason: \"离职\", expectedVersion: 1 }) { account { id } errors { code } } }";
    let data = admin.data(lock, json!({ "id": account })).await;
    assert_eq!(data["lockAccount"]["errors"], json!([]), "{data}");
}

async fn a_lock_ends_a_download_that_has_begun(app: App) {
    let admin = app.actor("admin", Role::Admin, "jining").await;
    let office = app.actor("office", Role::Office, "jining").await;
    let tasks = format!("/export/query.csv?query={}", encoded("{ tasks(first: 5) { nodes { id title } } }"));
    let link = address(&office.link(&tasks).await);
    for is_locked in [false, true] {
        let response = app.begin(Request::get(&link).body(Body::empty()).expect("a request")).await;
        let mut pieces = response.into_body().into_data_stream();
        for _ in 0..3 {
            pieces.next().await.expect("a piece").expect("it is sound");
        }
        // The ticket's time is over; the download goes on while the session stands.
        app.pass(TimeDelta::minutes(3));
        if is_locked {
            lock(&admin, office.id()).await;
        }
        let rest: Vec<bool> = pieces.map(|piece| piece.is_ok()).collect().await;
        assert_eq!(rest.last(), Some(&!is_locked), "{rest:?}");
        assert_eq!(rest.len() > 5, !is_locked, "{rest:?}");
        app.pass(-TimeDelta::minutes(3));
    }
}

async fn a_ticket_is_no_token_and_a_token_no_ticket(app: App) {
    let office = app.actor("office", Role::Office, "taibai-lake").await;
    let link = address(&office.link(LEDGER).await);
    let (_, ticket) = link.split_once("&ticket=").expect("a ticket");
    let reply = app.bearing(ticket).post("{ viewer { account { id } } }", json!({})).await;
    assert_eq!(reply.status.as_u16(), 401, "{}", reply.text);
    assert_eq!(status(&app, &format!("{LEDGER}&ticket={}", office.bearer())).await, 401);
    // Two proofs at once are one too many.
    assert_eq!(office.download(&app, &link).await.status.as_u16(), 401);
    // A ticket for another address of the endpoint is none there.
    let reply = app.follow_link(&format!("/graphql?query=%7Bviewer%7Baccount%7Bid%7D%7D%7D&ticket={ticket}"), &[]).await;
    assert_eq!(reply.body["data"]["viewer"]["account"], Value::Null);
}

async fn links_are_for_those_who_are_signed_in_here(app: App) {
    let query = "query($address: String!) { viewer { downloadLink(address: $address) { address } } }";
    assert_eq!(app.data(query, json!({ "address": LEDGER })).await["viewer"]["downloadLink"], Value::Null);
    let office = app.actor("office", Role::Office, "taibai-lake").await;
    let make = "mutation($at: DateTime!) { createApiKey(input: { name: \"k\", rights: READ, expiresAt: $at }) { secret errors { code } } }";
    let at = (app.now() + TimeDelta::days(1)).to_rfc3339();
    let secret = office.data(make, json!({ "at": at })).await["createApiKey"]["secret"].as_str().expect("a secret").to_owned();
    let key = app.bearing(&secret);
    assert_eq!(key.data(query, json!({ "address": LEDGER })).await["viewer"]["downloadLink"], Value::Null);
    assert_eq!(key.download(&app, LEDGER).await.status.as_u16(), 200);
    assert!(Opened::of(&key.download(&app, LEDGER).await).headings().contains(&"堵点".to_owned()));
}
