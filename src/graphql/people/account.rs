//! 账号: accounts, and what those who look after them can have done.

use async_graphql::{Context, Description, ID, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use endpoint::heading;
use entity::{AccountId, Action};

use super::{api_key::ApiKey, permission::Permission};
use crate::{
    access::policy::Resource,
    domain::{self, people::account::Username},
    graphql::{
        connection::{self, AccountConnection},
        enumeration::Role,
        error::{self, Missing, OrFail as _},
        filter,
        free_text::Line,
        id,
        inquiry::Inquiry,
        loader::{self, ApiKeysOf},
        places::{
            jurisdiction::{self, Jurisdiction},
            unit::Unit,
        },
        refusal::{self, Fault},
        scalar::DateTime,
    },
    service::people::account::{AccountChange, InitialPassword, NewAccount, Transfer, WithPassword},
    store,
};

/// 账号：在一个辖区有一种角色。自己的账号本人可见；单位、领导、代表账号对本级及上级督查室可见；全部账号对管理员可见。
///
/// Who may sign in, with one role in one jurisdiction. Seen by its owner, by the offices that look after it, and by admins.
#[derive(Clone, Description)]
pub struct Account(pub(in crate::graphql) domain::people::account::Account);

#[Object(use_type_description)]
impl Account {
    /// 全局 ID。
    ///
    /// The global id.
    #[graphql(directive = heading::apply("全局 ID".into()))]
    pub(in crate::graphql) async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// 登录名，不分大小写和全角半角。
    ///
    /// The name to sign in with; case and width do not matter.
    #[graphql(directive = heading::apply("登录名".into()))]
    async fn username(&self) -> &str {
        self.0.username.as_str()
    }

    /// 角色。
    ///
    /// The role.
    #[graphql(directive = heading::apply("角色".into()))]
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// 所属辖区。
    ///
    /// The jurisdiction.
    #[graphql(directive = heading::apply("所属辖区".into()))]
    async fn jurisdiction(&self, context: &Context<'_>) -> Result<Jurisdiction> {
        jurisdiction::by_id(context, self.0.jurisdiction_id).await?.ok_or_else(|| error::internal(context, &Missing("jurisdiction")))
    }

    /// 单位账号所属的单位；其他账号为 null。
    ///
    /// The unit of a unit account; null for others.
    #[graphql(directive = heading::apply("单位账号所属的单位".into()))]
    async fn unit(&self, context: &Context<'_>) -> Option<Result<Unit>> {
        Some(loader::required(context, self.0.unit_id?).await.map(Unit::from))
    }

    /// 是否可用密码登录。
    ///
    /// Whether it can sign in with a password.
    #[graphql(directive = heading::apply("是否可用密码登录".into()))]
    async fn has_password(&self) -> bool {
        self.0.has_password
    }

    /// 密码是否由他人设定、须先修改。
    ///
    /// Whether its password was set by somebody else and must be changed first.
    #[graphql(directive = heading::apply("密码是否由他人设定、须先修改".into()))]
    async fn password_temporary(&self) -> bool {
        self.0.password_temporary
    }

    /// 在统一身份认证中的标识。
    ///
    /// Who it is at the configured identity provider.
    #[graphql(directive = heading::apply("在统一身份认证中的标识".into()))]
    async fn external_subject(&self) -> Option<&str> {
        self.0.external_subject.as_deref()
    }

    /// 锁定情况；没有锁定的为 null。
    ///
    /// Since when and why it is locked; null where it is not.
    #[graphql(directive = heading::apply("锁定情况".into()))]
    async fn lock(&self) -> Option<Lock> {
        let lock = self.0.lock.as_ref()?;
        Some(Lock { at: DateTime(lock.at), reason: lock.reason.clone() })
    }

    /// 版本，修改时须作为 expectedVersion 提交。
    ///
    /// The version, to be given as expectedVersion with a change.
    #[graphql(directive = heading::apply("版本".into()))]
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 建立时间。
    ///
    /// When it was made.
    #[graphql(directive = heading::apply("建立时间".into()))]
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 最近修改时间。
    ///
    /// When it was last changed.
    #[graphql(directive = heading::apply("最近修改时间".into()))]
    async fn changed_at(&self) -> DateTime {
        DateTime(self.0.changed_at)
    }

    /// 最近修改者的登录名；由命令行修改的为 null。
    ///
    /// The username of whoever changed it last; null for the command line.
    #[graphql(directive = heading::apply("最近修改者的登录名".into()))]
    async fn changed_by(&self) -> Option<&str> {
        self.0.changed_by.as_deref()
    }

    /// 它的 API 密钥，新的在前，已失效的也在内。
    ///
    /// Its API keys, the latest first, those that are over included.
    #[graphql(directive = heading::apply("它的 API 密钥".into()))]
    async fn api_keys(&self, context: &Context<'_>) -> Result<Vec<ApiKey>> {
        Ok(loader::list(context, ApiKeysOf(self.0.id)).await?.into_iter().map(ApiKey).collect())
    }

    /// 当前用户能否修改它的登录名、角色和外部身份。
    ///
    /// Whether the viewer may change its name, role and external subject.
    fn viewer_can_change(&self, context: &Context<'_>) -> Result<Permission> {
        Permission::of(context, Action::ChangeAccount, &self.resource())
    }

    /// 当前用户能否调动它。
    ///
    /// Whether the viewer may transfer it.
    fn viewer_can_transfer(&self, context: &Context<'_>) -> Result<Permission> {
        Permission::of(context, Action::TransferAccount, &self.resource())
    }

    /// 当前用户能否锁定它。
    ///
    /// Whether the viewer may lock it.
    fn viewer_can_lock(&self, context: &Context<'_>) -> Result<Permission> {
        Permission::of(context, Action::LockAccount, &self.resource())
    }

    /// 当前用户能否解锁它。
    ///
    /// Whether the viewer may unlock it.
    fn viewer_can_unlock(&self, context: &Context<'_>) -> Result<Permission> {
        Permission::of(context, Action::UnlockAccount, &self.resource())
    }

    /// 当前用户能否重置它的密码。
    ///
    /// Whether the viewer may reset its password.
    fn viewer_can_reset_password(&self, context: &Context<'_>) -> Result<Permission> {
        Permission::of(context, Action::ResetPassword, &self.resource())
    }
}

impl Account {
    fn resource(&self) -> Resource {
        Resource::Account((&self.0).into())
    }
}

impl From<domain::people::account::Account> for Account {
    fn from(account: domain::people::account::Account) -> Self {
        Self(account)
    }
}

/// 锁定情况。
///
/// Since when and why an account is locked.
#[derive(SimpleObject)]
pub struct Lock {
    /// 锁定时间。
    ///
    /// Since when.
    #[graphql(directive = heading::apply("锁定时间".into()))]
    at: DateTime,
    /// 原因。
    ///
    /// Why.
    #[graphql(directive = heading::apply("原因".into()))]
    reason: String,
}

/// 账号筛选条件；各条件同时成立。
///
/// Which accounts to list; all conditions hold at once.
#[derive(InputObject, Default)]
pub struct AccountFilter {
    /// 登录名中的任意文字，不分大小写。
    ///
    /// Any substring of the username, in any case.
    text: Option<String>,
    /// 辖区代码之一；空列表不选任何记录。
    ///
    /// One of these codes of jurisdictions; an empty list chooses nothing.
    jurisdiction: Option<Vec<String>>,
    /// 所选辖区是否包括其全部下级。
    ///
    /// Whether the chosen jurisdictions include all below them.
    #[graphql(default = true)]
    include_descendants: bool,
    /// 角色之一；空列表不选任何记录。
    ///
    /// One of these roles; an empty list chooses nothing.
    role: Option<Vec<Role>>,
    /// 单位之一；空列表不选任何记录。
    ///
    /// Of one of these units; an empty list chooses nothing.
    unit: Option<Vec<ID>>,
    /// 只取已锁定的，或只取未锁定的。
    ///
    /// Locked ones alone, or the others.
    locked: Option<bool>,
}

impl AccountFilter {
    fn checked(self, context: &Context<'_>) -> Result<store::AccountFilter> {
        Ok(store::AccountFilter {
            text: filter::text(context, self.text)?,
            jurisdictions: filter::choices(context, "jurisdiction", self.jurisdiction)?,
            descendants: self.include_descendants,
            roles: filter::choices(context, "role", self.role)?,
            units: filter::ids(context, "unit", self.unit)?,
            locked: self.locked,
        })
    }
}

/// Queries for accounts.
#[derive(Default)]
pub struct AccountQuery;

#[Object]
impl AccountQuery {
    /// 按登录名查账号；没有或不可见则为 null。
    ///
    /// The account with this username; null if there is none that you may see.
    #[graphql(directive = heading::apply("按登录名查账号".into()))]
    async fn account(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "登录名。\n\nThe username.")] username: String,
    ) -> Option<Result<Account>> {
        // What is no name names nobody.
        let name = Username::new(&username).ok()?;
        let find = async { Inquiry::of(context)?.visible.account_by_name(&name).await.or_fail(context) };
        Some(find.await.transpose()?.map(Account))
    }

    /// 账号列表，按辖区，先建立的在前。需要：已登录；只含自己的和自己管理的。
    ///
    /// Accounts by jurisdiction, the oldest first. Needs: being signed in; holds one's own and those one looks after.
    #[graphql(directive = heading::apply("账号列表".into()))]
    async fn accounts(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "筛选条件。\n\nWhich to list.")] filter: Option<AccountFilter>,
        #[graphql(
            desc = "取开头若干条，至多 budget.limits.pageSize 条，不写为 20。\n\nThe first so many rows, at most `budget.limits.pageSize`; 20 when left out."
        )]
        first: Option<i32>,
        #[graphql(desc = "取此游标之后的记录。\n\nRows after this cursor.")] after: Option<String>,
        #[graphql(desc = "取末尾若干条，至多 budget.limits.pageSize 条。\n\nThe last so many rows, at most `budget.limits.pageSize`.")]
        last: Option<i32>,
        #[graphql(desc = "取此游标之前的记录。\n\nRows before this cursor.")] before: Option<String>,
    ) -> Result<AccountConnection> {
        let request = connection::request(context, first, after, last, before)?;
        let filter = filter.unwrap_or_default().checked(context)?;
        Ok(Inquiry::of(context)?.visible.account_page(&filter, &request).await.or_fail(context)?.into())
    }
}

