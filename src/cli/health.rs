//! `minsheng health`: asks a running service whether it is well. It is the health check of the container, whose image has no `curl`.

use std::{net::SocketAddr, time::Duration};

use endpoint::{LIVE, ProbeError, READY, own_url, probe};

use super::{Problem, problem::innermost, terminal};
use crate::{
    config::{Flag, Layers},
    domain::language::Text,
};

/// Ask a running service whether it is well.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "健康则退出码为 0，否则为 1，并有一行说明。默认询问本机上按设置 listen 运行的服务能否应答（/readyz）。 Exits with 0 if the service is well and with 1 if not; one line says which. By default it asks the service of the setting `listen` on this machine whether it can answer (/readyz)."
)]
pub(super) struct Health {
    /// 只问进程是否存活（/livez），不管数据库。 Ask only whether the process lives (/livez), whatever its database does.
    #[arg(long, conflicts_with = "url")]
    live: bool,
    /// 服务监听的地址，默认取自设置 listen。 The address that the service listens on; the setting `listen` by default.
    #[arg(long, value_name = "ADDR", conflicts_with = "url")]
    listen: Option<SocketAddr>,
    /// 要询问的完整网址，如 `http://127.0.0.1:8080/readyz`。 The whole URL to ask, such as `http://127.0.0.1:8080/readyz`.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// 最多等待几秒，1 至 60。 How many seconds to wait at most, 1 to 60.
    #[arg(long, value_name = "SECONDS", default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=60))]
    timeout: u64,
}

impl Health {
    pub(super) async fn run(self, layers: Layers) -> Result<(), Problem> {
        let url = if let Some(url) = self.url {
            url
        } else {
            let listen = layers.with([Flag::given("listen", "--listen", self.listen.as_ref())]).finish()?.config.listen;
            if listen.port() == 0 {
                return Err(any_port());
            }
            own_url(listen, if self.live { LIVE } else { READY })
        };
        match probe(&url, Duration::from_secs(self.timeout)).await {
            Ok(()) => {
                terminal::say(Text::new(format!("服务正常：{url}"), format!("the service is well: {url}")));
                Ok(())
            }
            Err(error) => Err(unwell(&url, &error)),
        }
    }
}

/// Port 0 lets the system choose, so the setting does not tell where the service is.
fn any_port() -> Problem {
    Problem::new(
        "设置 listen 的端口是 0，由系统任选，无法得知：请用 --url 写明服务启动时打印的地址。",
        "The setting `listen` has port 0, so the system chose one that is not known here: give --url with the address that the service printed when it started.",
    )
}

fn unwell(url: &str, error: &ProbeError) -> Problem {
    match error {
        ProbeError::Url => Problem::new(
            format!("“{url}”不是可以询问的网址：请写作 http://127.0.0.1:8080/readyz。"),
            format!("`{url}` is no URL that can be asked: write it like http://127.0.0.1:8080/readyz."),
        ),
        ProbeError::Slow(patience) => {
            let seconds = patience.as_secs();
            Problem::new(
                format!("服务在 {seconds} 秒内没有应答（{url}）：请查看它的日志，或用 --timeout 多等一会儿。"),
                format!("The service did not answer within {seconds} s ({url}): look into its log, or wait longer with --timeout."),
            )
        }
        ProbeError::Unreachable(source) => {
            let reason = innermost(source.as_ref());
            Problem::new(
                format!("无法连接服务（{url}：{reason}）：请检查它是否在运行，以及 listen 或 --url 是否正确。"),
                format!("The service cannot be reached ({url}: {reason}): check that it runs, and that `listen` or --url is right."),
            )
        }
        ProbeError::Unwell { status, checks } => {
            let checks = if checks.is_empty() { String::new() } else { format!(", {}", checks.join(", ")) };
            Problem::new(
                format!("服务不正常（{url}：HTTP {status}{checks}）：原因见它的日志。"),
                format!("The service is not well ({url}: HTTP {status}{checks}): its log tells why."),
            )
        }
    }
}
