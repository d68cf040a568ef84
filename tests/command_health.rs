//! `minsheng health`, and the container that checks itself by it.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    os::unix::{fs::PermissionsExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::Command,
};

use sea_orm::ConnectionTrait as _;
use serde_json::json;
use tempfile::TempDir;

use crate::{
    command::{Serving, minsheng, out, refusal, run},
    command_account::Desk,
    plain_cases,
    support::postgres::Account,
};

plain_cases![
    a_service_that_is_well_is_told_from_one_that_is_not,
    what_cannot_be_asked_is_one_clear_line,
    the_container_is_nobody_in_particular_and_checks_itself,
    nothing_is_written_but_the_data_and_temporary_files,
];

/// The line of a service that is well.
fn well(arguments: &[&str]) -> String {
    let output = run(&[&["health"][..], arguments].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let line = out(&output).trim_end().to_owned();
    assert!(line.lines().count() == 1 && line.contains("服务正常") && line.contains("the service is well"), "{line}");
    line
}

/// The line of one that is not.
fn unwell(arguments: &[&str]) -> String {
    let output = run(&[&["health"][..], arguments].concat());
    assert_eq!(output.status.code(), Some(1));
    refusal(&output)
}

fn a_service_that_is_well_is_told_from_one_that_is_not() {
    let desk = Desk::new();
    let mut serving = Serving::start(&["serve", "--listen", "127.0.0.1:0", "--database-url", &desk.url]);
    let address = serving.address().to_owned();
    let (_, port) = address.rsplit_once(':').expect("a port");

    // By each way to say where it is. A service on all addresses is asked at loopback.
    let ready = format!("http://{address}/readyz");
    assert!(well(&["--listen", &address]).ends_with(&ready));
    assert!(well(&["--listen", &format!("0.0.0.0:{port}")]).ends_with(&ready));
    assert!(well(&["--url", &ready]).ends_with(&ready));
    let by_variable = minsheng(&["health"]).env("MINSHENG_LISTEN", &address).output().expect("it runs");
    assert!(by_variable.status.success() && out(&by_variable).contains(&ready), "{}", out(&by_variable));
    assert!(well(&["--live", "--listen", &address]).ends_with("/livez"));

    // The process lives, and cannot answer: a newer program has migrated.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let connection = sea_orm::Database::connect(&desk.url).await.expect("it opens");
        let step = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_the_future', 0)";
        connection.execute_unprepared(step).await.expect("a step of the future");
        connection.close().await.expect("closed");
    });
    // What /readyz answered before counts for a second.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let line = unwell(&["--listen", &address]);
    assert!(line.contains("HTTP 503") && line.contains("migrations: AHEAD"), "{line}");
    assert!(!line.contains("database: OK"), "{line}");
    well(&["--live", "--listen", &address]);

    serving.kill();
    for arguments in [&["--listen", &address][..], &["--url", &ready], &["--live", "--listen", &address]] {
        let line = unwell(arguments);
        assert!(line.contains("cannot be reached") && line.contains(&address), "{line}");
    }
}

fn what_cannot_be_asked_is_one_clear_line() {
    // It takes the connection and never says anything.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address").to_string();
    let line = unwell(&["--timeout", "1", "--listen", &address]);
    assert!(line.contains("within 1 s") && line.contains("--timeout"), "{line}");
    let line = unwell(&["--listen", "127.0.0.1:0"]);
    assert!(line.contains("--url"), "{line}");
    for url in ["127.0.0.1:8080", "https://127.0.0.1/readyz", "nonsense"] {
        let line = unwell(&["--url", url]);
        assert!(line.contains("http://127.0.0.1:8080/readyz"), "{line}");
    }
    // Written wrongly.
    for arguments in [&["--timeout", "0"][..], &["--timeout", "61"], &["--live", "--url", "http://127.0.0.1:1/"]] {
        assert_eq!(run(&[&["health"][..], arguments].concat()).status.code(), Some(2), "{arguments:?}");
    }
    let help = out(&run(&["health", "--help"]));
    for expected in ["--live", "--listen", "--url", "--timeout", "/readyz", "/livez", "退出码", "Exits with 0"] {
        assert!(help.contains(expected), "{expected}: {help}");
    }
}

/// The instructions of the last stage of the Containerfile, continued lines joined.
fn last_stage() -> Vec<(String, String)> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Containerfile")).expect("the file");
    let text = text.replace("\\\n", " ");
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let instructions: Vec<(String, String)> =
        lines.filter_map(|line| line.split_once(' ')).map(|(name, rest)| (name.to_ascii_uppercase(), rest.trim().to_owned())).collect();
    let last = instructions.iter().rposition(|(name, _)| name == "FROM").expect("a stage");
    instructions[last..].to_vec()
}

/// The words of a command in the form that no shell reads, such as `["minsheng", "health"]`.
fn words(command: &str) -> Vec<String> {
    serde_json::from_str(command).unwrap_or_else(|_| panic!("{command} is not a list of words: the image need not have a shell"))
}

