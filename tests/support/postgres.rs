//! The PostgreSQL of the tests: a server named by the environment, or a private throw-away one.

use std::{
    env, fs,
    io::Read,
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::unix::{
        fs::{PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// Names a server to use in place of a private one.
const URL_VARIABLE: &str = "MINSHENG_TEST_POSTGRES_URL";

/// What a person can do when there is no private server to be had.
const REMEDY: &str = "set MINSHENG_TEST_POSTGRES_URL to the URL of a server, \
    or MINSHENG_TEST_DATABASES=sqlite to run SQLite alone";

/// The superuser of the private cluster.
const SUPERUSER: &str = "minsheng";

/// How often another port is tried when someone took the reserved one first.
const ATTEMPTS: usize = 5;

/// How PostgreSQL ends its log when it could not have its port.
const PORT_TAKEN: &str = "could not create any TCP/IP sockets";

/// What the lines about a failure hold in the logs of the server and of initdb.
const ERROR_MARKS: [&str; 3] = ["FATAL:", "PANIC:", "error:"];

/// How long a new server may take until it answers.
const START_LIMIT: Duration = Duration::from_mins(1);

/// The longest path of a Unix socket that every system takes (macOS has the shortest).
const SOCKET_PATH_LIMIT: usize = 103;

/// The longest that is appended to the base directory: the cluster's own directory and its socket.
const SOCKET_PATH_REST: &str = "/minsheng-123456/.s.PGSQL.65535";

/// Speed in place of durability: nothing in this cluster outlives the run.
const SETTINGS: [&str; 7] = [
    "listen_addresses=127.0.0.1",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=300",
    "shared_buffers=128MB",
];

/// Runs the server and outlives the tests just long enough to remove it.
///
/// Standard input is a pipe that only the test process writes to, so it ends with that process,
/// however that comes about. The server is a child of this script, so its number cannot pass to
/// another process while it is signalled. The signals repeat until the server is gone because it
/// loses those that arrive before it has set up its handlers.
const WATCHDOG: &str = r#"
trap '' INT TERM HUP
exec 3<&0 </dev/null >>log 2>&1
directory=$1 initdb=$2 postgres=$3 superuser=$4
shift 4

init() {
  "$initdb" -D "$directory/data" -U "$superuser" --pwfile=password -A scram-sha-256 \
    -E UTF8 --locale="$1" -N
}

stop_with_tests() {
  cat <&3
  signal=INT tries=0
  while kill -s "$signal" "$1"; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || signal=QUIT
    sleep 0.1
  done
}

if init C.UTF-8 || init C; then
  "$postgres" -D "$directory/data" "$@" 3<&- &
  server=$!
  stop_with_tests "$server" &
  stopper=$!
  wait "$server"
  kill -s KILL "$stopper"
fi
: >stopped
cat <&3
cd / && rm -rf "$directory"
"#;

/// Where installations put the server's programs when they leave them out of `PATH`:
/// parent, start of a name in it, and the rest of the path.
const INSTALL_DIRECTORIES: [(&str, &str, &str); 5] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/usr/libexec", "postgresql", ""),
    ("/opt/homebrew/opt", "postgresql", "bin"),
    ("/usr/local/opt", "postgresql", "bin"),
];

/// A package manager and the script that installs the server with it.
struct Manager {
    program: &'static str,
    script: &'static str,
    as_root: bool,
}

const MANAGERS: [Manager; 6] = [
    Manager {
        program: "apt-get",
        // Debian's package otherwise creates and starts a cluster of its own.
        script: "export DEBIAN_FRONTEND=noninteractive
            drop_in=/etc/postgresql-common/createcluster.d/minsheng-tests.conf
            trap 'rm -f \"$drop_in\"' EXIT
            mkdir -p \"${drop_in%/*}\" && echo 'create_main_cluster = false' >\"$drop_in\"
            apt-get update
            apt-get install -y --no-install-recommends postgresql",
        as_root: true,
    },
    Manager { program: "dnf", script: "dnf install -y postgresql-server", as_root: true },
    Manager { program: "yum", script: "yum install -y postgresql-server", as_root: true },
    Manager { program: "apk", script: "apk add --no-cache postgresql", as_root: true },
    Manager { program: "pacman", script: "pacman -Sy --noconfirm --needed postgresql", as_root: true },
    Manager { program: "brew", script: "brew install postgresql@17", as_root: false },
];

/// A PostgreSQL server for the tests. Dropping it stops and removes a private one; so does the
/// end of the test process, a moment later.
pub struct Cluster {
    url: Url,
    _server: Option<Server>,
}

impl Cluster {
    /// Finds or starts PostgreSQL. The error is one line that a person can act on.
    pub fn start() -> Result<Cluster, String> {
        let named = env::var(URL_VARIABLE).unwrap_or_default();
        if !named.is_empty() {
            return Ok(Cluster { url: Url::parse(&named)?, _server: None });
        }
        let programs = match Programs::find() {
            Some(programs) => programs,
            None => Programs::install()?,
        };
        Cluster::start_private(&programs)
    }

    /// The URL of a database of this server; `postgres` is the one to create others from.
    pub fn url(&self, database: &str) -> String {
        self.url.with_database(database)
    }

    fn start_private(programs: &Programs) -> Result<Cluster, String> {
        let account = Account::for_server()?;
        let mut attempt = 1;
        loop {
            match Server::start(programs, account) {
                Ok((server, url)) => {
                    return Ok(Cluster { url, _server: Some(server) });
                }
                Err(line) if attempt < ATTEMPTS && line.contains(PORT_TAKEN) => attempt += 1,
                Err(line) => return Err(format!("PostgreSQL did not start: {line}; {REMEDY}")),
            }
        }
    }
}

/// A URL in the parts around the name of its database.
pub struct Url {
    pub server: String,
    pub query: String,
}

impl Url {
    fn parse(url: &str) -> Result<Url, String> {
        let (scheme, rest) = url.split_once("://").unwrap_or_default();
        if !matches!(scheme, "postgres" | "postgresql") {
            // The URL itself may hold a password and stays out of the message.
            return Err(format!("{URL_VARIABLE} must look like postgres://user:password@host:port/database"));
        }
        let (location, query) = match rest.find('?') {
            Some(start) => rest.split_at(start),
            None => (rest, ""),
        };
        let authority = location.split('/').next().unwrap_or_default();
        Ok(Url { server: format!("{scheme}://{authority}"), query: query.to_owned() })
    }

    pub fn with_database(&self, database: &str) -> String {
        format!("{}/{database}{}", self.server, self.query)
    }
}

/// A private server, alive as long as its watchdog's standard input is open.
struct Server {
    watchdog: Child,
    /// Removed by the watchdog, and by this only if the watchdog was killed.
    directory: TempDir,
}

impl Server {
    fn start(programs: &Programs, account: Option<Account>) -> Result<(Server, Url), String> {
        let directory = create_directory(account)?;
        let password = random_password()?;
        fs::write(directory.path().join("password"), &password).map_err(|error| format!("cannot write its password file: {error}"))?;
        if let Some(account) = account {
            chown(directory.path(), Some(account.uid), Some(account.gid))
                .map_err(|error| format!("cannot hand its directory to another user: {error}"))?;
        }
        let port = free_port()?;
        let watchdog = watchdog(programs, account, directory.path(), port).spawn().map_err(|error| format!("cannot run sh: {error}"))?;
        let mut server = Server { watchdog, directory };
        server.wait_until_ready(port)?;
        let url = Url { server: format!("postgres://{SUPERUSER}:{password}@127.0.0.1:{port}"), query: String::new() };
        Ok((server, url))
    }

    fn wait_until_ready(&mut self, port: u16) -> Result<(), String> {
        let deadline = Instant::now() + START_LIMIT;
        while !self.is_ready(port) {
            if self.has_stopped() {
                return Err(self.last_log_line());
            }
            if Instant::now() > deadline {
                let seconds = START_LIMIT.as_secs();
                return Err(format!("not ready after {seconds} s: {}", self.last_log_line()));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Asks the lock file before the port: a stranger may have taken the port in the meantime.
    fn is_ready(&self, port: u16) -> bool {
        let lock = self.directory.path().join("data/postmaster.pid");
        fs::read_to_string(lock).is_ok_and(|text| text.lines().any(|line| line.trim() == "ready"))
            && TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
    }

    fn has_stopped(&mut self) -> bool {
        self.directory.path().join("stopped").exists() || !matches!(self.watchdog.try_wait(), Ok(None))
    }

    /// The line that tells what went wrong: the last one about an error, or else the last one.
    fn last_log_line(&self) -> String {
        let log = fs::read(self.directory.path().join("log")).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        log.lines()
            .rfind(|line| ERROR_MARKS.iter().any(|mark| line.contains(mark)))
            .map_or_else(|| last_line(log.as_bytes()), |line| line.trim().to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.watchdog.stdin.take());
        // No result of this wait changes what is left to do, which is to remove the directory.
        let _ = self.watchdog.wait();
    }
}

/// The watchdog's command line. Its own process group keeps the terminal's Ctrl-C away from it.
fn watchdog(programs: &Programs, account: Option<Account>, directory: &Path, port: u16) -> Command {
    let mut command = shell(WATCHDOG, account);
    command
        .arg(directory)
        .arg(&programs.initdb)
        .arg(&programs.postgres)
        .arg(SUPERUSER)
        .args(["-p", &port.to_string()])
        .args(SETTINGS.iter().flat_map(|setting| ["-c", setting]))
        .arg("-c")
        .arg(format!("unix_socket_directories=\"{}\"", directory.display()))
        .current_dir(directory)
        .process_group(0)
        .stdin(Stdio::piped())
        // The messages that are read back from the log are the English ones.
        .env("LC_ALL", "C");
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("PG") {
            command.env_remove(name);
        }
    }
    command
}

/// `sh` with a script, silent, as another user where one is given.
pub fn shell(script: &str, account: Option<Account>) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid);
    }
    command
}

/// Makes a directory of the cluster's own where its user can reach it.
pub fn create_directory(account: Option<Account>) -> Result<TempDir, String> {
    let bases = [env::temp_dir(), "/tmp".into(), "/var/tmp".into()];
    let base = bases
        .iter()
        .find(|base| base.as_os_str().len() + SOCKET_PATH_REST.len() <= SOCKET_PATH_LIMIT && is_writable(base, account))
        .ok_or("no directory for temporary files is writable for its user")?;
    tempfile::Builder::new()
        .prefix("minsheng-")
        .permissions(fs::Permissions::from_mode(0o700))
        .tempdir_in(base)
        .map_err(|error| format!("cannot make a directory in {}: {error}", base.display()))
}

fn is_writable(directory: &Path, account: Option<Account>) -> bool {
    shell(r#"test -w "$1" && test -x "$1""#, account).arg(directory).current_dir("/").status().is_ok_and(|status| status.success())
}

/// A password that keeps the other users of this machine out of the server.
pub fn random_password() -> Result<String, String> {
    let mut bytes = [0; 16];
    fs::File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut bytes))
        .map_err(|error| format!("cannot read /dev/urandom: {error}"))?;
    Ok(u128::from_ne_bytes(bytes).to_string())
}