/// 新账号。
///
/// An account to make.
#[derive(InputObject)]
pub struct CreateAccountInput {
    /// 登录名：2 至 64 个字，可用文字、数字和 . _ - @。
    ///
    /// The username: 2 to 64 letters, digits, or . _ - @.
    username: String,
    /// 角色；督查室可授予单位、领导、代表。
    ///
    /// The role; an office gives those of unit, leader and deputy.
    role: Role,
    /// 辖区代码；督查室限本辖区及其下级。
    ///
    /// The code of the jurisdiction; for an office its own or one below it.
    jurisdiction: String,
    /// 单位：单位账号必填，其他账号不填。
    ///
    /// The unit: required for a unit account, left out for others.
    unit: Option<ID>,
    /// 在统一身份认证中的标识；填写后不生成密码。
    ///
    /// Who it is at the identity provider; no password is generated where it is given.
    external_subject: Option<String>,
}

/// 要修改的内容；不写的不变。
///
/// What to change of an account; what is left out stays.
#[derive(InputObject)]
pub struct ChangeAccountInput {
    /// 账号。
    ///
    /// The account.
    id: ID,
    /// 所依据的版本；已被他人修改则拒绝。
    ///
    /// The version that the change builds on; refused where it has changed since.
    expected_version: i64,
    /// 新登录名。
    ///
    /// Another username.
    username: Option<String>,
    /// 新角色。
    ///
    /// Another role.
    role: Option<Role>,
    /// 改为单位角色时的单位。
    ///
    /// The unit, where the role becomes that of a unit.
    unit: Option<ID>,
    /// 在统一身份认证中的标识；写 null 则解除。
    ///
    /// Who it is at the identity provider; null takes it away.
    external_subject: MaybeUndefined<String>,
}

