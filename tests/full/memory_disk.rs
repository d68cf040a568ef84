//! A disk that is really full: 16 MB in memory, where the machine lets this process mount one.

use std::{
    fs::{self, File},
    io::Write as _,
    path::Path,
    process::Command,
};

use axum::http::StatusCode;
use entity::Role;
use minsheng::store::Database;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::code;
use crate::{
    plain_cases,
    support::{app::App, backend::Backend},
};

plain_cases![a_disk_that_was_full_has_lost_nothing];

struct Disk(TempDir);

impl Disk {
    fn mount() -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", "size=16m", "tmpfs"]).arg(folder.path()).output();
        match done {
            Ok(done) if done.status.success() => Ok(Self(folder)),
            Ok(done) => Err(String::from_utf8_lossy(&done.stderr).trim().to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes until nothing more fits.
    fn fill(&self) {
        let mut file = File::create(self.path().join("filler")).expect("a file");
        for size in [1 << 20, 4096, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
    }

    fn free(&self) {
        fs::remove_file(self.path().join("filler")).expect("removed");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let done = Command::new("umount").arg("--lazy").arg(self.path()).status();
        if !done.is_ok_and(|status| status.success()) {
            eprintln!("{} stays mounted", self.path().display());
        }
    }
}

fn a_disk_that_was_full_has_lost_nothing() {
    match Disk::mount() {
        Ok(disk) => {
            minsheng::cli::runtime().expect("a runtime").block_on(on(&disk));
        }
        Err(reason) => println!("full::memory_disk: NOT TESTED, because no file system can be mounted here: {reason}"),
    }
}

async fn make_key(app: &App, token: &str, name: &str) -> Value {
    let query = "mutation($name: String!) { createApiKey(input: { name: $name, rights: READ, expiresAt: \"2027-01-01T00:00:00Z\" }) { apiKey { id } errors { code } } }";
    app.bearing(token).post(query, json!({ "name": name })).await.body
}

async fn on(disk: &Disk) {
    let url = format!("sqlite:{}", disk.path().join("small.db").display());
    let database = Database::open(&url).await.expect("it opens");
    database.migrate().await.expect("the schema");
    minsheng::service::notices::seed::load(&database, &minsheng::service::notices::seed::Source::Embedded).await.expect("the seeds");
    database.close().await.expect("closed");
    let app = App::at(Backend::Sqlite, &url).await;
    let token = app.actor("admin", Role::Admin, "jining").await.bearer().to_owned();
    let keys = "SELECT count(*) FROM api_key";

    disk.fill();
    // The journal may have room for a few changes still.
    let mut stored = 0;
    let mut failures = 0;
    for number in 0..40 {
        let body = make_key(&app, &token, &format!("full {number}")).await;
        if body["data"]["createApiKey"]["apiKey"].is_object() {
            stored += 1;
        } else {
            assert!(matches!(code(&body).as_str(), Some("INTERNAL" | "UNAVAILABLE")), "{body:#}");
            failures += 1;
        }
        assert_eq!(app.number(keys).await, stored, "{body:#}");
        if failures == 3 {
            break;
        }
    }
    assert_eq!(failures, 3, "the disk is full");
    let ready = app.get("/readyz", &[]).await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE, "{}", ready.text);

    disk.free();
    for number in 0..3 {
        let body = make_key(&app, &token, &format!("room {number}")).await;
        assert!(body["data"]["createApiKey"]["apiKey"].is_object(), "{body:#}");
        stored += 1;
        assert_eq!(app.number(keys).await, stored);
    }
    assert_eq!(app.replica().get("/readyz", &[]).await.status, StatusCode::OK);
    app.database.clone().close().await.expect("closed");
    // After a restart as well.
    let again = App::at(Backend::Sqlite, &url).await;
    assert_eq!(again.number(keys).await, stored);
    assert_eq!(again.service.verify_audit(|_, _| {}).await.expect("it can be verified").breach, None);
    again.database.clone().close().await.expect("closed");
}