/// A port that nobody listens on at this moment.
pub fn free_port() -> Result<u16, String> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("no free port on 127.0.0.1: {error}"))
}

/// The user that the server runs as when the tests run as root, which PostgreSQL refuses.
#[derive(Clone, Copy)]
pub struct Account {
    pub uid: u32,
    pub gid: u32,
}

impl Account {
    /// No account where the server can run as the user of the tests.
    pub fn for_server() -> Result<Option<Account>, String> {
        if !is_root() {
            return Ok(None);
        }
        ["postgres", "nobody"].into_iter().find_map(Account::named).map(Some).ok_or_else(|| {
            format!(
                "PostgreSQL does not run as root, and there is no user postgres or nobody: \
                     run the tests as another user, or {REMEDY}"
            )
        })
    }

    fn named(name: &str) -> Option<Account> {
        Some(Account { uid: id(&["-u", name])?, gid: id(&["-g", name])? })
    }
}

fn is_root() -> bool {
    id(&["-u"]) == Some(0)
}

fn id(arguments: &[&str]) -> Option<u32> {
    stdout_of("id", arguments)?.parse().ok()
}

/// The two programs of an installation that make and run a cluster.
pub struct Programs {
    pub initdb: PathBuf,
    pub postgres: PathBuf,
}

impl Programs {
    /// What the user chose by `PATH` comes before the newest of what else is installed.
    pub fn find() -> Option<Programs> {
        let path = env::var_os("PATH").unwrap_or_default();
        let chosen = env::split_paths(&path).chain(stdout_of("pg_config", &["--bindir"]).map(PathBuf::from));
        Programs::first_in(chosen).or_else(|| Programs::newest_in(install_directories()))
    }

