//! The enumerations of the domain. Stored and written in seeds as `SCREAMING_SNAKE_CASE` text, which a named check constraint bounds.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// The kinds of 辖区.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum JurisdictionKind {
    /// 市: a prefecture-level city.
    City,
    /// 区 of a city.
    District,
    /// 县.
    County,
    /// 县级市.
    CountyLevelCity,
    /// 开发区、新区、示范区: a zone with a management committee.
    DevelopmentZone,
}

/// The kinds of 单位.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UnitKind {
    /// 人民政府、管委会.
    Government,
    /// 党政部门.
    Department,
    /// 派驻机构、垂管机构、分局: a branch of a higher bureau.
    Branch,
    /// 事业单位.
    PublicInstitution,
    /// 指挥部等议事协调机构.
    CoordinatingBody,
    /// 镇、乡.
    Town,
    /// 街道.
    Subdistrict,
    /// 国有企业.
    StateOwnedEnterprise,
    /// 群团组织.
    MassOrganisation,
    /// 县（市、区）、功能区 as a party to the task of its city.
    Locality,
    /// 集合单位: a name that stands for its members.
    Collective,
}

/// Where a 通知 stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NoticeState {
    /// 起草中.
    Draft,
    /// 已印发.
    Issued,
    /// 已撤回.
    Withdrawn,
}

/// How a list was adopted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AdoptionMethod {
    /// 人大代表票决.
    DeputyVote,
    /// 人大会议审议通过.
    CongressReview,
    /// 党（工）委会议审议通过.
    PartyCommitteeReview,
}

/// 公开属性, as the notice states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Disclosure {
    /// 主动公开.
    Proactive,
    /// 依申请公开.
    OnRequest,
    /// 不予公开.
    Withheld,
}

/// Why somebody receives a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RecipientRole {
    /// 主送.
    Addressee,
    /// 抄送.
    CarbonCopy,
}

/// What is owed under a reporting duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DutyKind {
    /// 报送进展.
    ProgressReport,
    /// 更新台账.
    LedgerUpdate,
    /// 调度.
    Dispatch,
    /// 专题会议或专题调研.
    Meeting,
}

/// How often a reporting duty falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Cadence {
    /// 每周.
    Weekly,
    /// 每旬.
    TenDay,
    /// 每月.
    Monthly,
    /// 每季度.
    Quarterly,
}

/// Who owes a reporting duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Obligor {
    /// 牵头单位.
    LeadUnits,
    /// 协办单位.
    SupportingUnits,
    /// 分管领导.
    Leaders,
}

/// What a unit does for a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AssignmentRole {
    /// 牵头、主办.
    Lead,
    /// 协办.
    Supporting,
}

/// How a target's value is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Comparator {
    /// 恰为.
    Exactly,
    /// 不少于、以上.
    AtLeast,
    /// 约.
    About,
    /// 最高、不超过.
    AtMost,
}

/// What kind of figure a target commits to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TargetKind {
    /// 新增、完成量.
    Increment,
    /// 总数达到.
    Level,
    /// 惠及.
    Coverage,
    /// 比率.
    Rate,
    /// 金额.
    Amount,
}

/// How an indicator's figures are rolled up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Aggregation {
    /// 各单位累计数相加.
    Sum,
    /// 取牵头单位最新数.
    Latest,
}

/// What a search entry leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SearchSubject {
    /// A unit.
    Unit,
    /// An indicator.
    Indicator,
    /// A notice.
    Notice,
    /// A project.
    Project,
    /// A task.
    Task,
}

/// The role of an 账号.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// 单位账号: reports for its unit.
    Unit,
    /// 督查室账号: authors notices, reviews, manages accounts, in its jurisdiction.
    Office,
    /// 领导账号: reads like the office, records meetings and instructions.
    Leader,
    /// 代表账号: rates.
    Deputy,
    /// 管理员: accounts and catalogues of the whole installation.
    Admin,
}

/// Why a 会话 ended before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SessionEnd {
    /// Its owner signed out.
    SignedOut,
    /// A spent refresh token was presented: somebody has a copy.
    Reused,
    /// The password was changed or reset.
    PasswordChanged,
    /// The account was locked.
    AccountChanged,
}

/// What an API 密钥 may do of what its account may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ApiKeyRights {
    /// Queries alone.
    Read,
    /// All but managing how the account signs in.
    Full,
}

