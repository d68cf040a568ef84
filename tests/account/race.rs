//! What is asked for at the same moment: one of the two is done, and there is always an admin left.

use std::{collections::BTreeMap, sync::Arc};

use entity::{AccountId, AuditOutcome, Role};
use minsheng::{
    access::{reason::Reason, viewer::Viewer},
    service::{
        Refusal,
        people::account::{AccountChange, Transfer},
    },
    store::Visible,
};
use serde_json::{Value, json};

use crate::{
    refusal::{State, last_events, last_number},
    support::{
        actor::Actor,
        app::{App, Reply},
        global,
    },
};

const ROUNDS: i32 = 8;

const WORKING_ADMINS: &str = "SELECT count(*) FROM account WHERE role = 'ADMIN' AND locked_at IS NULL AND password_hash IS NOT NULL";

fn done(reply: &Reply, mutation: &str) -> bool {
    let payload = &reply.body["data"][mutation];
    payload.is_object() && payload["errors"] == json!([])
}

pub async fn of_two_changes_at_once_one_wins(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let office = app.actor("office", Role::Office, "yanzhou").await;
    let target = app.create("target", Role::Deputy, "yanzhou").await;
    for version in 1..=ROUNDS {
        let number = last_number(&app).await;
        let input = |name: &str| json!({ "id": global("account", target.id.0), "expectedVersion": version, "username": format!("{name}-{version}") });
        let (one, two) = tokio::join!(admin.ask("changeAccount", input("one")), office.ask("changeAccount", input("two")));
        let won = [&one, &two].map(|reply| done(reply, "changeAccount"));
        assert_eq!(won.iter().filter(|won| **won).count(), 1, "{}\n{}", one.text, two.text);
        let (winner, loser) = if won[0] { ("root", &two) } else { ("office", &one) };
        let extensions = &loser.body["errors"][0]["extensions"];
        assert_eq!(extensions["code"], "STALE_VERSION", "{}", loser.text);
        assert_eq!(extensions["current"]["version"], version + 1);
        assert_eq!(extensions["current"]["changedBy"], winner);
        assert_eq!(last_number(&app).await, number + 2);
        let mut outcomes: Vec<AuditOutcome> = last_events(&app, 2).await.iter().map(|event| event.outcome).collect();
        outcomes.sort_unstable();
        assert_eq!(outcomes, [AuditOutcome::Succeeded, AuditOutcome::Rejected]);
    }
}

pub async fn two_admins_cannot_remove_each_other(app: App) {
    let one = app.create("one", Role::Admin, "jining").await;
    let two = app.create("two", Role::Admin, "jining").await;
    for round in 0..ROUNDS {
        let (first, second) = tokio::join!(app.sign_in("one"), app.sign_in("two"));
        let (of_one, of_two) = (version(&app, one.id).await, version(&app, two.id).await);
        // Locking and taking the role away are two ways to the same end.
        let (mutation, change) =
            if round % 2 == 0 { ("lockAccount", json!({ "reason": "race" })) } else { ("changeAccount", json!({ "role": "OFFICE" })) };
        let ask = async |actor: &Actor<'_>, id: AccountId, version: i32| {
            let mut input = change.clone();
            input["id"] = global("account", id.0).into();
            input["expectedVersion"] = version.into();
            actor.ask(mutation, input).await
        };
        let (by_one, by_two) = tokio::join!(ask(&first, two.id, of_two), ask(&second, one.id, of_one));
        let won = [&by_one, &by_two].map(|reply| done(reply, mutation));
        assert_eq!(won.iter().filter(|won| **won).count(), 1, "{mutation}: {}\n{}", by_one.text, by_two.text);
        assert_eq!(app.number(WORKING_ADMINS).await, 1, "an admin is left");
        let (loser, removed) = if won[0] { (&by_two, two.id) } else { (&by_one, one.id) };
        // Whoever lost is an admin no more, and hears so.
        let code = &loser.body["errors"][0]["extensions"]["code"];
        assert!(["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND"].iter().any(|expected| code == expected), "{}", loser.text);
        let again = version(&app, removed).await;
        if round % 2 == 0 {
            app.service.unlock_account(&app.operator(), removed, again.into()).await.expect("unlocked");
        } else {
            let change = AccountChange { role: Some(Role::Admin), ..AccountChange::default() };
            app.service.change_account(&app.operator(), removed, again.into(), change).await.expect("an admin again");
        }
    }
}

async fn version(app: &App, id: AccountId) -> i32 {
    let found = Visible::new(app.database.clone(), Viewer::Operator).account(id).await;
    found.expect("a row").expect("an account").version
}

pub async fn the_last_admin_stays(app: App) {
    let last = app.create("last", Role::Admin, "jining").await;
    let gone = app.create("gone", Role::Admin, "jining").await;
    app.create("office", Role::Office, "jining").await;
    let operator = app.operator();
    app.service.lock_account(&operator, gone.id, 1, "left").await.expect("another is left");
    let before = State::of(&app).await;
    let locked = app.service.lock_account(&operator, last.id, 1, "the last").await;
    assert!(matches!(locked, Err(Refusal::Forbidden(Reason::LastAdmin))), "{locked:?}");
    for role in [Role::Office, Role::Leader, Role::Deputy] {
        let change = AccountChange { role: Some(role), ..AccountChange::default() };
        let changed = app.service.change_account(&operator, last.id, 1, change).await;
        assert!(matches!(changed, Err(Refusal::Forbidden(Reason::LastAdmin))), "{changed:?}");
    }
    assert_eq!(State::of(&app).await.changed_since(&before), Vec::<&str>::new(), "nothing changed");
    for event in last_events(&app, 4).await {
        assert_eq!((event.outcome, event.reason.as_deref()), (AuditOutcome::Denied, Some("LAST_ADMIN")));
        assert_eq!((event.actor, event.address, event.subject.map(|subject| subject.id)), (None, None, Some(last.id.0)));
    }
    // What leaves the admin an admin who can sign in may be done.
    let to = Transfer { jurisdiction: "yanzhou".to_owned(), unit: None };
    app.service.transfer_account(&operator, last.id, 1, to).await.expect("transferred");
    app.service.reset_password(&operator, last.id, 2).await.expect("another password");
    app.service.unlock_account(&operator, gone.id, 2).await.expect("unlocked");
    app.service.lock_account(&operator, last.id, 3, "not the last").await.expect("locked");
}

