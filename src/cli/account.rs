//! `minsheng account …`: manages accounts, for the operator of the service. The first admin is made here.

use std::io::Read as _;

use clap::{Subcommand, ValueEnum};
use entity::{Role, UnitId};

use super::{DatabaseAddress, Problem, operator, terminal};
use crate::{
    access::{password::Password, viewer::Viewer},
    config::Layers,
    domain::{
        language::Text,
        page::{Direction, PageRequest},
        people::account::{Account as Record, Username},
    },
    service::{
        Call, Refusal, Service,
        people::account::{AccountChange, InitialPassword, NewAccount, Transfer, WithPassword},
    },
    store::{AccountFilter, Visible},
};

/// How many accounts are read at once.
const AT_ONCE: u32 = 100;

/// Look after accounts.
#[derive(Debug, clap::Args)]
pub(super) struct Account {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 新建账号。 Make an account.
    Create(Create),
    /// 列出账号。 List accounts.
    List(List),
    /// 修改登录名、角色或外部身份。 Change a username, role or external subject.
    Change(Change),
    /// 调动到另一辖区或单位。 Transfer to another jurisdiction or unit.
    Transfer(Move),
    /// 锁定。 Lock.
    Lock(Lock),
    /// 解锁。 Unlock.
    Unlock(Named),
    /// 重置密码，打印新的初始密码。 Reset the password and print the new initial one.
    Reset(Named),
}

#[derive(Debug, clap::Args)]
struct Create {
    /// 登录名。 The username.
    username: String,
    /// 角色。 The role.
    #[arg(long, value_enum)]
    role: RoleName,
    /// 辖区代码，例如 yanzhou。 The code of the jurisdiction, such as yanzhou.
    #[arg(long, value_name = "CODE")]
    jurisdiction: String,
    /// 单位账号的单位名称。 The name of the unit, of a unit account.
    #[arg(long, value_name = "NAME")]
    unit: Option<String>,
    /// 在统一身份认证中的标识。 Who it is at the identity provider.
    #[arg(long, value_name = "SUBJECT")]
    external_subject: Option<String>,
    /// 从标准输入读取密码；不写则生成一个初始密码并打印，首次登录须修改。 Read the password from standard input; without it an initial one is printed, to be changed at the first sign-in.
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    database: DatabaseAddress,
}

#[derive(Debug, clap::Args)]
struct List {
    /// 只列此辖区及其下级。 Only this jurisdiction and those below it.
    #[arg(long, value_name = "CODE")]
    jurisdiction: Option<String>,
    /// 只列此角色。 Only this role.
    #[arg(long, value_enum)]
    role: Option<RoleName>,
    #[command(flatten)]
    database: DatabaseAddress,
}

#[derive(Debug, clap::Args)]
struct Change {
    /// 登录名。 The username.
    username: String,
    /// 新登录名。 Another username.
    #[arg(long, value_name = "USERNAME")]
    rename: Option<String>,
    /// 新角色。 Another role.
    #[arg(long, value_enum)]
    role: Option<RoleName>,
    /// 改为单位角色时的单位名称。 The name of the unit, where the role becomes that of a unit.
    #[arg(long, value_name = "NAME")]
    unit: Option<String>,
    /// 在统一身份认证中的标识；写空文字则解除。 Who it is at the identity provider; an empty text takes it away.
    #[arg(long, value_name = "SUBJECT")]
    external_subject: Option<String>,
    #[command(flatten)]
    database: DatabaseAddress,
}

#[derive(Debug, clap::Args)]
struct Move {
    /// 登录名。 The username.
    username: String,
    /// 新辖区代码。 The code of the jurisdiction.
    #[arg(long, value_name = "CODE")]
    jurisdiction: String,
    /// 单位账号的新单位名称。 The name of the unit, of a unit account.
    #[arg(long, value_name = "NAME")]
    unit: Option<String>,
    #[command(flatten)]
    database: DatabaseAddress,
}

#[derive(Debug, clap::Args)]
struct Lock {
    /// 登录名。 The username.
    username: String,
    /// 原因。 Why.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    database: DatabaseAddress,
}

