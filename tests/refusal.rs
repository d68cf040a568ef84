//! Every mutation, asked for by each kind of wrong caller and with each kind of wrong input: refused with the right code, nothing
//! changed, one event. What the public may do to nothing leaves no event, and is counted.

mod input;
mod ledger;
mod scene;
mod told;
mod work;
mod work_rows;

use chrono::TimeDelta;
use entity::{AuditOutcome, Proof};
use minsheng::{
    access::{reason::Reason, root_field::MUTATIONS},
    domain::audit::AuditEvent,
    service::Cause,
};
use serde_json::{Value, json};

use crate::{
    cases,
    support::{actor::PASSWORD, app::App, app::Reply, global},
};
use input::{
    a_malformed_id_is_of_nothing, an_attempt_too_many_is_recorded, an_old_version_is_told, wrong_input_is_told_and_changes_nothing,
};
pub use ledger::{State, last_events, last_number, texts};
pub use scene::Scene;
use scene::{action, with};
use told::what_is_told_not_to_be_allowed_is_refused_for_that_reason;
pub use work_rows::MUTATIONS as OF_WORK;
use work_rows::{a_post_is_told_which_task_it_is_not_for, what_is_of_a_withdrawn_notice_is_refused};

cases![
    right_callers_are_let_through_by_every_mutation,
    wrong_callers_are_refused_by_every_mutation,
    an_office_gives_no_more_than_it_has_and_moves_nothing_out,
    what_is_over_or_as_it_should_be_is_refused,
    a_locked_account_is_nobody_to_every_mutation,
    wrong_credentials_are_refused,
    wrong_input_is_told_and_changes_nothing,
    an_old_version_is_told,
    an_attempt_too_many_is_recorded,
    a_malformed_id_is_of_nothing,
    a_post_is_told_which_task_it_is_not_for,
    what_is_of_a_withdrawn_notice_is_refused,
    what_is_told_not_to_be_allowed_is_refused_for_that_reason,
];

/// Who asks, on whose, and what comes of it: the reason, or `None` for what is hidden.
type Row = (&'static str, &'static str, Option<Reason>);

const NOBODY: Row = ("", "target", Some(Reason::SignInFirst));
const READ_KEY: Row = ("read-key", "target", Some(Reason::ReadOnlyKey));
const FULL_KEY: Row = ("full-key", "admin", Some(Reason::NotByKey));
const TEMPORARY: Row = ("temporary", "target", Some(Reason::PasswordTemporary));

/// The wrong callers of what is done to an account. `mine` is an account that the office of Yanzhou looks after, `above` the like
/// in the city, `peer` an office's.
fn of_accounts(mine: &'static str, above: &'static str, peer: &'static str) -> Vec<Row> {
    vec![
        ("", mine, Some(Reason::SignInFirst)),
        ("unit", mine, Some(Reason::RoleMayNot)),
        ("leader", mine, Some(Reason::RoleMayNot)),
        ("deputy", mine, Some(Reason::RoleMayNot)),
        ("unit", "unit", Some(Reason::RoleMayNot)),
        ("sibling", mine, None),
        ("office", above, None),
        ("office", peer, None),
        // Above is not enough: offices are for admins to look after.
        ("city-office", peer, None),
        ("city-office", "admin", None),
        ("read-key", mine, Some(Reason::ReadOnlyKey)),
        ("temporary", mine, Some(Reason::PasswordTemporary)),
        ("temporary", "temporary", Some(Reason::PasswordTemporary)),
        ("admin", "admin", Some(Reason::OwnAccount)),
        ("office", "office", Some(Reason::OwnAccount)),
        ("full-key", "admin", Some(Reason::NotByKey)),
        ("full-key", mine, Some(Reason::NotByKey)),
    ]
}

