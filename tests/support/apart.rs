//! A PostgreSQL of one test alone, which it may stop and start again.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::postgres::{Account, Programs, Url, create_directory, free_port, random_password, shell};

/// Ends with its standard input, which is a pipe that only the test process writes to.
const KEEPER: &str = r#"
trap '' INT TERM HUP
exec 3<&0 </dev/null >>log 2>&1
"$@" 3<&- &
server=$!
{ cat <&3; while kill -s INT "$server"; do sleep 0.1; done; } &
wait "$server"
exec 3<&-
"#;

/// How long starting or stopping may take.
const LIMIT: Duration = Duration::from_mins(1);

pub struct Apart {
    programs: Programs,
    account: Option<Account>,
    directory: TempDir,
    password: String,
    port: u16,
    keeper: Option<Child>,
}

impl Apart {
    /// A new server, running.
    pub fn start() -> Result<Self, String> {
        let programs = match Programs::find() {
            Some(programs) => programs,
            None => Programs::install()?,
        };
        let account = Account::for_server()?;
        let directory = create_directory(account)?;
        let password = random_password()?;
        fs::write(directory.path().join("password"), &password).map_err(|error| error.to_string())?;
        if let Some(account) = account {
            std::os::unix::fs::chown(directory.path(), Some(account.uid), Some(account.gid)).map_err(|error| error.to_string())?;
        }
        let mut apart = Self { programs, account, directory, password, port: free_port()?, keeper: None };
        let made = shell("\"$1\" -D \"$2\" -U minsheng --pwfile=password -A scram-sha-256 -E UTF8 --locale=C -N >>log 2>&1", account)
            .arg(&apart.programs.initdb)
            .arg(apart.data())
            .current_dir(apart.directory.path())
            .status()
            .map_err(|error| error.to_string())?;
        if !made.success() {
            return Err(format!("initdb failed: {}", fs::read_to_string(apart.directory.path().join("log")).unwrap_or_default()));
        }
        apart.resume()?;
        Ok(apart)
    }

    pub fn url(&self) -> String {
        Url { server: format!("postgres://minsheng:{}@127.0.0.1:{}", self.password, self.port), query: String::new() }
            .with_database("postgres")
    }

    /// Starts it, at the same address.
    pub fn resume(&mut self) -> Result<(), String> {
        let mut command = shell(KEEPER, self.account);
        command
            .arg(&self.programs.postgres)
            .arg("-D")
            .arg(self.data())
            .args(["-p", &self.port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c"])
            .arg(format!("unix_socket_directories={}", self.directory.path().display()))
            .current_dir(self.directory.path())
            .stdin(Stdio::piped())
            .env("LC_ALL", "C");
        self.keeper = Some(command.spawn().map_err(|error| error.to_string())?);
        let begun = Instant::now();
        while !fs::read_to_string(self.lock()).is_ok_and(|text| text.lines().any(|line| line.trim() == "ready")) {
            if begun.elapsed() > LIMIT {
                return Err("it does not start".into());
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Stops it as its operator does, with all that is connected to it.
    pub fn stop(&mut self) {
        let Some(mut keeper) = self.keeper.take() else { return };
        drop(keeper.stdin.take());
        keeper.wait().expect("it stops");
        let begun = Instant::now();
        while self.lock().exists() && begun.elapsed() < LIMIT {
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    fn lock(&self) -> PathBuf {
        self.data().join("postmaster.pid")
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        self.stop();
    }
}