    fn first_in(mut directories: impl Iterator<Item = PathBuf>) -> Option<Programs> {
        directories.find_map(|directory| Programs::in_directory(&directory))
    }

    fn newest_in(directories: impl Iterator<Item = PathBuf>) -> Option<Programs> {
        directories.filter_map(|directory| Programs::in_directory(&directory)).max_by_key(|programs| major_version(&programs.postgres))
    }

    /// Both programs, if both are there, run, and belong together.
    fn in_directory(directory: &Path) -> Option<Programs> {
        let programs = Programs { initdb: directory.join("initdb"), postgres: directory.join("postgres") };
        let version = major_version(&programs.postgres)?;
        (major_version(&programs.initdb)? == version).then_some(programs)
    }

    pub fn install() -> Result<Programs, String> {
        let sudo = stdout_of("sudo", &["-n", "true"]).is_some();
        let may_be_root = is_root() || sudo;
        let manager =
            MANAGERS.iter().find(|manager| is_on_path(manager.program) && (may_be_root || !manager.as_root)).ok_or_else(|| {
                format!(
                    "no PostgreSQL server on this machine: \
                     install the PostgreSQL server package, or {REMEDY}"
                )
            })?;
        eprintln!("No PostgreSQL server on this machine: installing it with {}, which may take a minute", manager.program);
        let output = manager.run().map_err(|error| format!("cannot run {}: {error}; {REMEDY}", manager.program))?;
        Programs::find().ok_or_else(|| {
            format!(
                "{} did not install PostgreSQL ({}): \
                 install the PostgreSQL server package, or {REMEDY}",
                manager.program,
                last_line(&output.stderr)
            )
        })
    }
}

