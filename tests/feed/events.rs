//! Who is told what: in order, of every replica, and exactly those that may know.

use entity::{ProgressEventKind, Role};
use serde_json::json;

use crate::{
    cases,
    support::{
        app::App,
        follow::{FEED, Socket, Stream, internal, published, short, told},
    },
};

cases![
    events_come_in_order,
    exactly_those_that_may_know_are_told,
    a_jurisdiction_can_be_followed_without_those_below,
    an_event_of_a_hidden_notice_is_told_to_nobody_outside,
    a_replica_tells_what_another_has_written,
    what_was_given_up_is_told_to_nobody,
    a_slow_client_stops_nobody_else,
];

async fn events_come_in_order(app: App) {
    let served = app.serve().await;
    let mut socket = Socket::begun(&served, None).await;
    let mut stream = Stream::follow(&served, "jining", &[]).await;
    socket.follow("a", "jining", None).await;
    let scenes = [app.scene("yanzhou", 2024, 1).await, app.scene("yanzhou", 2024, 2).await, app.scene("jining-etdz", 2023, 3).await];
    // More than are read at once, from writers that wait for each other.
    let mut expected = Vec::new();
    for _ in 0..25 {
        app.emit(&scenes.map(published)).await;
        expected.extend([("yanzhou", 1), ("yanzhou", 2), ("jining-etdz", 3)]);
    }
    for (jurisdiction, number) in expected {
        let wanted = told(ProgressEventKind::LightChanged, jurisdiction, number);
        assert_eq!(short(&socket.event("a").await), wanted);
        assert_eq!(short(&stream.event().await.1), wanted);
    }
    assert_eq!(app.number("SELECT count(*) FROM progress_event").await, 75);
    assert_eq!(app.number("SELECT max(sequence) FROM progress_event").await, 75);
    served.stop().await;
}

async fn exactly_those_that_may_know_are_told(app: App) {
    let served = app.serve().await;
    // Whether each is told of what is internal to Yanzhou.
    let seats = [
        (None, "", false),
        (Some(Role::Unit), "yanzhou", true),
        (Some(Role::Office), "yanzhou", true),
        (Some(Role::Leader), "yanzhou", true),
        (Some(Role::Deputy), "yanzhou", false),
        (Some(Role::Admin), "jining", false),
        (Some(Role::Office), "jining", true),
        (Some(Role::Leader), "jining", true),
        (Some(Role::Unit), "jining", false),
        (Some(Role::Office), "jining-etdz", false),
        (Some(Role::Unit), "jining-etdz", false),
    ];
    let mut sockets = Vec::new();
    for (index, (role, jurisdiction, inside)) in seats.into_iter().enumerate() {
        let bearer = match role {
            Some(role) => Some(app.actor(&format!("seat-{index}"), role, jurisdiction).await.bearer().to_owned()),
            None => None,
        };
        let mut socket = Socket::begun(&served, bearer.as_deref()).await;
        socket.ask("a", FEED, json!({ "jurisdiction": "jining" })).await;
        sockets.push((socket, role, jurisdiction, inside));
    }
    tokio::time::sleep(std::time::Duration::from_millis(800)).await;
    let scene = app.scene("yanzhou", 2024, 8).await;
    app.emit(&[internal(scene), published(scene), internal(scene), published(scene)]).await;
    for (socket, role, jurisdiction, inside) in &mut sockets {
        for kind in [ProgressEventKind::CompletionClaimed, ProgressEventKind::LightChanged].repeat(2) {
            if *inside || kind == ProgressEventKind::LightChanged {
                assert_eq!(short(&socket.event("a").await), told(kind, "yanzhou", 8), "{role:?} of {jurisdiction}");
            }
        }
    }
    for (socket, ..) in sockets.iter_mut().take(2) {
        socket.silent().await;
    }
}

