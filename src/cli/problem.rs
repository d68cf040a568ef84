//! Why a command failed, in one line that ends with a way out. Addresses of databases hold passwords and are not repeated.

use std::{error::Error, fmt, io::ErrorKind};

use std::path::Path;

use endpoint::ServeError;

use crate::{
    access::{
        issuer::{ConnectError, SettingsError},
        password::HashError,
        reason::Reason,
    },
    config::ConfigFault,
    domain::language::{Language, Text},
    service::{Refusal, notices::seed::SeedError},
    store::StoreError,
};

/// Why a command failed, and the remedy.
#[derive(Debug)]
pub(super) struct Problem(Text);

impl Problem {
    pub(super) fn new(chinese: impl Into<String>, english: impl Into<String>) -> Self {
        Self(Text::new(chinese, english))
    }

    pub(super) fn schema_ahead() -> Self {
        Self::new(
            "数据库由更新版本的 minsheng 建立，本版本无法使用：请改用新版本，或另选一个数据库（--database-url）。",
            "The database was made by a newer minsheng than this one: use that version, or choose another database (--database-url).",
        )
    }

    pub(super) fn demonstration_served() -> Self {
        Self::new(
            "这是演示数据库，其中有演示账号，不能正式提供服务：请用 minsheng migrate 另建一个数据库。",
            "This database is of the demo and has its accounts, so it is not served: make another with `minsheng migrate`.",
        )
    }

    pub(super) fn not_for_demonstration(file: &Path) -> Self {
        Self::new(
            format!("{} 中有正式账号，不能用于演示：请用 --data 另选文件夹，或用 minsheng serve 提供服务。", file.display()),
            format!(
                "{} has accounts that are not of the demo: choose another folder with --data, or use `minsheng serve`.",
                file.display()
            ),
        )
    }

    pub(super) fn schema_behind() -> Self {
        Self::new(
            "数据库尚未建立或版本较旧：请先运行 minsheng migrate。",
            "The database has no schema yet, or an older one: run `minsheng migrate` first.",
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl From<ConfigFault> for Problem {
    fn from(fault: ConfigFault) -> Self {
        Self(fault.text())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let reason = innermost(&error);
        match error {
            StoreError::Address { reason } => Self::new(
                format!("数据库地址有误（{reason}）：写作 sqlite:data/minsheng.db 或 postgres://用户:密码@主机:端口/库名。"),
                format!(
                    "The database address is wrong ({reason}): write sqlite:data/minsheng.db or postgres://USER:PASSWORD@HOST:PORT/DATABASE."
                ),
            ),
            StoreError::Folder { path, .. } => Self::new(
                format!("无法建立文件夹 {}（{reason}）：请检查权限，或把数据库放到可写的地方。", path.display()),
                format!(
                    "Cannot create the folder {} ({reason}): check its permissions, or put the database where you may write.",
                    path.display()
                ),
            ),
            StoreError::Absent { path } => Self::new(
                format!("{} 处没有数据库：请先运行 minsheng migrate，或检查地址。", path.display()),
                format!("There is no database at {}: run `minsheng migrate` first, or check the address.", path.display()),
            ),
            StoreError::Connect(_) => Self::new(
                format!("无法打开数据库（{reason}）：嵌入式数据库请检查文件和文件夹可写，PostgreSQL 请检查地址、账号及其是否在运行。"),
                format!(
                    "Cannot open the database ({reason}): an embedded one needs a file and folder you may write; for PostgreSQL check address, account and that it runs."
                ),
            ),
            _ => Self::new(
                format!("数据库操作失败（{reason}）：详情见日志（MINSHENG_LOG=debug）。"),
                format!("The database refused ({reason}): MINSHENG_LOG=debug tells more."),
            ),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Faults(faults) => {
                let [chinese, english] = [Language::Chinese, Language::English]
                    .map(|language| faults.iter().map(|fault| fault.text.in_language(language)).collect::<Vec<_>>().join(" "));
                Self::new(chinese, english)
            }
            Refusal::Forbidden(reason) => Self(reason.text()),
            Refusal::TooWide(message) => Self(message),
            Refusal::NotFound => Self::new("没有这个账号或对象：请检查名称。", "There is no such account or thing: check the name."),
            Refusal::Stale(_) => Self::new("刚刚被他人修改：请重试。", "It was changed this moment: try again."),
            Refusal::Credentials | Refusal::Locked => Self(Reason::SignInFirst.text()),
            Refusal::Throttled { retry_after } => Self::new(
                format!("尝试次数过多：请 {} 秒后再试。", retry_after.as_secs()),
                format!("Too many attempts: try again in {} seconds.", retry_after.as_secs()),
            ),
            Refusal::Fault(fault) => {
                let reason = innermost(fault.as_ref());
                Self::new(
                    format!("操作失败（{reason}）：详情见日志（MINSHENG_LOG=debug）。"),
                    format!("It failed ({reason}): MINSHENG_LOG=debug tells more."),
                )
            }
        }
    }
}

impl From<HashError> for Problem {
    fn from(error: HashError) -> Self {
        Refusal::from(error).into()
    }
}

impl From<SettingsError> for Problem {
    fn from(error: SettingsError) -> Self {
        Self::new(
            format!("统一身份认证设置有误（{error}）：请检查 --oidc-issuer、--oidc-audience 和 --oidc-claim。"),
            format!("The identity provider is set up wrongly ({error}): check --oidc-issuer, --oidc-audience and --oidc-claim."),
        )
    }
}

impl From<ConnectError> for Problem {
    fn from(error: ConnectError) -> Self {
        let reason = innermost(&error);
        Self::new(
            format!("无法连接统一身份认证（{error}：{reason}）：请检查本机信任的证书，或用 SSL_CERT_FILE 指定。"),
            format!(
                "The identity provider cannot be reached ({error}: {reason}): check the certificates that this machine trusts, or name a file with SSL_CERT_FILE."
            ),
        )
    }
}

impl From<ServeError> for Problem {
    fn from(error: ServeError) -> Self {
        let reason = innermost(&error);
        match error {
            ServeError::Listen { address, source } if source.kind() == ErrorKind::AddrInUse => Self::new(
                format!("{address} 已被占用：请停止占用它的程序，或换一个地址，例如 --listen 127.0.0.1:8081。"),
                format!("{address} is taken: stop the program that has it, or choose another, such as --listen 127.0.0.1:8081."),
            ),
            ServeError::Listen { address, .. } => Self::new(
                format!("无法在 {address} 上提供服务（{reason}）：请换一个地址，例如 --listen 127.0.0.1:8081。"),
                format!("Cannot listen on {address} ({reason}): choose another address, such as --listen 127.0.0.1:8081."),
            ),
            ServeError::Serve(_) => {
                Self::new(format!("服务中断（{reason}）：请重新启动。"), format!("Serving broke off ({reason}): start it again."))
            }
        }
    }
}

impl From<SeedError> for Problem {
    fn from(error: SeedError) -> Self {
        match error {
            SeedError::Store(error) => error.into(),
            SeedError::Faults(faults) => {
                let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
                let lines = lines.join("\n");
                Self::new(
                    format!("种子数据有 {} 处错误，未写入任何内容", faults.len()),
                    format!("the seed data has {} faults; nothing was written:\n{lines}", faults.len()),
                )
            }
        }
    }
}

/// The first cause, which is the message of the system.
pub(super) fn innermost(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