/// 调动到哪里。
///
/// Where to transfer an account.
#[derive(InputObject)]
pub struct TransferAccountInput {
    /// 账号。
    ///
    /// The account.
    id: ID,
    /// 所依据的版本；已被他人修改则拒绝。
    ///
    /// The version that the change builds on; refused where it has changed since.
    expected_version: i64,
    /// 新辖区代码。
    ///
    /// The code of the jurisdiction.
    jurisdiction: String,
    /// 单位账号的新单位。
    ///
    /// The unit, of a unit account.
    unit: Option<ID>,
}

/// 锁定哪个账号，为什么。
///
/// Which account to lock, and why.
#[derive(InputObject)]
pub struct LockAccountInput {
    /// 账号。
    ///
    /// The account.
    id: ID,
    /// 所依据的版本；已被他人修改则拒绝。
    ///
    /// The version that the change builds on; refused where it has changed since.
    expected_version: i64,
    /// 原因，至多 200 个字。
    ///
    /// Why, in at most 200 characters.
    reason: Line,
}

/// 哪个账号。
///
/// Which account.
#[derive(InputObject)]
pub struct AccountInput {
    /// 账号。
    ///
    /// The account.
    id: ID,
    /// 所依据的版本；已被他人修改则拒绝。
    ///
    /// The version that the change builds on; refused where it has changed since.
    expected_version: i64,
}

