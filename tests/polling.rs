//! Polling: an answer has a name, by which whoever has it asks whether it still holds. That costs nothing, and is never wrong.

use std::{fs, time::Duration};

use axum::http::StatusCode;
use chrono::TimeDelta;
use entity::Role;
use minsheng::service::notices::seed::{self, Source};
use serde_json::json;
use tokio::time::{sleep, timeout};

use crate::{
    cases,
    support::{
        app::{App, Reply},
        backend::Backend,
        follow::{SOON, published},
        sample,
    },
};

cases![
    an_answer_that_holds_is_not_sent_again_and_asks_nothing_of_the_database,
    whatever_may_be_seen_otherwise_has_another_name,
    what_nobody_sees_changes_no_name,
    another_process_is_heard,
    another_question_has_another_name,
    only_whole_answers_to_the_public_have_a_name,
    what_is_not_certain_has_no_name,
];

const QUERY: &str = "/graphql?query=%7Btopics%7Bcode%7D%7D";
const BROKEN: &str = "/graphql?query=%7Btopics%7Bcode%7Dnode(id%3A%22x%22)%7Bid%7D%7D";
const NOTHING: &str = "/graphql?query=%7Bnothing%7D";

/// Asks until the answer has a name: the first who asks wakes the bus.
async fn named(app: &App, path: &str, headers: &[(&str, &str)]) -> (String, Reply) {
    timeout(SOON, async {
        loop {
            let reply = app.get(path, headers).await;
            if let Some(tag) = reply.headers.get("etag") {
                return (tag.to_str().expect("a text").to_owned(), reply);
            }
            assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
            assert_eq!(reply.headers["cache-control"], "no-store");
            sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .expect("a name")
}

async fn tag(app: &App) -> String {
    named(app, QUERY, &[]).await.0
}

async fn ask_again(app: &App, tag: &str) -> Reply {
    app.get(QUERY, &[("if-none-match", tag)]).await
}

/// Asks whether an answer still holds, until it can be told for certain that it does.
async fn still_holds(app: &App, tag: &str) {
    timeout(SOON, async {
        loop {
            let reply = ask_again(app, tag).await;
            if reply.status == StatusCode::NOT_MODIFIED {
                return;
            }
            // It was not certain, or it has the same name.
            assert!(reply.headers.get("etag").is_none_or(|now| now == tag), "{:?}", reply.headers);
            sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .expect("it still holds");
}

async fn an_answer_that_holds_is_not_sent_again_and_asks_nothing_of_the_database(app: App) {
    let (tag, reply) = named(&app, QUERY, &[]).await;
    assert_eq!(reply.headers["cache-control"], "public, no-cache");
    let vary: Vec<_> = reply.headers.get_all("vary").iter().map(|line| line.to_str().expect("a text").to_ascii_lowercase()).collect();
    let vary = vary.join(", ");
    assert!(["accept", "accept-language", "authorization"].iter().all(|name| vary.contains(name)), "{vary}");
    still_holds(&app, &tag).await;
    // The statements of the bus, which looks once a second for everybody, are not those of the question.
    app.forget_statements();
    let mut told = 0;
    for tags in [&tag, &format!("\"other\", {tag}"), &tag.trim_start_matches("W/").to_owned()] {
        let again = ask_again(&app, tags).await;
        if again.status == StatusCode::NOT_MODIFIED {
            told += 1;
            assert_eq!((again.text.as_str(), &again.headers["etag"]), ("", reply.headers.get("etag").expect("a tag")));
            assert_eq!(again.headers["cache-control"], "public, no-cache");
            let varies = again.headers.get_all("vary").iter().any(|value| value == "accept-encoding");
            assert!(varies, "as the answer does: {:?}", again.headers);
        }
    }
    let others: Vec<_> = app.statements().into_iter().filter(|statement| !statement.contains("audit_head")).collect();
    assert_eq!((told, others), (3, Vec::<String>::new()));
    assert_eq!(app.get(NOTHING, &[("if-none-match", "*")]).await.status, StatusCode::OK, "no answer of ours");
    assert_eq!(ask_again(&app, "W/\"other\"").await.status, StatusCode::OK);
}

async fn whatever_may_be_seen_otherwise_has_another_name(app: App) {
    let mut seen = vec![tag(&app).await];
    let mut changed = async |app: &App| {
        // At once: what this process has committed is known to it.
        let again = ask_again(app, seen.last().expect("a tag")).await;
        assert_eq!(again.status, StatusCode::OK);
        let now = tag(app).await;
        assert!(!seen.contains(&now), "{now}: {seen:?}");
        seen.push(now);
    };
    let scene = app.scene("jining", 2022, 1).await;
    app.emit(&[published(scene)]).await;
    changed(&app).await;

    let folder = tempfile::tempdir().expect("a folder");
    sample::copy_seeds(folder.path());
    let path = folder.path().join("topics.yaml");
    let text = fs::read_to_string(&path).expect("the topics");
    let (first, rest) = text.split_once("nameEnglish: ").expect("a name");
    fs::write(&path, format!("{first}nameEnglish: New {rest}")).expect("another name");
    seed::load(&app.database, &Source::Folder(folder.path().to_owned())).await.expect("loaded");
    changed(&app).await;

    app.pass(TimeDelta::days(1));
    changed(&app).await;
    let again = seed::load(&app.database, &Source::Folder(folder.path().to_owned())).await.expect("loaded");
    assert_eq!(again, minsheng::store::Tally::default());
    still_holds(&app, &tag(&app).await).await;
}

async fn what_nobody_sees_changes_no_name(app: App) {
    app.create("yz.office", Role::Office, "yanzhou").await;
    let before = tag(&app).await;
    app.sign_in("yz.office").await;
    let wrong = "mutation { signIn(input: { username: \"nobody\", password: \"x\" }) { errors { code } } }";
    app.post(wrong, json!({})).await;
    app.post("mutation { signOut { ended } }", json!({})).await;
    assert!(app.number("SELECT count(*) FROM audit_event").await >= 3);
    still_holds(&app, &before).await;
}

async fn another_process_is_heard(app: App) {
    let other = app.replica_apart().await;
    let (here, there) = (tag(&app).await, tag(&other).await);
    assert_eq!(here, there, "one name in all processes");
    let scene = other.scene("jining", 2022, 1).await;
    other.emit(&[published(scene)]).await;
    timeout(SOON, async {
        while ask_again(&app, &here).await.status == StatusCode::NOT_MODIFIED {
            sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .expect("it is heard, or looked for");
    assert_ne!(tag(&app).await, here);
    assert_eq!(tag(&app).await, tag(&other).await);
}

async fn another_question_has_another_name(app: App) {
    let variables = |code: &str| {
        format!(
            "/graphql?query=query(%24code%3AString!)%7Bjurisdiction(code%3A%24code)%7Bname%7D%7D&variables=%7B%22code%22%3A%22{code}%22%7D"
        )
    };
    let (one, other) = (variables("jining"), variables("yanzhou"));
    let two = "/graphql?query=query%20A%7Btopics%7Bcode%7D%7Dquery%20B%7Btopics%7Bcode%7D%7D&operationName=";
    let (a, b) = (format!("{two}A"), format!("{two}B"));
    let mut tags = Vec::new();
    for (path, headers) in [
        (QUERY, &[][..]),
        (QUERY, &[("accept-language", "en")]),
        (QUERY, &[("accept", "application/graphql-response+json")]),
        (&one, &[]),
        (&other, &[]),
        (&a, &[]),
        (&b, &[]),
    ] {
        let tag = named(&app, path, headers).await.0;
        assert!(!tags.contains(&tag), "{path} {headers:?}");
        tags.push(tag);
    }
}

async fn only_whole_answers_to_the_public_have_a_name(app: App) {
    let tag = tag(&app).await;
    let office = app.actor("yz.office", Role::Office, "yanzhou").await;
    let bearer = format!("Bearer {}", office.bearer());
    for reply in [
        app.get(BROKEN, &[]).await,
        app.get(NOTHING, &[]).await,
        app.get("/graphql?query=%7Bviewer%7Bactions%7D%7D", &[]).await,
        app.get(QUERY, &[("authorization", &bearer), ("if-none-match", &tag)]).await,
        app.get(QUERY, &[("authorization", "Bearer nonsense"), ("if-none-match", &tag)]).await,
        app.get(QUERY, &[("authorization", ""), ("if-none-match", &tag)]).await,
        app.get("/graphql?query=mutation%7BsignOut%7Bended%7D%7D", &[("if-none-match", &tag)]).await,
        app.post_with("{ topics { code } }", json!({}), &[("if-none-match", &tag)]).await,
    ] {
        assert_ne!(reply.status, StatusCode::NOT_MODIFIED);
        assert!(!reply.headers.contains_key("etag"), "{:?}", reply.headers);
        assert_eq!(reply.headers["cache-control"], "no-store");
    }
}

async fn what_is_not_certain_has_no_name(app: App) {
    let tag = tag(&app).await;
    still_holds(&app, &tag).await;
    if app.backend == Backend::Sqlite {
        // Nobody tells there what others commit; it is looked once a second, and what fails is no look.
        app.execute("ALTER TABLE audit_head RENAME TO lost").await.expect("a broken database");
        timeout(SOON, async {
            while ask_again(&app, &tag).await.status == StatusCode::NOT_MODIFIED {
                sleep(Duration::from_millis(10)).await;
            }
        })
        .await
        .expect("it is noticed");
        assert!(!ask_again(&app, &tag).await.headers.contains_key("etag"));
        app.execute("ALTER TABLE lost RENAME TO audit_head").await.expect("mended");
    } else {
        let gone = "SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND query LIKE 'LISTEN%') AS gone";
        assert_eq!(app.number(gone).await, 1, "the connection that listens");
        timeout(SOON, async {
            while ask_again(&app, &tag).await.status == StatusCode::NOT_MODIFIED {
                sleep(Duration::from_millis(5)).await;
            }
        })
        .await
        .expect("it is noticed");
    }
    still_holds(&app, &tag).await;
}