fn wrong_callers(mutation: &str) -> Vec<Row> {
    match mutation {
        "changeAccount" | "lockAccount" | "transferAccount" | "resetPassword" => of_accounts("target", "city-target", "peer"),
        "unlockAccount" => of_accounts("locked", "city-locked", "peer-locked"),
        "createAccount" => vec![
            NOBODY,
            ("unit", "target", Some(Reason::RoleMayNot)),
            ("leader", "target", Some(Reason::RoleMayNot)),
            ("deputy", "target", Some(Reason::RoleMayNot)),
            ("sibling", "target", Some(Reason::OutsideJurisdiction)),
            READ_KEY,
            FULL_KEY,
            TEMPORARY,
        ],
        "createApiKey" => vec![NOBODY, READ_KEY, FULL_KEY, TEMPORARY],
        "revokeApiKey" => vec![
            NOBODY,
            READ_KEY,
            FULL_KEY,
            TEMPORARY,
            ("unit", "target", None),
            ("leader", "target", None),
            ("deputy", "target", None),
            ("sibling", "target", None),
            ("office", "city-target", None),
            ("office", "peer", None),
            ("city-office", "admin", None),
        ],
        "endSession" => vec![
            NOBODY,
            READ_KEY,
            FULL_KEY,
            ("unit", "target", None),
            ("sibling", "target", None),
            // Sessions are their owner's alone, whoever looks after the account.
            ("office", "target", None),
            ("admin", "target", None),
            ("temporary", "target", None),
        ],
        "signOut" | "signOutEverywhere" | "changePassword" => vec![NOBODY, READ_KEY, FULL_KEY],
        // Open to anybody; what they refuse is in `wrong_credentials_are_refused`.
        "signIn" | "refreshSession" => Vec::new(),
        work => work_rows::wrong_callers(work),
    }
}

/// How a caller is known in an event: their name, and what they presented.
fn known_as(caller: &str) -> (Option<&str>, Proof) {
    match caller {
        "" => (None, Proof::None),
        "read-key" | "full-key" => (Some("admin"), Proof::ApiKey),
        name => (Some(name), Proof::Session),
    }
}

/// What is looked at before something is refused, to compare with afterwards.
struct Watch<'a> {
    scene: &'a Scene<'a>,
    state: State,
    number: i64,
    /// Whether the tables are compared after each refusal, or by whoever asks for many of one kind, at the end.
    each_time: bool,
}

impl<'a> Watch<'a> {
    async fn over(scene: &'a Scene<'a>) -> Self {
        Self { scene, state: State::of(scene.app).await, number: last_number(scene.app).await, each_time: true }
    }

    /// The same for many refusals of one kind.
    async fn over_many(scene: &'a Scene<'a>) -> Self {
        Self { each_time: false, ..Self::over(scene).await }
    }

    /// Nothing has changed but these tables.
    async fn unchanged_but(&mut self, counted: &[&str], what: &str) {
        let state = State::of(self.scene.app).await;
        let changed = state.changed_since(&self.state);
        assert!(changed.iter().all(|table| counted.contains(table)), "{what} changed {changed:?}");
        self.state = state;
    }

    /// Asks for what must be refused: nothing but `counted` changes, and one event tells of it.
    async fn refused(&mut self, caller: &str, mutation: &str, input: &Value, counted: &[&str]) -> (Reply, AuditEvent) {
        let app = self.scene.app;
        let what = format!("{mutation} by `{caller}` with {input}");
        let request_id = format!("r-{}", self.number);
        let reply = self.scene.ask(caller, mutation, input, &request_id).await;
        if self.each_time {
            self.unchanged_but(counted, &what).await;
        }
        assert_eq!(last_number(app).await, self.number + 1, "{what}: one event\n{}", reply.text);
        let event = last_events(app, 1).await.swap_remove(0);
        let (name, credential) = known_as(caller);
        assert_eq!(event.action, action(mutation), "{what}");
        assert_eq!(event.actor.as_ref().map(|actor| actor.username.as_str()), name, "{what}");
        assert_eq!(event.credential, credential, "{what}");
        assert_eq!(event.request_id, request_id, "{what}");
        assert_eq!(event.address.as_deref(), Some("192.0.2.1"), "{what}");
        assert_eq!(event.at, app.now(), "{what}");
        assert_eq!(event.changes, "{}", "{what}");
        self.number += 1;
        (reply, event)
    }