#[derive(Debug, clap::Args)]
struct Named {
    /// 登录名。 The username.
    username: String,
    #[command(flatten)]
    database: DatabaseAddress,
}

/// A role as it is written in a command.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum RoleName {
    /// 单位。 A unit.
    Unit,
    /// 督查室。 A supervision office.
    Office,
    /// 领导。 A leader.
    Leader,
    /// 代表。 A deputy.
    Deputy,
    /// 管理员。 An admin.
    Admin,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Unit => Self::Unit,
            RoleName::Office => Self::Office,
            RoleName::Leader => Self::Leader,
            RoleName::Deputy => Self::Deputy,
            RoleName::Admin => Self::Admin,
        }
    }
}

impl Account {
    pub(super) async fn run(self, layers: Layers) -> Result<(), Problem> {
        match self.command {
            Command::Create(create) => create.run(layers).await,
            Command::List(list) => list.run(layers).await,
            Command::Change(change) => change.run(layers).await,
            Command::Transfer(transfer) => transfer.run(layers).await,
            Command::Lock(lock) => {
                let desk = Desk::open(&lock.database, layers).await?;
                let account = desk.account(&lock.username).await?;
                let locked = desk.service.lock_account(&desk.call, account.id, account.version.into(), &lock.reason).await?;
                desk.done(&locked).await
            }
            Command::Unlock(named) => {
                let desk = Desk::open(&named.database, layers).await?;
                let account = desk.account(&named.username).await?;
                let unlocked = desk.service.unlock_account(&desk.call, account.id, account.version.into()).await?;
                desk.done(&unlocked).await
            }
            Command::Reset(named) => {
                let desk = Desk::open(&named.database, layers).await?;
                let account = desk.account(&named.username).await?;
                let reset = desk.service.reset_password(&desk.call, account.id, account.version.into()).await?;
                say_password(&reset);
                desk.done(&reset.account).await
            }
        }
    }
}

impl Create {
    async fn run(self, layers: Layers) -> Result<(), Problem> {
        let desk = Desk::open(&self.database, layers).await?;
        let password = if self.password_stdin {
            InitialPassword::Given(typed()?)
        } else if self.external_subject.is_some() {
            InitialPassword::None
        } else {
            InitialPassword::Generated
        };
        let unit = desk.unit(&self.jurisdiction, self.unit.as_deref()).await?;
        let new = NewAccount {
            username: self.username,
            role: self.role.into(),
            jurisdiction: self.jurisdiction,
            unit,
            external_subject: self.external_subject,
            password,
        };
        let created = desk.service.create_account(&desk.call, new).await?;
        say_password(&created);
        desk.done(&created.account).await
    }
}

impl Change {
    async fn run(self, layers: Layers) -> Result<(), Problem> {
        let desk = Desk::open(&self.database, layers).await?;
        let account = desk.account(&self.username).await?;
        let code = desk.code(&account).await?;
        let change = AccountChange {
            username: self.rename,
            role: self.role.map(Role::from),
            unit: desk.unit(&code, self.unit.as_deref()).await?,
            external_subject: self.external_subject.map(|subject| Some(subject).filter(|subject| !subject.is_empty())),
        };
        let changed = desk.service.change_account(&desk.call, account.id, account.version.into(), change).await?;
        desk.done(&changed).await
    }
}

impl Move {
    async fn run(self, layers: Layers) -> Result<(), Problem> {
        let desk = Desk::open(&self.database, layers).await?;
        let account = desk.account(&self.username).await?;
        let unit = desk.unit(&self.jurisdiction, self.unit.as_deref()).await?;
        let to = Transfer { jurisdiction: self.jurisdiction, unit };
        let moved = desk.service.transfer_account(&desk.call, account.id, account.version.into(), to).await?;
        desk.done(&moved).await
    }
}

