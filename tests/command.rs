//! The commands, run as a person runs them.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{plain_cases, support::sample};

plain_cases![
    the_demo_serves_and_finds_its_data_again,
    the_demo_stays_on_this_machine,
    a_taken_port_is_one_clear_line,
    an_unwritable_folder_is_one_clear_line,
    a_newer_database_is_one_clear_line,
    serving_needs_a_schema,
    a_database_is_made_step_by_step,
    checking_seeds_reports_every_fault,
    help_is_in_both_languages,
    the_schema_is_printed,
];

pub fn minsheng(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_minsheng"));
    command.args(arguments).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("MINSHENG_") {
            command.env_remove(name);
        }
    }
    command
}

/// What a command says, without what the log says of a disk that is slow just then.
pub fn run(arguments: &[&str]) -> Output {
    minsheng(arguments).env("MINSHENG_LOG", "error").output().expect("it runs")
}

pub fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The only line of a refusal.
pub fn refusal(output: &Output) -> String {
    assert!(!output.status.success());
    let line = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(line.contains(" · ") && !line.contains("panicked"), "{line}");
    line
}

/// A running service, killed with the test.
pub struct Serving {
    child: Child,
    address: String,
    /// What it printed until it served.
    pub said: Vec<String>,
}

impl Serving {
    /// The demo.
    pub fn demo(data: &Path) -> Self {
        Self::start(&["--data", data.to_str().expect("a path"), "--listen", "127.0.0.1:0"])
    }

    /// What a command starts.
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_with(arguments, &[])
    }

    /// The same, with variables.
    pub fn start_with(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = minsheng(arguments);
        command.envs(variables.iter().copied());
        Self::launch(command)
    }

    /// What any command starts.
    pub fn launch(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let mut said = Vec::new();
        let mut address = None;
        for line in BufReader::new(child.stdout.as_mut().expect("its output")).lines().map_while(Result::ok) {
            said.push(line.clone());
            if let Some(rest) = line.trim().strip_prefix("GraphQL ") {
                address = rest.trim().strip_prefix("http://").and_then(|rest| rest.strip_suffix("/graphql")).map(str::to_owned);
                break;
            }
        }
        Self { child, address: address.unwrap_or_else(|| panic!("no address: {said:#?}")), said }
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Ends it without a warning, as `kill -9` does.
    pub fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }

    fn ask(&self, query: &str) -> String {
        self.send("POST", "/graphql", "", &json!({ "query": query }))
    }

    /// The status and the body of a query, which a bearer token may go with.
    pub fn post(&self, query: &str, variables: &Value, bearer: Option<&str>) -> (u16, Value) {
        let authorization = bearer.map(|bearer| format!("Authorization: Bearer {bearer}\r\n")).unwrap_or_default();
        read(&self.send("POST", "/graphql", &authorization, &json!({ "query": query, "variables": variables })))
    }

    /// The status and the body of a page.
    pub fn get(&self, path: &str) -> (u16, Value) {
        read(&self.send("GET", path, "", &json!({})))
    }

    fn send(&self, method: &str, path: &str, headers: &str, body: &Value) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let body = body.to_string();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\n{headers}Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.address,
            body.len()
        );
        stream.write_all(head.as_bytes()).expect("sent");
        stream.write_all(body.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    /// Stops it as Ctrl-C does.
    pub fn stop(mut self) -> bool {
        let stopped = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(stopped.success());
        let patience = Instant::now();
        while patience.elapsed() < Duration::from_secs(20) {
            if let Some(status) = self.child.try_wait().expect("a status") {
                return status.success();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(answer: &str) -> (u16, Value) {
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, serde_json::from_str(body).unwrap_or_default())
}

fn the_demo_serves_and_finds_its_data_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("new/data");
    let query = "{ task(jurisdiction: \"jining\", year: 2022, number: 1) { id title } }";
    let first = Serving::demo(&data);
    let answer = first.ask(query);
    assert!(answer.contains("建设老年人食堂"), "{answer}");
    assert!(first.said.iter().any(|line| line.contains(" rows added, 0 changed")), "{:#?}", first.said);
    assert!(!first.said.iter().any(|line| line.contains("新增 0 行")), "{:#?}", first.said);
    let is_invented =
        |line: &&String| line.contains("虚构的一年进展") && line.contains("a year of invented progress was added to 5 notices");
    assert_eq!(first.said.iter().filter(is_invented).count(), 1, "{:#?}", first.said);
    assert!(first.stop(), "it stops cleanly");
    assert!(!data.join("minsheng.db-wal").exists(), "nothing is left half written");
    let second = Serving::demo(&data);
    assert!(second.said.iter().any(|line| line.contains("0 rows added, 0 changed, 0 removed")), "{:#?}", second.said);
    assert_eq!(second.said.iter().filter(is_invented).count(), 0, "{:#?}", second.said);
    let body = |answer: String| answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
    assert_eq!(body(second.ask(query)), body(answer));
}

fn the_demo_stays_on_this_machine() {
    for address in ["0.0.0.0:0", "[::]:0"] {
        let line = refusal(&run(&["--listen", address]));
        assert!(line.contains("minsheng serve"), "{line}");
    }
}

fn a_taken_port_is_one_clear_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let line = refusal(&run(&["--data", folder.path().to_str().expect("a path"), "--listen", &address]));
    assert!(line.contains(&address) && line.contains("--listen"), "{line}");
}

fn an_unwritable_folder_is_one_clear_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "not a folder").expect("a file");
    let line = refusal(&run(&["--data", file.join("data").to_str().expect("a path"), "--listen", "127.0.0.1:0"]));
    assert!(line.contains("file"), "{line}");
    // A file that is no database, where the database should be.
    fs::write(folder.path().join("minsheng.db"), "this is no database, whatever its name says").expect("a file");
    refusal(&run(&["--data", folder.path().to_str().expect("a path"), "--listen", "127.0.0.1:0"]));
}