    /// The same for what is not allowed: a reason, or `None` where it is hidden.
    async fn denied(&mut self, caller: &str, mutation: &str, input: &Value, reason: Option<Reason>) -> AuditEvent {
        let what = format!("{mutation} by `{caller}` with {input}");
        let (reply, event) = self.refused(caller, mutation, input, &[]).await;
        let word = says_why(&reply, mutation, reason, &what);
        assert_eq!((event.outcome, event.reason.as_deref()), (AuditOutcome::Denied, Some(word)), "{what}");
        event
    }

    /// Asks as the public for what must be refused: nothing at all changes, the audit included, and one more is counted.
    async fn turned_away(&mut self, mutation: &str, input: &Value, cause: Cause) -> Reply {
        let what = format!("{mutation} by the public with {input}");
        let count = || {
            let counts = self.scene.app.service.unrecorded();
            counts.iter().find(|(of, why, _)| (*of, *why) == (action(mutation), cause)).map_or(0, |(.., count)| *count)
        };
        let before = count();
        let reply = self.scene.ask("", mutation, input, "turned-away").await;
        assert_eq!(count(), before + 1, "{what}");
        assert_eq!(last_number(self.scene.app).await, self.number, "{what}: no event");
        if self.each_time {
            self.unchanged_but(&[], &what).await;
        }
        reply
    }

    /// The same for wrong input or wrong credentials, which are told in the payload.
    async fn faulted(&mut self, caller: &str, mutation: &str, input: &Value, faults: &[&str], counted: &[&str]) -> AuditEvent {
        let what = format!("{mutation} by `{caller}` with {input}");
        let (reply, event) = self.refused(caller, mutation, input, counted).await;
        assert!(reply.body.get("errors").is_none(), "{what}: {}", reply.text);
        let told = reply.body["data"][mutation]["errors"].as_array().unwrap_or_else(|| panic!("{what}: {}", reply.text));
        let told: Vec<&str> = told.iter().map(|fault| fault["code"].as_str().expect("a code")).collect();
        assert_eq!(told, faults, "{what}");
        assert_eq!(event.reason.as_deref(), Some(faults.join(" ").as_str()), "{what}");
        event
    }
}

/// The answer is one error, with the code and the reason. Returns the word that the audit has for it.
fn says_why(reply: &Reply, mutation: &str, reason: Option<Reason>, what: &str) -> &'static str {
    let errors = reply.body["errors"].as_array().unwrap_or_else(|| panic!("{what}: {}", reply.text));
    assert_eq!((errors.len(), &errors[0]["path"]), (1, &json!([mutation])), "{what}: {}", reply.text);
    assert!(reply.body["data"][mutation].is_null(), "{what}: {}", reply.text);
    let (code, word) = match reason {
        None => ("NOT_FOUND", "NOT_FOUND"),
        Some(Reason::SignInFirst) => ("UNAUTHENTICATED", "SIGN_IN_FIRST"),
        Some(reason) => ("FORBIDDEN", reason.word()),
    };
    let extensions = &errors[0]["extensions"];
    assert_eq!(extensions["code"], code, "{what}: {}", reply.text);
    assert_eq!(extensions["reason"], reason.map_or(Value::Null, |reason| reason.word().into()), "{what}");
    word
}

/// Who asks for what they may, on whose: with them the inputs below are all right, so that with others nothing but these is wrong.
pub fn right_caller(mutation: &str) -> (&'static str, &'static str) {
    match mutation {
        "changeAccount" | "lockAccount" | "resetPassword" | "transferAccount" => ("office", "target"),
        "unlockAccount" => ("office", "locked"),
        "createAccount" => ("office", "office"),
        "revokeApiKey" => ("office", "leader"),
        "changePassword" | "createApiKey" | "signOutEverywhere" => ("leader", "leader"),
        "endSession" => ("deputy", "deputy"),
        "refreshSession" | "signIn" => ("", "unit"),
        "signOut" => ("unit", "unit"),
        work => work_rows::right_caller(work),
    }
}