/// What can be done, and is recorded when it is done or tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// 阅读通知.
    ReadNotice,
    /// 查看账号.
    ReadAccount,
    /// 查看审计.
    ReadAudit,
    /// 登录.
    SignIn,
    /// 续期会话.
    RefreshSession,
    /// 退出.
    SignOut,
    /// 全部退出.
    SignOutEverywhere,
    /// 结束一个会话.
    EndSession,
    /// 修改密码.
    ChangePassword,
    /// 新建 API 密钥.
    CreateApiKey,
    /// 吊销 API 密钥.
    RevokeApiKey,
    /// 新建账号.
    CreateAccount,
    /// 修改账号.
    ChangeAccount,
    /// 调动账号.
    TransferAccount,
    /// 锁定账号.
    LockAccount,
    /// 解锁账号.
    UnlockAccount,
    /// 重置密码.
    ResetPassword,
    /// 查看报送情况.
    ReadCompliance,
    /// 填报进展.
    SubmitProgress,
    /// 审核填报.
    ReviewProgress,
    /// 编制实施计划.
    SavePlan,
    /// 分解指标.
    AllocateTarget,
    /// 解决堵点.
    ResolveBlocker,
    /// 申请办结.
    ClaimCompletion,
    /// 办结销号.
    AcceptCompletion,
    /// 退回办结申请.
    ReturnCompletion,
    /// 暂停任务.
    SuspendTask,
    /// 恢复任务.
    ResumeTask,
    /// 延期.
    ExtendTask,
    /// 设置填报要求.
    ChangeReporting,
    /// 记录调度和会议.
    RecordMeeting,
    /// 采用亮灯规则.
    AdoptRuleSet,
    /// 查看时间带来的变化: by the service itself.
    WatchTime,
    /// 更换签名密钥.
    RotateSigningKeys,
    /// 登记和停用可信文档.
    ChangeDocuments,
}

/// What became of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuditOutcome {
    /// It was done.
    Succeeded,
    /// The rules did not allow it.
    Denied,
    /// It was allowed and could not be: wrong input, an old version, too many attempts.
    Rejected,
    /// A fault of the service.
    Failed,
}

/// What an audit event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuditSubject {
    /// An account.
    Account,
    /// A session.
    Session,
    /// An API key.
    ApiKey,
    /// A notice.
    Notice,
    /// A task.
    Task,
    /// A progress report.
    ProgressReport,
    /// A blocker.
    Blocker,
    /// A jurisdiction.
    Jurisdiction,
}

/// What somebody proved themselves with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Proof {
    /// Nothing: the public.
    None,
    /// 会话: an access token of a session here.
    Session,
    /// API 密钥.
    ApiKey,
    /// 统一身份认证: a token of the configured issuer.
    External,
    /// 命令行: access to the machine and its database.
    Command,
}

/// Who has set a reporting duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DutyOrigin {
    /// The letter of the notice.
    Notice,
    /// 督查室, where the letter names no cadence or not this one.
    Office,
}

/// Where a 填报 stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReportState {
    /// 草稿: seen by its own unit only.
    Draft,
    /// 已报送: waits for review; its unit may still replace it.
    Submitted,
    /// 已接受: locked, and counted.
    Accepted,
    /// 已退回: waits for its unit, which reads why.
    Returned,
}

/// What can happen to a 填报.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TransitionKind {
    /// 报送, or 更新.
    Submit,
    /// 接受.
    Accept,
    /// 退回.
    Return,
    /// 重新打开.
    Reopen,
}

/// 灯: where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StatusLight {
    /// 蓝灯: closed (办结销号).
    Blue,
    /// 绿灯: on schedule, or near enough by the rules.
    Green,
    /// 黄灯: behind.
    Yellow,
    /// 红灯: far behind, or past due and not complete.
    Red,
    /// 灰灯: nothing to measure by yet, or suspended.
    Grey,
}

/// Where a 堵点 stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BlockerState {
    /// 未解决.
    Open,
    /// 已解决.
    Resolved,
    /// 已撤回: a later version of its report names it no more.
    Withdrawn,
}

/// What leaders hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MeetingKind {
    /// 调度.
    Dispatch,
    /// 专题会议或专题调研.
    Meeting,
}

/// What can happen to a task, for whoever follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProgressEventKind {
    /// 填报已报送.
    ReportSubmitted,
    /// 填报已接受.
    ReportAccepted,
    /// 填报已退回.
    ReportReturned,
    /// 填报已重新打开.
    ReportReopened,
    /// 亮灯变化.
    LightChanged,
    /// 逾期未报.
    DutyOverdue,
    /// 提出堵点.
    BlockerRaised,
    /// 堵点已解决.
    BlockerResolved,
    /// 申请办结.
    CompletionClaimed,
    /// 办结申请退回.
    CompletionReturned,
    /// 办结销号.
    TaskClosed,
}