impl Manager {
    fn run(&self) -> std::io::Result<Output> {
        let mut command = if self.as_root && !is_root() {
            let mut sudo = Command::new("sudo");
            sudo.args(["-n", "sh"]);
            sudo
        } else {
            Command::new("sh")
        };
        command.args(["-c", self.script]).stdin(Stdio::null()).output()
    }
}

fn install_directories() -> impl Iterator<Item = PathBuf> {
    INSTALL_DIRECTORIES.into_iter().flat_map(|(parent, start, rest)| {
        fs::read_dir(parent)
            .into_iter()
            .flatten()
            .flatten()
            .filter(move |entry| entry.file_name().to_string_lossy().starts_with(start))
            .map(move |entry| entry.path().join(rest))
    })
}

fn is_on_path(program: &str) -> bool {
    env::split_paths(&env::var_os("PATH").unwrap_or_default()).any(|directory| directory.join(program).is_file())
}

/// The 15 of `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn major_version(program: &Path) -> Option<u32> {
    let text = stdout_of(program.to_str()?, &["--version"])?;
    let (_, version) = text.split_once("(PostgreSQL) ")?;
    version.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}

/// What a program prints, if it is there and succeeds.
fn stdout_of(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

fn last_line(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    text.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or("it said nothing").to_owned()
}