/// 账号修改的结果。
///
/// What came of a change of an account.
#[derive(SimpleObject)]
pub struct AccountPayload {
    /// 修改后的账号；输入有误则为 null。
    ///
    /// The account as it is now; null where the input was wrong.
    #[graphql(directive = heading::apply("修改后的账号".into()))]
    account: Option<Account>,
    /// 输入有误之处，全部列出。
    ///
    /// All that is wrong with the input.
    errors: Vec<Fault>,
}

/// 新建或重置的结果。
///
/// What came of making an account or resetting its password.
#[derive(SimpleObject)]
pub struct AccountPasswordPayload {
    /// 账号；输入有误则为 null。
    ///
    /// The account; null where the input was wrong.
    #[graphql(directive = heading::apply("账号".into()))]
    account: Option<Account>,
    /// 初始密码，只显示这一次，首次登录须修改；没有生成则为 null。
    ///
    /// The initial password, shown this once, to be changed at the first sign-in; null where none was made.
    #[graphql(directive = heading::apply("初始密码".into()))]
    password: Option<String>,
    /// 输入有误之处，全部列出。
    ///
    /// All that is wrong with the input.
    errors: Vec<Fault>,
}

impl AccountPayload {
    fn of(context: &Context<'_>, done: std::result::Result<domain::people::account::Account, crate::service::Refusal>) -> Result<Self> {
        let (account, errors) = refusal::payload(context, done)?;
        Ok(Self { account: account.map(Account), errors })
    }
}

impl AccountPasswordPayload {
    fn of(context: &Context<'_>, done: std::result::Result<WithPassword, crate::service::Refusal>) -> Result<Self> {
        let (done, errors) = refusal::payload(context, done)?;
        let (account, password) = done.map_or((None, None), |done| (Some(Account(done.account)), done.password));
        Ok(Self { account, password: password.map(|password| password.reveal().to_owned()), errors })
    }
}