fn a_newer_database_is_one_clear_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("minsheng.db");
    let url = format!("sqlite:{}", file.display());
    assert!(run(&["migrate", "--database-url", &url]).status.success());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        use sea_orm::ConnectionTrait as _;
        let connection = sea_orm::Database::connect(&url).await.expect("it opens");
        let step = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_the_future', 0)";
        connection.execute_unprepared(step).await.expect("a step of the future");
        connection.close().await.expect("closed");
    });
    let data = folder.path().to_str().expect("a path");
    for arguments in [
        &["--data", data, "--listen", "127.0.0.1:0"][..],
        &["serve", "--database-url", &url, "--listen", "127.0.0.1:0"],
        &["migrate", "--database-url", &url],
        &["seed", "--database-url", &url],
    ] {
        let line = refusal(&run(arguments));
        assert!(line.contains("newer minsheng"), "{line}");
    }
}

fn serving_needs_a_schema() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("none.db").display());
    let line = refusal(&run(&["serve", "--database-url", &url, "--listen", "127.0.0.1:0"]));
    assert!(line.contains("minsheng migrate"), "{line}");
    assert!(!folder.path().join("none.db").exists(), "looking for a database makes none");
    let line = refusal(&run(&["serve", "--database-url", "mysql://user:secret@host/db"]));
    assert!(line.contains("postgres://") && !line.contains("secret"), "{line}");
    let line = refusal(&run(&["serve", "--database-url", "postgres://user:secret@127.0.0.1:1/db"]));
    assert!(!line.contains("secret"), "{line}");
}

fn a_database_is_made_step_by_step() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("new/own.db").display());
    assert!(out(&run(&["migrate", "--database-url", &url])).contains("up to date now"));
    assert!(out(&run(&["migrate", "--database-url", &url])).contains("was up to date"));
    assert!(!out(&run(&["seed", "--database-url", &url])).contains("0 rows added"));
    assert!(out(&run(&["seed", "--database-url", &url])).contains("0 rows added, 0 changed, 0 removed"));
}

