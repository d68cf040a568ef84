//! Looking out for commits, as long as there is a subscriber.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};

use super::{News, Shared, Sight, Telling};
use crate::store::{Database, Progress, StoreError};

/// How long a commit that nobody told of goes unseen: one of another process on `SQLite`, or while the listener of `PostgreSQL` has no
/// connection. Two statements on primary keys in this time, whatever the number of those who follow.
const LONGEST_UNSEEN: Duration = Duration::from_secs(1);

/// How long to wait before another connection is tried for listening.
const RESPITE: Duration = Duration::from_secs(5);

/// How far things had come when they were looked at last.
#[derive(Clone, Debug)]
struct Seen {
    progress: Progress,
    news: News,
}

/// Tells how far things have come until nobody follows any more.
pub(super) async fn look_out(shared: Arc<Shared>, telling: Telling) {
    // The receiver is made before anything is read: a commit in between wakes once too often rather than never.
    let mut commits = shared.database.commits();
    let called = Notify::new();
    tokio::select! {
        () = listen(&shared, &called) => {}
        () = async {
            let mut seen = None;
            loop {
                // Both come before anything is read, so a commit in between makes the state uncertain again.
                let (at, made, heard) = (Instant::now(), *commits.borrow_and_update(), shared.hears.load(Ordering::Acquire));
                match look(&shared.database, seen.as_ref()).await {
                    Ok(now) => {
                        shared.see(Some(Sight { at, commits: made, heard, progress: now.progress.clone() }));
                        seen = Some(now.clone());
                        telling.send_if_modified(|told| {
                            let moved = *told != Some(now.news);
                            *told = Some(now.news);
                            moved
                        });
                    }
                    Err(error) => {
                        shared.see(None);
                        if error.is_absence() {
                            shared.database.suspect();
                        }
                        tracing::error!(?error, "cannot look for events; trying again");
                    }
                }
                tokio::select! {
                    _ = commits.changed() => {}
                    () = called.notified() => {}
                    () = sleep(LONGEST_UNSEEN) => {}
                    () = telling.closed() => {
                        if shared.retire(&telling) {
                            return;
                        }
                    }
                }
            }
        } => {}
    }
}

/// Looks how far things have come.
async fn look(database: &Database, before: Option<&Seen>) -> Result<Seen, StoreError> {
    // The order matters: the events of a write that is seen here are seen below. So a subscriber is never told an event after a change of
    // standing without that change.
    let progress = database.progress().await?;
    let Some(before) = before else {
        return Ok(Seen { progress, news: News { last_event: database.last_event().await?, standing: 0 } });
    };
    if progress.last_write == before.progress.last_write {
        return Ok(Seen { progress, news: before.news });
    }
    let changed = database.standing_changed(before.progress.last_write, progress.last_write).await?;
    let standing = before.news.standing.saturating_add(u64::from(changed));
    Ok(Seen { progress, news: News { last_event: database.last_event().await?, standing } })
}

/// Calls whenever another process tells that it has committed something. Never ends, where the database tells anything.
async fn listen(shared: &Shared, called: &Notify) {
    let database = &shared.database;
    loop {
        match timeout(RESPITE, database.listener()).await {
            Ok(Ok(Some(mut listener))) => {
                shared.hears.store(true, Ordering::Release);
                // A change that was committed before the listening began was told to nobody.
                called.notify_one();
                let error = loop {
                    match listener.heard().await {
                        Ok(()) => {
                            shared.doubt();
                            called.notify_one();
                        }
                        Err(error) => break error,
                    }
                };
                shared.hears.store(false, Ordering::Release);
                shared.doubt();
                // It lies idle all the time, so it is the first to notice that the server has gone.
                database.suspect();
                tracing::warn!(?error, "lost the connection that listens for events; looking once a second meanwhile");
            }
            // It will never tell, and is looked at instead.
            Ok(Ok(None)) => {
                shared.hears.store(true, Ordering::Release);
                called.notify_one();
                std::future::pending::<()>().await;
            }
            Ok(Err(error)) => tracing::warn!(?error, "cannot listen for events; looking once a second meanwhile"),
            Err(_) => tracing::warn!("no connection to listen for events; looking once a second meanwhile"),
        }
        sleep(RESPITE).await;
    }
}
