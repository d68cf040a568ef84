//! A client that connects again gets exactly what it missed.

use entity::{ProgressEventKind, Role};
use serde_json::{Value, json};

use crate::{
    cases,
    support::{
        app::App,
        follow::{FEED, Socket, Stream, internal, published, short, told},
    },
};

cases![
    a_socket_gets_what_it_missed,
    a_stream_gets_what_it_missed,
    what_was_received_last_must_be_an_event_that_one_may_see,
    an_event_is_found_again_by_its_id,
];

async fn a_socket_gets_what_it_missed(app: App) {
    let served = app.serve().await;
    let scenes = [app.scene("yanzhou", 2024, 1).await, app.scene("yanzhou", 2024, 2).await];
    let mut first = Socket::begun(&served, None).await;
    first.follow("a", "yanzhou", None).await;
    app.emit(&[published(scenes[0])]).await;
    let last = first.event("a").await["id"].as_str().expect("an id").to_owned();
    drop(first);

    // Also from another replica, and more than are read at once, with some among them that are not for everybody.
    let missed: Vec<_> = (0..70).flat_map(|_| [published(scenes[1]), internal(scenes[0])]).collect();
    app.emit(&missed).await;
    let other = app.replica_apart().await.serve().await;
    let mut again = Socket::begun(&other, None).await;
    again.ask("a", FEED, json!({ "jurisdiction": "yanzhou", "after": last })).await;
    for _ in 0..70 {
        assert_eq!(short(&again.event("a").await), told(ProgressEventKind::LightChanged, "yanzhou", 2));
    }
    app.emit(&[published(scenes[0])]).await;
    assert_eq!(short(&again.event("a").await), told(ProgressEventKind::LightChanged, "yanzhou", 1));
    again.silent().await;
}

async fn a_stream_gets_what_it_missed(app: App) {
    let served = app.serve().await;
    let scenes = [app.scene("yanzhou", 2024, 1).await, app.scene("yanzhou", 2024, 2).await, app.scene("yanzhou", 2024, 3).await];
    let mut first = Stream::follow(&served, "yanzhou", &[]).await;
    app.emit(&[published(scenes[0])]).await;
    let (earlier, _) = first.event().await;
    app.emit(&[published(scenes[1])]).await;
    let (last, _) = first.event().await;
    // The service stops: the stream breaks off, and does not say that it is complete.
    served.stop().await;
    assert!(!first.rest().await.contains("complete"));

    app.emit(&[published(scenes[2])]).await;
    let served = app.serve().await;
    // What a browser says by itself counts before what the page asked for once.
    let variables = json!({ "jurisdiction": "yanzhou", "after": earlier });
    let mut again = Stream::post(&served, FEED, variables, &[("Last-Event-ID", &last)]).await;
    assert_eq!(short(&again.event().await.1), told(ProgressEventKind::LightChanged, "yanzhou", 3));
    let query = format!(
        "GET /graphql?query=subscription%7BprogressEvents(jurisdiction%3A%22yanzhou%22)%7Bid%20kind%20task%7Bnumber%20notice%7Bjurisdiction%7Bcode%7D%7D%7D%7D%7D HTTP/1.1\r\nHost: {}\r\nAccept: text/event-stream\r\nLast-Event-ID: {last}\r\n\r\n",
        served.address
    );
    let mut by_get = Stream::request(&served, &query).await;
    assert_eq!(short(&by_get.event().await.1), told(ProgressEventKind::LightChanged, "yanzhou", 3));
    served.stop().await;
}

async fn what_was_received_last_must_be_an_event_that_one_may_see(app: App) {
    let served = app.serve().await;
    let scene = app.scene("yanzhou", 2024, 1).await;
    let office = app.actor("office", Role::Office, "yanzhou").await;
    let mut inside = Socket::begun(&served, Some(office.bearer())).await;
    inside.follow("a", "yanzhou", None).await;
    app.emit(&[internal(scene)]).await;
    let hidden = inside.event("a").await["id"].clone();
    let mut public = Socket::begun(&served, None).await;
    let foreign = app.data("{ jurisdiction(code: \"jining\") { id } }", json!({})).await["jurisdiction"]["id"].clone();
    for after in [hidden.clone(), foreign, json!("nonsense"), json!("event_01h455vb4pex5vsknk084sn02q"), json!("")] {
        public.ask("a", FEED, json!({ "jurisdiction": "yanzhou", "after": after })).await;
        assert_eq!(public.failure("a").await, "BAD_USER_INPUT", "{after}");
    }
    let refused =
        Stream::post(&served, FEED, json!({ "jurisdiction": "yanzhou" }), &[("Last-Event-ID", "nonsense"), ("Connection", "close")]).await;
    assert!(refused.head.starts_with("http/1.1 400 ") && refused.head.contains("application/graphql-response+json"), "{}", refused.head);
    assert!(refused.rest().await.contains("BAD_USER_INPUT"));
    // Whoever may see it goes on after it.
    let mut again = Socket::begun(&served, Some(office.bearer())).await;
    again.follow("a", "yanzhou", hidden.as_str()).await;
    app.emit(&[published(scene)]).await;
    assert_eq!(short(&again.event("a").await), told(ProgressEventKind::LightChanged, "yanzhou", 1));
}

async fn an_event_is_found_again_by_its_id(app: App) {
    let served = app.serve().await;
    let scene = app.scene("yanzhou", 2024, 8).await;
    let mut socket = Socket::begun(&served, None).await;
    let query = "subscription { progressEvents(jurisdiction: \"yanzhou\") { __typename id kind at light lightBefore unit { name } duty { id } jurisdiction { code } task { title leadUnits { name } } } }";
    socket.ask("a", query, json!({})).await;
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    app.emit(&[published(scene)]).await;
    let event = socket.event("a").await;
    let id = event["id"].clone();
    assert!(id.as_str().is_some_and(|id| id.starts_with("event_")), "{id}");
    assert_eq!(
        event,
        json!({
            "__typename": "ProgressEvent", "id": id, "kind": "LIGHT_CHANGED", "at": "2026-11-22T02:00:00Z", "light": "RED", "lightBefore": null,
            "unit": null, "duty": null, "jurisdiction": { "code": "yanzhou" },
            "task": { "title": "托育服务扩容增位", "leadUnits": [{ "name": "区卫生健康局" }] }
        })
    );
    let found = app.data("query($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": id })).await;
    assert_eq!(found["node"], json!({ "__typename": "ProgressEvent", "id": event["id"] }) as Value);
}