/// Changes of accounts.
#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// 新建账号并生成初始密码。需要：管理员；或督查室，限本辖区及下级的单位、领导、代表账号。
    ///
    /// Makes an account with an initial password. Needs: an admin; or an office, for unit, leader and deputy accounts of its jurisdiction and below.
    #[graphql(directive = heading::apply("新建账号并生成初始密码".into()))]
    async fn create_account(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "新账号。\n\nThe account to make.")] input: CreateAccountInput,
    ) -> Option<Result<AccountPasswordPayload>> {
        let create = async {
            let inquiry = Inquiry::of(context)?;
            let password = if input.external_subject.is_some() { InitialPassword::None } else { InitialPassword::Generated };
            let new = NewAccount {
                username: input.username,
                role: input.role.into(),
                jurisdiction: input.jurisdiction,
                unit: input.unit.as_ref().map(id::or_nothing),
                external_subject: input.external_subject,
                password,
            };
            AccountPasswordPayload::of(context, inquiry.service.create_account(&inquiry.call, new).await)
        };
        Some(create.await)
    }

    /// 修改登录名、角色、外部身份，下一个请求起生效。需要：管理员；或督查室，限其管理的账号和可授予的角色。
    ///
    /// Changes a username, role or external subject, from the next request on. Needs: an admin; or an office, for accounts it looks after and roles it may give.
    #[graphql(directive = heading::apply("修改登录名、角色、外部身份".into()))]
    async fn change_account(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "要修改的内容。\n\nWhat to change.")] input: ChangeAccountInput,
    ) -> Option<Result<AccountPayload>> {
        let change = async {
            let inquiry = Inquiry::of(context)?;
            let change = AccountChange {
                username: input.username,
                role: input.role.map(Into::into),
                unit: input.unit.as_ref().map(id::or_nothing),
                external_subject: match input.external_subject {
                    MaybeUndefined::Undefined => None,
                    MaybeUndefined::Null => Some(None),
                    MaybeUndefined::Value(subject) => Some(Some(subject)),
                },
            };
            let id = id::or_nothing::<AccountId>(&input.id);
            AccountPayload::of(context, inquiry.service.change_account(&inquiry.call, id, input.expected_version, change).await)
        };
        Some(change.await)
    }

    /// 调动账号，下一个请求起生效。需要：管理员；或督查室，限在其管理范围内调动。
    ///
    /// Transfers an account, from the next request on. Needs: an admin; or an office, from and to where it looks after accounts.
    #[graphql(directive = heading::apply("调动账号".into()))]
    async fn transfer_account(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "调动到哪里。\n\nWhere to.")] input: TransferAccountInput,
    ) -> Option<Result<AccountPayload>> {
        let transfer = async {
            let inquiry = Inquiry::of(context)?;
            let to = Transfer { jurisdiction: input.jurisdiction, unit: input.unit.as_ref().map(id::or_nothing) };
            let id = id::or_nothing::<AccountId>(&input.id);
            AccountPayload::of(context, inquiry.service.transfer_account(&inquiry.call, id, input.expected_version, to).await)
        };
        Some(transfer.await)
    }

    /// 锁定账号并结束其全部会话。需要：管理员；或督查室，限其管理的账号。
    ///
    /// Locks an account and ends its sessions. Needs: an admin; or an office, for accounts it looks after.
    #[graphql(directive = heading::apply("锁定账号并结束其全部会话".into()))]
    async fn lock_account(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "锁定哪个，为什么。\n\nWhich, and why.")] input: LockAccountInput,
    ) -> Option<Result<AccountPayload>> {
        let lock = async {
            let inquiry = Inquiry::of(context)?;
            let id = id::or_nothing::<AccountId>(&input.id);
            AccountPayload::of(context, inquiry.service.lock_account(&inquiry.call, id, input.expected_version, &input.reason.0).await)
        };
        Some(lock.await)
    }

    /// 解锁账号。需要：管理员；或督查室，限其管理的账号。
    ///
    /// Unlocks an account. Needs: an admin; or an office, for accounts it looks after.
    #[graphql(directive = heading::apply("解锁账号".into()))]
    async fn unlock_account(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "哪个账号。\n\nWhich.")] input: AccountInput,
    ) -> Option<Result<AccountPayload>> {
        let unlock = async {
            let inquiry = Inquiry::of(context)?;
            let id = id::or_nothing::<AccountId>(&input.id);
            AccountPayload::of(context, inquiry.service.unlock_account(&inquiry.call, id, input.expected_version).await)
        };
        Some(unlock.await)
    }

    /// 重置密码：生成新的初始密码，结束其会话，吊销其 API 密钥。需要：管理员；或督查室，限其管理的账号。
    ///
    /// Makes a new initial password, ends the account's sessions and revokes its API keys. Needs: an admin; or an office, for accounts it looks after.
    #[graphql(directive = heading::apply("重置密码".into()))]
    async fn reset_password(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "哪个账号。\n\nWhich.")] input: AccountInput,
    ) -> Option<Result<AccountPasswordPayload>> {
        let reset = async {
            let inquiry = Inquiry::of(context)?;
            let id = id::or_nothing::<AccountId>(&input.id);
            AccountPasswordPayload::of(context, inquiry.service.reset_password(&inquiry.call, id, input.expected_version).await)
        };
        Some(reset.await)
    }
}
