//! What writes besides mutations: steps of the schema, seeds, commands, the demo, and the passing of time.

use entity::Role;
use minsheng::{
    access::password::Password,
    service::{
        notices::seed::{self, Source},
        people::account::{InitialPassword, NewAccount},
        progress::watch::Watched,
    },
};

use super::{fill, free};
use crate::{
    cases,
    refusal::{State, last_number},
    support::{actor::PASSWORD, app::App, backend::Backend},
};

cases![the_schema_and_the_seeds_come_whole_or_not_at_all, commands_and_the_passing_of_time_are_stored_or_fail];

async fn the_schema_and_the_seeds_come_whole_or_not_at_all(app: App) {
    // PostgreSQL has no bound for one database.
    if app.backend == Backend::Postgres {
        return;
    }
    let fresh = app.backend.empty_database().await.expect("an empty database");
    let empty = App::at(fresh.backend, &format!("{}?mode=rwc", fresh.url)).await;
    let tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table'";
    empty.database.bound_pages(Some(1));
    empty.database.migrate().await.expect_err("no room");
    assert_eq!(empty.number(tables).await, 0);
    empty.database.bound_pages(None);
    empty.database.migrate().await.expect("room");
    assert!(empty.number(tables).await > 40);

    let rows = "SELECT (SELECT count(*) FROM jurisdiction) + (SELECT count(*) FROM unit) + (SELECT count(*) FROM search_entry)";
    empty.database.bound_pages(Some(1));
    seed::load(&empty.database, &Source::Embedded).await.expect_err("no room");
    assert_eq!(empty.number(rows).await, 0);
    empty.database.bound_pages(None);
    let tally = seed::load(&empty.database, &Source::Embedded).await.expect("room");
    assert!(tally.added > 400 && empty.number(rows).await > 400, "{tally:?}");
    drop(empty);
    fresh.remove().await;
}

async fn commands_and_the_passing_of_time_are_stored_or_fail(app: App) {
    app.create("first", Role::Deputy, "yanzhou").await;
    // W15 of the notice of Taibai Lake is due by then, and nobody has reported.
    app.travel_to("2024-04-16T15:00:00Z");
    app.service.watch_time().await.expect("a look");
    app.travel_to("2024-04-16T16:00:01Z");
    fill(&app).await;
    let new = |username: &str| NewAccount {
        username: username.to_owned(),
        role: Role::Deputy,
        jurisdiction: "yanzhou".to_owned(),
        unit: None,
        external_subject: None,
        password: InitialPassword::Given(Password::new(PASSWORD)),
    };
    let (before, number) = (State::of(&app).await, last_number(&app).await);
    app.service.create_account(&app.operator(), new("second")).await.expect_err("no room");
    app.service.watch_time().await.expect_err("no room");
    app.service.prepare_demonstration(&app.operator()).await.expect_err("no room");
    assert_eq!((State::of(&app).await.changed_since(&before), last_number(&app).await), (Vec::<&str>::new(), number));

    free(&app).await;
    app.service.create_account(&app.operator(), new("second")).await.expect("an account");
    let watched = app.service.watch_time().await.expect("a look");
    let demonstration = app.service.prepare_demonstration(&app.operator()).await.expect("the demo");
    assert_eq!(app.number("SELECT count(*) FROM account WHERE username = 'second'").await, 1);
    let overdue = app.number("SELECT count(*) FROM progress_event WHERE kind = 'DUTY_OVERDUE'").await;
    assert!(watched != Watched::default() && overdue >= i64::try_from(watched.overdue).expect("a number"), "{watched:?}");
    let accounts = i64::try_from(demonstration.accounts.len()).expect("a number");
    assert_eq!(app.number("SELECT count(*) FROM account").await, accounts + 2);
    assert_eq!(app.service.verify_audit(|_, _| {}).await.expect("it can be verified").breach, None);
}