async fn a_jurisdiction_can_be_followed_without_those_below(app: App) {
    let served = app.serve().await;
    let mut socket = Socket::begun(&served, None).await;
    socket.ask("alone", FEED, json!({ "jurisdiction": "jining", "all": false })).await;
    socket.follow("other", "taibai-lake", None).await;
    let (city, district) = (app.scene("jining", 2022, 1).await, app.scene("yanzhou", 2024, 1).await);
    app.emit(&[published(district), published(city)]).await;
    assert_eq!(short(&socket.event("alone").await), told(ProgressEventKind::LightChanged, "jining", 1));
    socket.silent().await;
}

async fn an_event_of_a_hidden_notice_is_told_to_nobody_outside(app: App) {
    app.execute("UPDATE notice SET disclosure = 'WITHHELD' WHERE document_number = '济太管发〔2024〕1号'").await.expect("hidden");
    let served = app.serve().await;
    let office = app.actor("office", Role::Office, "taibai-lake").await;
    let mut public = Socket::begun(&served, None).await;
    let mut inside = Socket::begun(&served, Some(office.bearer())).await;
    public.follow("a", "jining", None).await;
    inside.follow("a", "jining", None).await;
    let scene = app.scene("taibai-lake", 2024, 1).await;
    app.emit(&[published(scene)]).await;
    let event = inside.event("a").await;
    public.silent().await;
    // Nor is there anything to resume after, for whoever cannot see it.
    public.ask("b", FEED, json!({ "jurisdiction": "jining", "after": event["id"] })).await;
    assert_eq!(public.failure("b").await, "BAD_USER_INPUT");
    assert!(app.data("query($id: ID!) { node(id: $id) { id } }", json!({ "id": event["id"] })).await["node"].is_null());
}

async fn a_replica_tells_what_another_has_written(app: App) {
    let other = app.replica_apart().await;
    let (here, there) = (app.serve().await, other.serve().await);
    let mut socket = Socket::begun(&here, None).await;
    let mut stream = Stream::follow(&there, "yanzhou", &[]).await;
    socket.follow("a", "yanzhou", None).await;
    let scenes = [app.scene("yanzhou", 2024, 1).await, app.scene("yanzhou", 2024, 2).await];
    for _ in 0..5 {
        app.emit(&[published(scenes[0])]).await;
        other.emit(&[published(scenes[1])]).await;
    }
    for number in [1, 2].repeat(5) {
        let wanted = told(ProgressEventKind::LightChanged, "yanzhou", number);
        assert_eq!(short(&socket.event("a").await), wanted);
        assert_eq!(short(&stream.event().await.1), wanted);
    }
}

async fn what_was_given_up_is_told_to_nobody(app: App) {
    use entity::Action;
    use minsheng::access::{policy, viewer::Viewer};

    let served = app.serve().await;
    let mut socket = Socket::begun(&served, None).await;
    socket.follow("a", "yanzhou", None).await;
    let scene = app.scene("yanzhou", 2024, 1).await;
    let permit = policy::authorise(&Viewer::Operator, Action::WatchTime, &[]).expect("the operator may");
    let mut writer = app.database.writing(permit).await.expect("a writer");
    writer.emit(&[published(scene)]).await.expect("it is written");
    writer.abandon().await.expect("it is given up");
    socket.silent().await;
}

async fn a_slow_client_stops_nobody_else(app: App) {
    let served = app.serve().await;
    let mut slow = Socket::begun(&served, None).await;
    let mut quick = Socket::begun(&served, None).await;
    // Answers large enough to fill whatever lies between the service and a client that reads nothing.
    let large = "subscription { progressEvents(jurisdiction: \"jining\") { id kind task { number notice { jurisdiction { code } tasks: projects { tasks { title summary } } } } } }";
    slow.ask("a", large, json!({})).await;
    quick.follow("a", "jining", None).await;
    let scene = app.scene("yanzhou", 2024, 1).await;
    let many: Vec<_> = std::iter::repeat_n(published(scene), 300).collect();
    app.emit(&many).await;
    for _ in 0..300 {
        assert_eq!(short(&quick.event("a").await), told(ProgressEventKind::LightChanged, "yanzhou", 1));
    }
    // It had to wait for none but itself, and misses nothing.
    for _ in 0..300 {
        slow.event("a").await;
    }
}