pub async fn of_two_accounts_with_one_name_one_is_made(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let office = app.actor("office", Role::Office, "yanzhou").await;
    for round in 0..ROUNDS {
        let input = |name: String| json!({ "username": name, "role": "DEPUTY", "jurisdiction": "yanzhou", "externalSubject": name });
        let (one, two) = tokio::join!(
            admin.payload("createAccount", input(format!("name-{round}"))),
            office.payload("createAccount", input(format!("NAME-{round}")))
        );
        let made = [&one, &two].into_iter().filter(|payload| payload["account"].is_object()).count();
        assert_eq!(made, 1, "{one:#}\n{two:#}");
        let faults: Vec<&Value> = [&one, &two].into_iter().flat_map(|payload| payload["errors"].as_array().expect("errors")).collect();
        assert_eq!(faults.iter().map(|fault| fault["code"].as_str()).collect::<Vec<_>>(), [Some("USERNAME_TAKEN")]);
    }
}

pub async fn of_two_accounts_that_look_alike_one_is_made(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let office = app.actor("office", Role::Office, "yanzhou").await;
    for round in 0..ROUNDS {
        let input = |name: String| json!({ "username": name, "role": "DEPUTY", "jurisdiction": "yanzhou", "externalSubject": name });
        let (one, two) = tokio::join!(
            admin.payload("createAccount", input(format!("level-{round}"))),
            office.payload("createAccount", input(format!("1evel-{round}")))
        );
        let made = [&one, &two].into_iter().filter(|payload| payload["account"].is_object()).count();
        assert_eq!(made, 1, "{one:#}\n{two:#}");
        let faults: Vec<&Value> = [&one, &two].into_iter().flat_map(|payload| payload["errors"].as_array().expect("errors")).collect();
        assert_eq!(faults.iter().map(|fault| fault["code"].as_str()).collect::<Vec<_>>(), [Some("USERNAME_LOOKS_LIKE_ANOTHER")]);
    }
}

/// More at once than the database has connections, all from the same version: those who come too late must not need another
/// connection while they hold the turn that the others wait for.
pub async fn of_many_changes_at_once_one_wins(app: App) {
    const MANY: usize = 40;
    let admin = app.actor("root", Role::Admin, "jining").await;
    let target = app.create("target", Role::Deputy, "yanzhou").await;
    let number = last_number(&app).await;
    let bearer = admin.bearer().to_owned();
    let id = global("account", target.id.0);
    let app = Arc::new(app);
    let asked: Vec<_> = (0..MANY)
        .map(|asking| {
            let (app, bearer, id) = (Arc::clone(&app), bearer.clone(), id.clone());
            tokio::spawn(async move {
                let input = json!({ "id": id, "expectedVersion": 1, "username": format!("name-{asking}") });
                app.bearing(&bearer).ask("changeAccount", input).await
            })
        })
        .collect();
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for answer in asked {
        let reply = answer.await.expect("an answer");
        let code = reply.body["errors"][0]["extensions"]["code"].as_str();
        *told.entry(code.unwrap_or("done").to_owned()).or_default() += 1;
    }
    let events = last_number(&app).await - number;
    let expected = BTreeMap::from([("done".to_owned(), 1), ("STALE_VERSION".to_owned(), MANY - 1)]);
    assert_eq!((told, events), (expected, i64::try_from(MANY).expect("a number")));
}

pub async fn of_many_keys_at_once_no_more_are_made_than_allowed(app: App) {
    let office = app.actor("office", Role::Office, "yanzhou").await;
    let key = "mutation { createApiKey(input: { name: \"key\", expiresAt: \"2027-01-01T00:00:00Z\" }) { apiKey { id } errors { code } } }";
    for _ in 0..18 {
        assert_eq!(office.data(key, json!({})).await["createApiKey"]["errors"], json!([]));
    }
    let made = tokio::join!(
        office.data(key, json!({})),
        office.data(key, json!({})),
        office.data(key, json!({})),
        office.data(key, json!({})),
        office.data(key, json!({}))
    );
    assert_eq!(app.number("SELECT count(*) FROM api_key WHERE revoked_at IS NULL").await, 20, "{made:#?}");
    // One that is revoked twice at once is revoked once.
    let id = office.data("{ viewer { account { apiKeys { id } } } }", json!({})).await["viewer"]["account"]["apiKeys"][0]["id"].clone();
    let revoke = "mutation($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { revokedAt } } }";
    let (one, two) = tokio::join!(office.post(revoke, json!({ "id": id })), office.post(revoke, json!({ "id": id })));
    let done = app.number("SELECT count(*) FROM audit_event WHERE action = 'REVOKE_API_KEY' AND outcome = 'SUCCEEDED'").await;
    assert_eq!(done, 1, "{}\n{}", one.text, two.text);
}