impl List {
    async fn run(self, layers: Layers) -> Result<(), Problem> {
        let desk = Desk::open(&self.database, layers).await?;
        let filter = AccountFilter {
            jurisdictions: self.jurisdiction.map(|code| vec![code]),
            descendants: true,
            roles: self.role.map(|role| vec![role.into()]),
            ..AccountFilter::default()
        };
        let mut after = None;
        loop {
            let request = PageRequest { size: AT_ONCE, direction: Direction::Forward, after: after.take(), before: None, counted: false };
            let page = desk.visible.account_page(&filter, &request).await?;
            after = page.rows.last().map(|(cursor, _)| cursor.encode()).filter(|_| page.has_next);
            for (_, account) in page.rows {
                desk.say(&account).await?;
            }
            if after.is_none() {
                return Ok(desk.service.database().clone().close().await?);
            }
        }
    }
}

/// The tools of the commands.
struct Desk {
    service: Service,
    call: Call,
    visible: Visible,
}

impl Desk {
    async fn open(database: &DatabaseAddress, layers: Layers) -> Result<Self, Problem> {
        let service = database.service(layers).await?;
        let visible = Visible::new(service.database().clone(), Viewer::Operator);
        Ok(Self { call: operator(&service), visible, service })
    }

    async fn account(&self, name: &str) -> Result<Record, Problem> {
        let found = match Username::new(name) {
            Ok(name) => self.visible.account_by_name(&name).await?,
            Err(_) => None,
        };
        found.ok_or_else(|| {
            Problem::new(
                format!("没有账号 {name}：minsheng account list 可列出全部账号。"),
                format!("There is no account {name}: `minsheng account list` lists them all."),
            )
        })
    }

    /// The unit that a jurisdiction knows by this name.
    async fn unit(&self, code: &str, name: Option<&str>) -> Result<Option<UnitId>, Problem> {
        let Some(name) = name else { return Ok(None) };
        let tree = self.visible.jurisdictions().await?;
        let found = match tree.by_code(code) {
            Some(jurisdiction) => self.visible.unit_by_name(jurisdiction.id, name).await?,
            None => None,
        };
        let unit = found.ok_or_else(|| {
            Problem::new(
                format!("辖区 {code} 没有单位 {name}：请用通知所用的名称。"),
                format!("There is no unit {name} in {code}: use the name that notices use."),
            )
        })?;
        Ok(Some(unit.id))
    }

    async fn code(&self, account: &Record) -> Result<String, Problem> {
        let tree = self.visible.jurisdictions().await?;
        Ok(tree.by_id(account.jurisdiction_id).map(|jurisdiction| jurisdiction.code.clone()).ok_or(Refusal::NotFound)?)
    }

    async fn say(&self, account: &Record) -> Result<(), Problem> {
        let role = serde_json::to_value(account.role).unwrap_or_default();
        let unit = match account.unit_id {
            Some(id) => self.visible.units_by_id(&[id]).await?.remove(&id).map(|unit| unit.name),
            None => None,
        };
        let locked = account.lock.as_ref().map(|lock| format!("  锁定 locked: {}", lock.reason.escape_debug())).unwrap_or_default();
        let unit = unit.map(|name| format!("  {name}")).unwrap_or_default();
        let role = role.as_str().unwrap_or_default();
        terminal::say(format_args!("{}  {role}  {}{unit}{locked}", account.username, self.code(account).await?));
        Ok(())
    }

    async fn done(self, account: &Record) -> Result<(), Problem> {
        self.say(account).await?;
        Ok(self.service.database().clone().close().await?)
    }
}

fn say_password(made: &WithPassword) {
    if let Some(password) = &made.password {
        terminal::say(Text::new(
            format!("初始密码 {}（只显示这一次，首次登录须修改）", password.reveal()),
            format!("initial password {} (shown this once, to be changed at the first sign-in)", password.reveal()),
        ));
    }
}

/// The password on standard input, without the line break that a shell adds.
fn typed() -> Result<Password, Problem> {
    // Longer than any password: the rest is not read.
    const MOST: u64 = 4096;
    let mut text = zeroize::Zeroizing::new(String::new());
    std::io::stdin().take(MOST).read_to_string(&mut text).map_err(|error| {
        Problem::new(
            format!("无法从标准输入读取密码（{error}）：请用 UTF-8 文字。"),
            format!("The password could not be read from standard input ({error}): give it as UTF-8 text."),
        )
    })?;
    Ok(Password::new(text.trim_end_matches(['\r', '\n'])))
}
