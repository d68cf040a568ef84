//! What an event costs: those who ask the same share its evaluation, each pays for it, and what was missed comes in pages with an end.

use std::time::Instant;

use endpoint::Limits;
use entity::{ProgressEventKind, Role};
use serde_json::{Value, json};

use crate::{
    cases,
    support::{
        app::{App, generous},
        follow::{FEED, Socket, Stream, published, short, told},
        global, rows,
    },
};

cases![
    those_who_ask_and_see_the_same_share_an_evaluation,
    each_event_is_paid_for,
    what_was_missed_comes_in_pages_with_an_end,
    a_stream_of_what_was_missed_ends_too,
];

/// Reads acceptances once for each evaluation, and tells what depends on who asks.
const DEEP: &str = "subscription($after: ID) { progressEvents(jurisdiction: \"yanzhou\", after: $after) {
  id kind task { number notice { jurisdiction { code } } leadUnits { name } standing { viewerCanSuspend { allowed } } } } }";

/// Lets something happen so many times, and returns the ids of all events so far, in order. Whoever follows after one of them misses
/// nothing, however late they begin.
async fn happened(app: &App, count: usize) -> Vec<Value> {
    let scene = app.scene("yanzhou", 2024, 1).await;
    app.emit(&std::iter::repeat_n(published(scene), count).collect::<Vec<_>>()).await;
    let mut events = rows!(app, progress_event);
    events.sort_by_key(|event| event.sequence);
    events.into_iter().map(|event| json!(global("event", event.id.0))).collect()
}

async fn those_who_ask_and_see_the_same_share_an_evaluation(app: App) {
    let served = app.serve().await;
    let first = happened(&app, 1).await.swap_remove(0);
    let mut public = Vec::new();
    for _ in 0..20 {
        public.push(Socket::begun(&served, None).await);
    }
    let offices = [app.actor("one", Role::Office, "yanzhou").await, app.actor("two", Role::Office, "yanzhou").await];
    let mut inside = Vec::new();
    for office in &offices {
        // Two sockets of one session share as well.
        for _ in 0..2 {
            inside.push(Socket::begun(&served, Some(office.bearer())).await);
        }
    }
    let mut other = Socket::begun(&served, None).await;
    for socket in public.iter_mut().chain(&mut inside) {
        socket.ask("a", DEEP, json!({ "after": first })).await;
    }
    other.ask("a", &DEEP.replace("number", "number title"), json!({ "after": first })).await;
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    let scene = app.scene("yanzhou", 2024, 8).await;
    let run = async {
        app.emit(&[published(scene)]).await;
        for (place, socket) in public.iter_mut().chain(&mut inside).enumerate() {
            let event = socket.event("a").await;
            assert_eq!(short(&event), told(ProgressEventKind::LightChanged, "yanzhou", 8));
            // Nobody is told what another may do.
            assert_eq!(event["task"]["standing"]["viewerCanSuspend"]["allowed"], json!(place >= 20), "{place}");
        }
        assert!(other.event("a").await["task"]["title"].is_string());
    };
    let (statements, ()) = app.statements_while(run).await;
    let of = |table: &str| statements.iter().filter(|statement| statement.contains(&format!("FROM \"{table}\""))).count();
    // One for the public, one for each of two sessions, and one for whoever asks something else.
    assert_eq!(of("acceptance"), 4, "{statements:#?}");
    assert_eq!(statements.iter().filter(|statement| statement.contains("\"progress_event\".\"sequence\" <=")).count(), 4);
}

async fn each_event_is_paid_for(app: App) {
    // Ten points come back in a second, 300 can be used at once, and subscriptions leave half of these.
    let app = app.within(Limits { account_points: 600, ..generous() });
    let served = app.serve().await;
    let office = app.actor("office", Role::Office, "yanzhou").await;
    let mut paying = Socket::begun(&served, Some(office.bearer())).await;
    let mut free = Socket::begun(&served, None).await;
    let first = happened(&app, 1).await.swap_remove(0);
    let begun = Instant::now();
    for socket in [&mut paying, &mut free] {
        socket.ask("a", FEED, json!({ "jurisdiction": "yanzhou", "after": first })).await;
    }
    happened(&app, 180).await;
    // This machine has no allowance by its address: it waits for nobody.
    for _ in 0..180 {
        free.event("a").await;
    }
    for told in 1..=180 {
        paying.event("a").await;
        let affordable = 150.0 + 10.0 * begun.elapsed().as_secs_f64() + 1.0;
        assert!(f64::from(told) <= affordable, "{told} events, of {affordable} that can be paid");
        if told == 160 {
            let left = office.data("{ budget { account { left } } }", json!({})).await["budget"]["account"]["left"].as_i64();
            assert!(left.is_some_and(|left| left > 100), "{left:?} are left for requests");
        }
    }
}

async fn what_was_missed_comes_in_pages_with_an_end(app: App) {
    let app = app.within(Limits { replay_events: 10, ..generous() });
    let served = app.serve().await;
    let all = happened(&app, 31).await;
    let mut again = Socket::begun(&served, None).await;
    let mut received = vec![all[0].clone()];
    for (page, length) in [("1", 10), ("2", 10), ("3", 10)] {
        let after = received[received.len() - 1].clone();
        again.ask(page, FEED, json!({ "jurisdiction": "yanzhou", "after": after })).await;
        for _ in 0..length {
            received.push(again.event(page).await["id"].clone());
        }
        // The last page is full and not cut off: from there it goes on.
        if page != "3" {
            assert_eq!(again.hear().await, json!({ "type": "complete", "id": page }));
        }
    }
    assert_eq!(received, all);
    let next = happened(&app, 12).await;
    for id in &next[31..] {
        assert_eq!(again.event("3").await["id"], *id, "what happens now is no page");
    }
}

async fn a_stream_of_what_was_missed_ends_too(app: App) {
    let app = app.within(Limits { replay_events: 10, ..generous() });
    let served = app.serve().await;
    let all = happened(&app, 15).await;
    let first = all[0].as_str().expect("an id");
    let mut stream = Stream::post(&served, FEED, json!({ "jurisdiction": "yanzhou" }), &[("Last-Event-ID", first)]).await;
    for id in &all[1..=10] {
        assert_eq!(stream.event().await.1["id"], *id);
    }
    assert_eq!(stream.next().await.expect("the end").event, "complete");
    assert_eq!(stream.next().await, None);
}