/// Something that a mutation can be tried on, by whomever.
fn tried_on(mutation: &str) -> &'static str {
    if work_rows::MUTATIONS.contains(&mutation) { right_caller(mutation).1 } else { "target" }
}

async fn right_callers_are_let_through_by_every_mutation(app: App) {
    let mut scene = Scene::of(&app).await;
    for (mutation, _) in MUTATIONS {
        let (caller, owner) = right_caller(mutation);
        scene.look_again(owner).await;
        let (state, number) = (State::of(&app).await, last_number(&app).await);
        let reply = scene.ask(caller, mutation, &scene.input(mutation, owner).0, "right").await;
        assert!(reply.body.get("errors").is_none(), "{mutation}: {}", reply.text);
        assert_eq!(reply.body["data"][mutation]["errors"], json!([]), "{mutation}: {}", reply.text);
        assert!(!State::of(&app).await.changed_since(&state).is_empty(), "{mutation} changes something");
        assert_eq!(last_number(&app).await, number + 1, "{mutation}");
        assert_eq!(last_events(&app, 1).await[0].outcome, AuditOutcome::Succeeded, "{mutation}");
    }
}

async fn wrong_callers_are_refused_by_every_mutation(app: App) {
    let scene = Scene::of(&app).await;
    let mut watch = Watch::over(&scene).await;
    let mut by_the_public = 0;
    for (mutation, _) in MUTATIONS {
        for (caller, owner, reason) in wrong_callers(mutation) {
            let (input, about) = scene.input(mutation, owner);
            if caller.is_empty() {
                let reply = watch.turned_away(mutation, &input, Cause::NotSignedIn).await;
                says_why(&reply, mutation, reason, mutation);
                by_the_public += 1;
                continue;
            }
            let event = watch.denied(caller, mutation, &input, reason).await;
            let subject = event.subject.map(|subject| (subject.kind, subject.id));
            if about.is_some() {
                assert_eq!(subject, about, "{mutation} by `{caller}` on {owner}");
            }
        }
    }
    assert_eq!(by_the_public, MUTATIONS.len() - 2, "all but signing in and renewing a session");
}

async fn an_office_gives_no_more_than_it_has_and_moves_nothing_out(app: App) {
    let scene = Scene::of(&app).await;
    let mut watch = Watch::over(&scene).await;
    let (change, _) = scene.input("changeAccount", "target");
    let (transfer, _) = scene.input("transferAccount", "target");
    for office in ["office", "city-office"] {
        for role in ["OFFICE", "ADMIN"] {
            let input = json!({ "username": "made", "role": role, "jurisdiction": "yanzhou" });
            watch.denied(office, "createAccount", &input, Some(Reason::MoreThanYouHave)).await;
            let input = with(change.clone(), &json!({ "role": role, "unit": null }));
            watch.denied(office, "changeAccount", &input, Some(Reason::MoreThanYouHave)).await;
        }
    }
    for outside in ["jining", "taibai-lake", "jining-etdz"] {
        let input = json!({ "username": "made", "role": "DEPUTY", "jurisdiction": outside });
        watch.denied("office", "createAccount", &input, Some(Reason::OutsideJurisdiction)).await;
        let unit = if outside == "jining-etdz" { Value::Null } else { scene.unit(outside).into() };
        let input = with(transfer.clone(), &json!({ "jurisdiction": outside, "unit": unit }));
        watch.denied("office", "transferAccount", &input, Some(Reason::OutsideJurisdiction)).await;
    }
}