fn the_container_is_nobody_in_particular_and_checks_itself() {
    let stage = last_stage();
    let last = |name: &str| {
        let found = stage.iter().rfind(|(instruction, _)| instruction == name);
        found.map_or_else(|| panic!("there is no {name}"), |(_, rest)| rest.clone())
    };
    // A number, because an orchestrator cannot know whether a name is root.
    let user = last("USER");
    let (uid, gid) = user.split_once(':').expect("a user and a group");
    for id in [uid, gid] {
        assert!(id.parse::<u32>().expect("a number") >= 1000, "{user}");
    }
    assert_eq!(words(&last("ENTRYPOINT")), ["minsheng"]);

    let check = last("HEALTHCHECK");
    let (options, command) = check.split_once("CMD").expect("a command");
    let seconds = |name: &str| -> u64 {
        let option = options.split_ascii_whitespace().find_map(|option| option.strip_prefix(&format!("--{name}=")));
        option.and_then(|option| option.strip_suffix('s')).and_then(|option| option.parse().ok()).unwrap_or_else(|| panic!("{options}"))
    };
    let command = words(command.trim());
    assert_eq!(command.first().map(String::as_str), Some("minsheng"));
    let arguments: Vec<&str> = command.iter().skip(1).map(String::as_str).collect();
    // The program understands what the file says. Nothing listens here, so the answer is no.
    let line = refusal(&minsheng(&[&arguments[..], &["--listen", "127.0.0.1:1"]].concat()).output().expect("it runs"));
    assert!(line.contains("http://127.0.0.1:1/readyz"), "{line}");
    // It gives up by itself before the engine kills it, so that its line is to be seen.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address").to_string();
    let began = std::time::Instant::now();
    let line = refusal(&minsheng(&[&arguments[..], &["--listen", &address]].concat()).output().expect("it runs"));
    assert!(began.elapsed().as_secs() < seconds("timeout") && line.contains("did not answer"), "{line}");
    assert!(seconds("interval") > seconds("timeout") && seconds("start-period") > 0);

    // The variables of the image are settings of the program, and the database is in the volume.
    let volume = last("VOLUME");
    let variables: Vec<(String, String)> = last("ENV")
        .split_ascii_whitespace()
        .map(|pair| pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())).expect("NAME=VALUE"))
        .collect();
    let shown = minsheng(&["config"]).envs(variables.iter().cloned()).output().expect("it runs");
    assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
    assert!(out(&shown).contains(&format!("sqlite:{volume}/")), "{}", out(&shown));
}

/// A command of the service as the container runs it: in a folder that cannot be written to, and not as root.
struct Confined {
    program: PathBuf,
    work: TempDir,
    data: TempDir,
    temporary: TempDir,
    account: Option<Account>,
}

impl Confined {
    fn new() -> Self {
        let account = Account::for_server().expect("a user");
        let [work, data, temporary] = [(); 3].map(|()| tempfile::tempdir().expect("a folder"));
        // Wherever the sources are, another user may run this.
        let program = work.path().join("minsheng");
        let built = env!("CARGO_BIN_EXE_minsheng");
        if fs::hard_link(built, &program).is_err() {
            fs::copy(built, &program).expect("a copy");
        }
        fs::set_permissions(work.path(), fs::Permissions::from_mode(0o555)).expect("read-only");
        if let Some(account) = account {
            for folder in [&data, &temporary] {
                std::os::unix::fs::chown(folder.path(), Some(account.uid), Some(account.gid)).expect("handed over");
            }
        }
        Self { program, work, data, temporary, account }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .current_dir(self.work.path())
            .env_clear()
            .env("MINSHENG_LOG", "error")
            .env("TMPDIR", self.temporary.path())
            .env("MINSHENG_DATABASE_URL", format!("sqlite:{}", self.data.path().join("minsheng.db").display()))
            .env("MINSHENG_LISTEN", "127.0.0.1:0");
        if let Some(account) = self.account {
            command.uid(account.uid).gid(account.gid);
        }
        command
    }

    fn done(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().expect("it runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        out(&output)
    }
}

/// The body of a file.
fn file(serving: &Serving, path: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(serving.address()).expect("it listens");
    // A client of HTTP/1.0 gets the body without the sizes of chunks.
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {}\r\n\r\n", serving.address()).expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
    answer.split_off(end + 4)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

fn nothing_is_written_but_the_data_and_temporary_files() {
    let confined = Confined::new();
    confined.done(&["migrate"]);
    confined.done(&["seed"]);
    let made = confined.done(&["account", "create", "root", "--role", "admin", "--jurisdiction", "jining"]);
    let (_, rest) = made.split_once("initial password ").expect("a password");
    let password = rest.split(' ').next().expect("a password");

    let serving = Serving::launch(confined.command(&["serve"]));
    let variables = json!({ "username": "root", "password": password });
    let (status, answer) = serving.post(include_str!("contract/06-sign-in.graphql"), &variables, None);
    assert!(status == 200 && answer["data"]["signIn"]["session"]["accessToken"].is_string(), "a change is stored: {answer}");
    for (ending, begins) in [("csv", &b"\xef\xbb\xbf"[..]), ("xlsx", b"PK")] {
        let file = file(&serving, &format!("/export/query.{ending}?query=%7Btasks(first:5)%7Bnodes%7Btitle%7D%7D%7D"));
        assert!(file.starts_with(begins), "{ending}: {}", String::from_utf8_lossy(&file));
    }
    well(&["--listen", serving.address()]);
    assert!(serving.stop());

    assert_eq!(names(confined.work.path()), ["minsheng"], "the working folder is as it was");
    assert_eq!(names(confined.temporary.path()), Vec::<String>::new(), "temporary files are gone");
    assert_eq!(names(confined.data.path()), ["minsheng.db"]);
    // So that the folder can be removed.
    fs::set_permissions(confined.work.path(), fs::Permissions::from_mode(0o755)).expect("writable");
}
