//! A lock, a transfer, another role and an ended session hold at once, on what is open already too.

use chrono::TimeDelta;
use entity::{AccountId, ProgressEventKind, Role};
use minsheng::{
    access::viewer::Viewer,
    domain::people::account::Account,
    service::people::account::{AccountChange, Transfer},
    store::Visible,
};
use serde_json::{Value, json};

use crate::{
    cases,
    support::{
        app::App,
        follow::{FEED, Served, Socket, Stream, internal, published, short, told},
    },
};

cases![
    a_lock_ends_what_is_open,
    a_lock_on_another_replica_ends_what_is_open,
    another_role_narrows_what_is_told,
    a_transfer_narrows_what_is_told,
    signing_out_ends_what_is_open,
    a_session_that_another_ends_is_over,
    a_revoked_key_ends_what_is_open,
    an_expired_token_ends_what_is_open,
    nothing_that_happens_after_a_lock_is_told,
];

async fn account(app: &App, name: &str) -> Account {
    let visible = Visible::new(app.database.clone(), Viewer::Operator);
    let id = app.number_of(name).await;
    visible.account(id).await.expect("it is read").expect("an account")
}

impl App {
    async fn number_of(&self, name: &str) -> AccountId {
        let (account, _) = self.database.behind_username(name).await.expect("it is read").expect("an account");
        account.id
    }
}

async fn lock(app: &App, name: &str) {
    let account = account(app, name).await;
    app.service.lock_account(&app.operator(), account.id, account.version.into(), "测试").await.expect("it is locked");
}

/// An office of Yanzhou that follows, over both transports.
async fn following(app: &App, served: &Served, bearer: &str) -> (Socket, Stream) {
    let mut socket = Socket::begun(served, Some(bearer)).await;
    socket.follow("a", "yanzhou", None).await;
    let stream = Stream::follow(served, "yanzhou", &[("Authorization", &format!("Bearer {bearer}"))]).await;
    let scene = app.scene("yanzhou", 2024, 1).await;
    app.emit(&[internal(scene)]).await;
    let wanted = told(ProgressEventKind::CompletionClaimed, "yanzhou", 1);
    assert_eq!(short(&socket.event("a").await), wanted);
    (socket, stream)
}

/// Both end by themselves, saying why, although nothing happens.
async fn both_end((mut socket, mut stream): (Socket, Stream)) {
    assert_eq!(socket.failure("a").await, "UNAUTHENTICATED");
    assert_eq!(socket.closed().await, (4403, "Forbidden".to_owned()));
    loop {
        let sent = stream.next().await.expect("an event");
        if let Some(errors) = sent.data.get("errors") {
            assert_eq!((sent.event.as_str(), &errors[0]["extensions"]["code"]), ("next", &json!("UNAUTHENTICATED")));
            assert!(sent.data.get("data").is_none());
            break;
        }
    }
    let complete = stream.next().await.expect("an event");
    assert_eq!((complete.event.as_str(), complete.data), ("complete", Value::Null));
    assert_eq!(stream.next().await, None);
}

async fn a_lock_ends_what_is_open(app: App) {
    let served = app.serve().await;
    let office = app.actor("office", Role::Office, "yanzhou").await;
    let mut other = Socket::begun(&served, Some(app.actor("another", Role::Office, "yanzhou").await.bearer())).await;
    other.follow("a", "yanzhou", None).await;
    let open = following(&app, &served, office.bearer()).await;
    other.event("a").await;
    lock(&app, "office").await;
    both_end(open).await;
    let scene = app.scene("yanzhou", 2024, 2).await;
    app.emit(&[internal(scene)]).await;
    assert_eq!(short(&other.event("a").await), told(ProgressEventKind::CompletionClaimed, "yanzhou", 2), "others go on");
}

async fn a_lock_on_another_replica_ends_what_is_open(app: App) {
    let served = app.serve().await;
    let office = app.actor("office", Role::Office, "yanzhou").await;
    let open = following(&app, &served, office.bearer()).await;
    lock(&app.replica_apart().await, "office").await;
    both_end(open).await;
}