async fn what_is_over_or_as_it_should_be_is_refused(app: App) {
    let scene = Scene::of(&app).await;
    let mut watch = Watch::over(&scene).await;
    for caller in ["admin", "city-office", "office"] {
        let (input, _) = scene.input("lockAccount", "locked");
        watch.denied(caller, "lockAccount", &input, Some(Reason::AlreadyLocked)).await;
        let (input, _) = scene.input("unlockAccount", "target");
        watch.denied(caller, "unlockAccount", &input, Some(Reason::NotLocked)).await;
    }
    let thing = &scene.things["target"];
    let ended = json!({ "id": global("session", thing.ended_session) });
    watch.denied("target", "endSession", &ended, Some(Reason::AlreadyEnded)).await;
    let revoked = json!({ "id": global("apikey", thing.revoked_key) });
    for caller in ["target", "office", "city-office", "admin"] {
        watch.denied(caller, "revokeApiKey", &revoked, Some(Reason::AlreadyEnded)).await;
    }
    // Whoever may not know of it does not learn that it is over either.
    watch.denied("sibling", "revokeApiKey", &revoked, None).await;
    watch.denied("admin", "endSession", &ended, None).await;
}

/// Who cannot prove who they are is turned away before their document is read: there is no action to record yet.
async fn a_locked_account_is_nobody_to_every_mutation(app: App) {
    let scene = Scene::of(&app).await;
    let before = State::of(&app).await;
    let number = last_number(&app).await;
    for caller in ["barred", "locked"] {
        for (mutation, _) in MUTATIONS {
            let (input, _) = scene.input(mutation, tried_on(mutation));
            let reply = scene.ask(caller, mutation, &input, "locked-out").await;
            assert_eq!(reply.status, 401, "{mutation}: {}", reply.text);
            assert!(reply.headers.contains_key("www-authenticate"), "{mutation}");
            assert_eq!(reply.body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{mutation}");
            assert!(reply.body.get("data").is_none(), "{mutation}: {}", reply.text);
        }
    }
    assert_eq!(State::of(&app).await.changed_since(&before), Vec::<&str>::new());
    assert_eq!(last_number(&app).await, number);
}

async fn wrong_credentials_are_refused(app: App) {
    let scene = Scene::of(&app).await;
    let mut watch = Watch::over(&scene).await;
    let counted = ["sign_in_throttle"];
    // Also for who is signed in already: what counts is what is presented. The key goes first, while its last use is fresh.
    for caller in ["full-key", "", "unit"] {
        for (username, password, fault, about) in [
            ("target", "not-the-password-1", "INVALID_CREDENTIALS", Some("target")),
            ("nobody", PASSWORD, "INVALID_CREDENTIALS", None),
            ("no name", PASSWORD, "INVALID_CREDENTIALS", None),
            ("locked", "not-the-password-1", "INVALID_CREDENTIALS", Some("locked")),
            ("locked", PASSWORD, "ACCOUNT_LOCKED", Some("locked")),
        ] {
            let input = json!({ "username": username, "password": password });
            let event = watch.faulted(caller, "signIn", &input, &[fault], &counted).await;
            assert_eq!(event.outcome, AuditOutcome::Denied);
            assert_eq!(event.subject.map(|subject| subject.id), about.map(|about| scene.things[about].id), "{username}");
            // Long enough for no attempt to have to wait.
            app.pass(TimeDelta::seconds(5));
        }
        let signed_out = &scene.things["locked"];
        for (token, about) in [
            ("", None),
            ("msr_unknown", None),
            ("nul\0", None),
            // Locked, which ended its sessions; and locked with its session left open.
            (signed_out.refresh_token.as_str(), Some(signed_out.session)),
            (&scene.things["barred"].refresh_token, Some(scene.things["barred"].session)),
        ] {
            // A token that nobody has ever had is about nothing: the public leaves no event with it.
            if caller.is_empty() && about.is_none() {
                let reply = watch.turned_away("refreshSession", &json!({ "refreshToken": token }), Cause::OfNobody).await;
                assert_eq!(reply.body["data"]["refreshSession"]["errors"][0]["code"], "INVALID_CREDENTIALS", "{}", reply.text);
                continue;
            }
            let event = watch.faulted(caller, "refreshSession", &json!({ "refreshToken": token }), &["INVALID_CREDENTIALS"], &[]).await;
            assert_eq!(event.outcome, AuditOutcome::Denied);
            assert_eq!(event.subject.map(|subject| subject.id), about, "{token}");
        }
    }
}