fn checking_seeds_reports_every_fault() {
    assert!(out(&run(&["seed", "--check"])).contains("5 notices, 72 projects, 96 tasks"));
    let folder = tempfile::tempdir().expect("a folder");
    sample::copy_seeds(folder.path());
    let spoil = |file: &str, from: &str, to: &str| {
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).expect("a file");
        assert!(text.contains(from), "{file}: {from}");
        fs::write(path, text.replacen(from, to, 1)).expect("spoiled");
    };
    spoil("notices/2024-yanzhou.yaml", "lead: [区卫生健康局]", "lead: [区无此局]");
    spoil("notices/2024-yanzhou.yaml", "indicator: childcare-places-added", "indicator: no-such-indicator");
    spoil("notices/2023-yanzhou.yaml", "number: 2\n", "number: 1\n");
    let output = run(&["seed", "--check", "--from", folder.path().to_str().expect("a path")]);
    assert!(!output.status.success());
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    for expected in ["区无此局", "no-such-indicator", "2024-yanzhou.yaml:", "2023-yanzhou.yaml:"] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
}

fn help_is_in_both_languages() {
    for arguments in [
        &["--help"][..],
        &["demo", "--help"],
        &["serve", "--help"],
        &["migrate", "--help"],
        &["seed", "--help"],
        &["config", "--help"],
        &["health", "--help"],
        &["schema", "--help"],
    ] {
        let help = out(&run(arguments));
        assert!(help.contains(|character| ('\u{4e00}'..='\u{9fff}').contains(&character)), "{help}");
        assert!(help.contains("Usage:") && (help.contains(" the ") || help.contains(" The ")), "{help}");
    }
    let help = out(&run(&["--help"]));
    for command in ["demo", "serve", "migrate", "seed", "account", "audit", "key", "documents", "config", "health", "schema"] {
        assert!(help.contains(command), "{help}");
    }
    for (arguments, purposes) in [
        (&["account", "--help"][..], ["管理账号", "Look after accounts"]),
        (&["account", "create", "--help"], ["新建账号", "Make an account"]),
        (&["account", "list", "--help"], ["列出账号", "List accounts"]),
        (&["account", "change", "--help"], ["修改登录名、角色或外部身份", "Change a username, role or external subject"]),
        (&["account", "transfer", "--help"], ["调动到另一辖区或单位", "Transfer to another jurisdiction or unit"]),
        (&["account", "lock", "--help"], ["锁定", "Lock"]),
        (&["account", "unlock", "--help"], ["解锁", "Unlock"]),
        (&["account", "reset", "--help"], ["重置密码", "Reset the password"]),
        (&["audit", "--help"], ["核验审计链", "Verify the audit chain"]),
        (&["audit", "verify", "--help"], ["核验审计链", "Verify the chain"]),
        (&["key", "--help"], ["更换签名密钥", "Rotate the keys that sign access tokens"]),
        (&["documents", "--help"], ["登记、列出、停用可信文档", "Register, list and retire trusted documents"]),
        (&["documents", "register", "--help"], ["登记一个文件夹", "Register all .graphql files"]),
        (&["documents", "list", "--help"], ["列出登记过的文档", "List the documents"]),
        (&["documents", "retire", "--help"], ["停用文档", "Retire documents"]),
        (&["key", "rotate", "--help"], ["让每个进程换用新密钥", "Let every process sign with a new key"]),
    ] {
        let help = out(&run(arguments));
        let first = help.lines().next().expect("a line");
        assert!(purposes.iter().all(|purpose| first.contains(purpose)), "{arguments:?}: {help}");
    }
}

fn the_schema_is_printed() {
    assert_eq!(out(&run(&["schema"])), minsheng::graphql::sdl());
}
