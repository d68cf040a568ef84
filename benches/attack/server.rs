//! The server that is attacked: the real program, as a child of this one.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// How many descriptors a process may have open where nobody has said anything else, on most systems.
const DESCRIPTORS: &str = "1024";

/// How long the server may take to stop.
const PATIENCE: Duration = Duration::from_secs(40);

pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

/// What a process has in memory, in kilobytes; unknown on systems without `/proc`.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    pub now: Option<u64>,
    pub highest: Option<u64>,
}

impl Server {
    /// Requests come as if by a proxy on this machine, so that honest clients and attackers have addresses of their own.
    pub fn start(database_url: &str) -> Self {
        // The shell becomes the server, so the child's number is the server's.
        let mut command = Command::new("sh");
        command.args(["-c", &format!("ulimit -Sn {DESCRIPTORS}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_minsheng")]);
        command.args(["serve", "--listen", "127.0.0.1:0", "--trusted-proxies", "127.0.0.1"]);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("MINSHENG_") {
                command.env_remove(name);
            }
        }
        // What the server logs under attack is not of interest here.
        command.env("MINSHENG_LOG", "off").env("MINSHENG_DATABASE_URL", database_url);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the server starts");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let address = lines.map_while(Result::ok).find_map(|line| {
            let address = line.trim().strip_prefix("GraphQL")?.trim().strip_prefix("http://")?.strip_suffix("/graphql")?.to_owned();
            address.parse().ok()
        });
        Self { address: address.expect("the server says where it listens"), child }
    }

    pub fn memory(&self) -> Memory {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_ascii_whitespace().next()?.parse().ok()
        };
        Memory { now: field("VmRSS:"), highest: field("VmHWM:") }
    }

    /// Stops it as Ctrl-C does, and says whether it had lived until then and stopped cleanly.
    pub fn stop(mut self) -> bool {
        let told = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().is_ok_and(|status| status.success());
        let patience = Instant::now();
        while told && patience.elapsed() < PATIENCE {
            if let Ok(Some(status)) = self.child.try_wait() {
                return status.success();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