async fn another_role_narrows_what_is_told(app: App) {
    let served = app.serve().await;
    let office = app.actor("office", Role::Office, "yanzhou").await;
    let (mut socket, _stream) = following(&app, &served, office.bearer()).await;
    let before = account(&app, "office").await;
    let change = AccountChange { username: None, role: Some(Role::Deputy), unit: None, external_subject: None };
    app.service.change_account(&app.operator(), before.id, before.version.into(), change).await.expect("it is changed");
    let scene = app.scene("yanzhou", 2024, 2).await;
    app.emit(&[internal(scene), published(scene)]).await;
    assert_eq!(short(&socket.event("a").await), told(ProgressEventKind::LightChanged, "yanzhou", 2));
}

async fn a_transfer_narrows_what_is_told(app: App) {
    let served = app.serve().await;
    let office = app.actor("office", Role::Office, "yanzhou").await;
    let (mut socket, _stream) = following(&app, &served, office.bearer()).await;
    let before = account(&app, "office").await;
    let to = Transfer { jurisdiction: "jining-etdz".into(), unit: None };
    app.service.transfer_account(&app.operator(), before.id, before.version.into(), to).await.expect("it is transferred");
    let scene = app.scene("yanzhou", 2024, 2).await;
    app.emit(&[internal(scene), published(scene)]).await;
    assert_eq!(short(&socket.event("a").await), told(ProgressEventKind::LightChanged, "yanzhou", 2));
}

async fn signing_out_ends_what_is_open(app: App) {
    let served = app.serve().await;
    let office = app.actor("office", Role::Office, "yanzhou").await;
    let open = following(&app, &served, office.bearer()).await;
    let mut socket = Socket::begun(&served, Some(office.bearer())).await;
    socket.follow("feed", "yanzhou", None).await;
    // Over the very socket that follows.
    socket.ask("out", "mutation { signOut { ended } }", json!({})).await;
    let mut closed = false;
    for _ in 0..3 {
        let message = socket.hear().await;
        closed |= message["type"] == "error" && message["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED";
        if closed {
            break;
        }
    }
    assert!(closed);
    assert_eq!(socket.closed().await.0, 4403);
    both_end(open).await;
}

async fn a_session_that_another_ends_is_over(app: App) {
    let served = app.serve().await;
    let here = app.actor("office", Role::Office, "yanzhou").await;
    let there = app.sign_in("office").await;
    let open = following(&app, &served, here.bearer()).await;
    let sessions = here.data("{ viewer { sessions { id current } } }", json!({})).await;
    let own = sessions["viewer"]["sessions"].as_array().expect("sessions").iter().find(|session| session["current"] == true);
    let id = own.expect("the own session")["id"].clone();
    there.data("mutation($id: ID!) { endSession(input: { id: $id }) { ended } }", json!({ "id": id })).await;
    both_end(open).await;
}

async fn a_revoked_key_ends_what_is_open(app: App) {
    let served = app.serve().await;
    let office = app.actor("office", Role::Office, "yanzhou").await;
    let query = "mutation { createApiKey(input: { name: \"feed\", rights: READ, expiresAt: \"2027-01-01T00:00:00Z\" }) { apiKey { id } secret errors { code message } } }";
    let made = office.data(query, json!({})).await["createApiKey"].clone();
    let secret = made["secret"].as_str().unwrap_or_else(|| panic!("{made:#}")).to_owned();
    let open = following(&app, &served, &secret).await;
    office.data("mutation($id: ID!) { revokeApiKey(input: { id: $id }) { errors { code } } }", json!({ "id": made["apiKey"]["id"] })).await;
    both_end(open).await;
}

async fn an_expired_token_ends_what_is_open(app: App) {
    let served = app.serve().await;
    let office = app.actor("office", Role::Office, "yanzhou").await;
    let open = following(&app, &served, office.bearer()).await;
    app.pass(TimeDelta::minutes(11));
    both_end(open).await;
}

async fn nothing_that_happens_after_a_lock_is_told(app: App) {
    let served = app.serve().await;
    let scene = app.scene("yanzhou", 2024, 1).await;
    // On the replica, so that the lock and what follows it come as late as they can.
    let other = app.replica_apart().await;
    for index in 0..5 {
        let name = format!("office-{index}");
        let office = app.actor(&name, Role::Office, "yanzhou").await;
        let mut socket = Socket::begun(&served, Some(office.bearer())).await;
        socket.ask("a", FEED, json!({ "jurisdiction": "yanzhou" })).await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        lock(&other, &name).await;
        other.emit(&[internal(scene), published(scene)]).await;
        assert_eq!(socket.failure("a").await, "UNAUTHENTICATED");
    }
}
