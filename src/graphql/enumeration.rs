//! The enumerations of the domain as callers see them, each with its description in both languages.

use async_graphql::Enum;
use endpoint::heading;

/// 文字语言。
///
/// The language of a text.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::language::Language", name = "Language")]
pub enum Language {
    /// 中文。
    ///
    /// Chinese.
    #[graphql(directive = heading::apply("中文".into()))]
    Chinese,
    /// 英文。
    ///
    /// English.
    #[graphql(directive = heading::apply("英文".into()))]
    English,
}

/// 辖区类别。
///
/// The kind of a jurisdiction.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::JurisdictionKind", name = "JurisdictionKind")]
pub enum JurisdictionKind {
    /// 市。
    ///
    /// A prefecture-level city.
    #[graphql(directive = heading::apply("市".into()))]
    City,
    /// 区。
    ///
    /// A district of a city.
    #[graphql(directive = heading::apply("区".into()))]
    District,
    /// 县。
    ///
    /// A county.
    #[graphql(directive = heading::apply("县".into()))]
    County,
    /// 县级市。
    ///
    /// A county-level city.
    #[graphql(directive = heading::apply("县级市".into()))]
    CountyLevelCity,
    /// 开发区、新区、示范区。
    ///
    /// A zone run by a management committee.
    #[graphql(directive = heading::apply("开发区、新区、示范区".into()))]
    DevelopmentZone,
}

/// 单位类别。
///
/// The kind of a unit.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::UnitKind", name = "UnitKind")]
pub enum UnitKind {
    /// 人民政府、管委会。
    ///
    /// A people's government or management committee.
    #[graphql(directive = heading::apply("人民政府、管委会".into()))]
    Government,
    /// 党政部门。
    ///
    /// A department of party or government.
    #[graphql(directive = heading::apply("党政部门".into()))]
    Department,
    /// 派驻、垂管机构及分局。
    ///
    /// A branch of a higher bureau.
    #[graphql(directive = heading::apply("派驻、垂管机构及分局".into()))]
    Branch,
    /// 事业单位。
    ///
    /// A public institution.
    #[graphql(directive = heading::apply("事业单位".into()))]
    PublicInstitution,
    /// 指挥部等议事协调机构。
    ///
    /// A coordinating body such as a headquarters.
    #[graphql(directive = heading::apply("指挥部等议事协调机构".into()))]
    CoordinatingBody,
    /// 镇、乡。
    ///
    /// A town or township.
    #[graphql(directive = heading::apply("镇、乡".into()))]
    Town,
    /// 街道。
    ///
    /// A subdistrict.
    #[graphql(directive = heading::apply("街道".into()))]
    Subdistrict,
    /// 国有企业。
    ///
    /// A state-owned enterprise.
    #[graphql(directive = heading::apply("国有企业".into()))]
    StateOwnedEnterprise,
    /// 群团组织。
    ///
    /// A mass organisation.
    #[graphql(directive = heading::apply("群团组织".into()))]
    MassOrganisation,
    /// 作为承办方的县（市、区）、功能区。
    ///
    /// A county, district or zone as a party to its city's task.
    #[graphql(directive = heading::apply("作为承办方的县".into()))]
    Locality,
    /// 集合单位：对它的分工落实到每个成员。
    ///
    /// A collective unit: an assignment to it reaches every member.
    #[graphql(directive = heading::apply("集合单位".into()))]
    Collective,
}

/// 通知状态。
///
/// The state of a notice.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::NoticeState", name = "NoticeState")]
pub enum NoticeState {
    /// 起草中。
    ///
    /// Being drafted.
    #[graphql(directive = heading::apply("起草中".into()))]
    Draft,
    /// 已印发。
    ///
    /// Issued.
    #[graphql(directive = heading::apply("已印发".into()))]
    Issued,
    /// 已撤回。
    ///
    /// Withdrawn.
    #[graphql(directive = heading::apply("已撤回".into()))]
    Withdrawn,
}

/// 确定方式。
///
/// How a list of projects was adopted.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::AdoptionMethod", name = "AdoptionMethod")]
pub enum AdoptionMethod {
    /// 人大代表票决。
    ///
    /// By a vote of deputies.
    #[graphql(directive = heading::apply("人大代表票决".into()))]
    DeputyVote,
    /// 人大会议审议通过。
    ///
    /// Reviewed and passed by the people's congress.
    #[graphql(directive = heading::apply("人大会议审议通过".into()))]
    CongressReview,
    /// 党（工）委会议审议通过。
    ///
    /// Reviewed and passed by the party (work) committee.
    #[graphql(directive = heading::apply("党".into()))]
    PartyCommitteeReview,
}

/// 公开属性。
///
/// How far a notice is disclosed.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::Disclosure", name = "Disclosure")]
pub enum Disclosure {
    /// 主动公开。
    ///
    /// Published on the government's own initiative.
    #[graphql(directive = heading::apply("主动公开".into()))]
    Proactive,
    /// 依申请公开。
    ///
    /// Disclosed on request.
    #[graphql(directive = heading::apply("依申请公开".into()))]
    OnRequest,
    /// 不予公开。
    ///
    /// Not disclosed.
    #[graphql(directive = heading::apply("不予公开".into()))]
    Withheld,
}

/// 报告职责的内容。
///
/// What is owed under a reporting duty.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::DutyKind", name = "DutyKind")]
pub enum DutyKind {
    /// 报送进展。
    ///
    /// A progress report.
    #[graphql(directive = heading::apply("报送进展".into()))]
    ProgressReport,
    /// 更新台账。
    ///
    /// An update of the ledger.
    #[graphql(directive = heading::apply("更新台账".into()))]
    LedgerUpdate,
    /// 调度。
    ///
    /// A dispatch: the leader asks where things stand.
    #[graphql(directive = heading::apply("调度".into()))]
    Dispatch,
    /// 专题会议或专题调研。
    ///
    /// A special meeting or a study on site.
    #[graphql(directive = heading::apply("专题会议或专题调研".into()))]
    Meeting,
}

/// 频次。
///
/// How often a duty falls due.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::Cadence", name = "Cadence")]
pub enum Cadence {
    /// 每周。
    ///
    /// Every week.
    #[graphql(directive = heading::apply("每周".into()))]
    Weekly,
    /// 每旬。
    ///
    /// Every ten days (days 1–10, 11–20, 21–end of the month).
    #[graphql(directive = heading::apply("每旬".into()))]
    TenDay,
    /// 每月。
    ///
    /// Every month.
    #[graphql(directive = heading::apply("每月".into()))]
    Monthly,
    /// 每季度。
    ///
    /// Every quarter.
    #[graphql(directive = heading::apply("每季度".into()))]
    Quarterly,
}

/// 职责承担者。
///
/// Who owes a reporting duty.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::Obligor", name = "Obligor")]
pub enum Obligor {
    /// 牵头单位。
    ///
    /// The lead units.
    #[graphql(directive = heading::apply("牵头单位".into()))]
    LeadUnits,
    /// 协办单位。
    ///
    /// The supporting units.
    #[graphql(directive = heading::apply("协办单位".into()))]
    SupportingUnits,
    /// 分管领导。
    ///
    /// The leaders in charge.
    #[graphql(directive = heading::apply("分管领导".into()))]
    Leaders,
}

/// 分工角色。
///
/// The role of a unit in a task.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::AssignmentRole", name = "AssignmentRole")]
pub enum AssignmentRole {
    /// 牵头、主办。
    ///
    /// Leads.
    #[graphql(directive = heading::apply("牵头、主办".into()))]
    Lead,
    /// 协办。
    ///
    /// Supports.
    #[graphql(directive = heading::apply("协办".into()))]
    Supporting,
}

/// 目标值的含义。
///
/// How a target's value is meant.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::Comparator", name = "Comparator")]
pub enum Comparator {
    /// 恰为。
    ///
    /// Exactly.
    #[graphql(directive = heading::apply("恰为".into()))]
    Exactly,
    /// 不少于：也写作“以上”。
    ///
    /// At least.
    #[graphql(directive = heading::apply("不少于".into()))]
    AtLeast,
    /// 约。
    ///
    /// About.
    #[graphql(directive = heading::apply("约".into()))]
    About,
    /// 不超过：也写作“最高”。
    ///
    /// At most.
    #[graphql(directive = heading::apply("不超过".into()))]
    AtMost,
}

/// 目标类别；类别不同不可比较。
///
/// The kind of a target; different kinds are never compared.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::TargetKind", name = "TargetKind")]
pub enum TargetKind {
    /// 新增、完成量。
    ///
    /// What is added or completed within the year.
    #[graphql(directive = heading::apply("新增、完成量".into()))]
    Increment,
    /// 总数达到。
    ///
    /// A total that is reached.
    #[graphql(directive = heading::apply("总数达到".into()))]
    Level,
    /// 惠及。
    ///
    /// How many benefit.
    #[graphql(directive = heading::apply("惠及".into()))]
    Coverage,
    /// 比率。
    ///
    /// A rate; never averaged.
    #[graphql(directive = heading::apply("比率".into()))]
    Rate,
    /// 金额。
    ///
    /// An amount of money.
    #[graphql(directive = heading::apply("金额".into()))]
    Amount,
}

/// 汇总方式。
///
/// How figures of several units become one.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::Aggregation", name = "Aggregation")]
pub enum Aggregation {
    /// 各单位累计数相加。
    ///
    /// The sum of the units' cumulative figures.
    #[graphql(directive = heading::apply("各单位累计数相加".into()))]
    Sum,
    /// 取牵头单位最新数。
    ///
    /// The latest figure of the lead unit.
    #[graphql(directive = heading::apply("取牵头单位最新数".into()))]
    Latest,
}

/// 账号角色。
///
/// The role of an account.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::Role", name = "Role")]
pub enum Role {
    /// 单位：填报本单位的进展。
    ///
    /// A unit: reports for itself.
    #[graphql(directive = heading::apply("单位".into()))]
    Unit,
    /// 督查室：编制通知、审核、管理账号，限本辖区。
    ///
    /// A supervision office: authors notices, reviews, looks after accounts, in its jurisdiction.
    #[graphql(directive = heading::apply("督查室".into()))]
    Office,
    /// 领导：与督查室所见相同，记录会议和批示。
    ///
    /// A leader: reads like the office, records meetings and instructions.
    #[graphql(directive = heading::apply("领导".into()))]
    Leader,
    /// 代表：评价。
    ///
    /// A deputy: rates.
    #[graphql(directive = heading::apply("代表".into()))]
    Deputy,
    /// 管理员：管理整个系统的账号和目录。
    ///
    /// An admin: looks after all accounts and catalogues.
    #[graphql(directive = heading::apply("管理员".into()))]
    Admin,
}

/// API 密钥的权限。
///
/// What an API key may do of what its account may.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::ApiKeyRights", name = "ApiKeyRights")]
pub enum ApiKeyRights {
    /// 只能查询。
    ///
    /// Queries alone.
    #[graphql(directive = heading::apply("只能查询".into()))]
    Read,
    /// 除管理账号和登录方式外的全部。
    ///
    /// All but managing accounts and how they sign in.
    #[graphql(directive = heading::apply("除管理账号和登录方式外的全部".into()))]
    Full,
}

/// 操作。
///
/// What can be done.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::Action", name = "Action")]
pub enum Action {
    /// 阅读通知。
    ///
    /// Read a notice.
    #[graphql(directive = heading::apply("阅读通知".into()))]
    ReadNotice,
    /// 查看账号。
    ///
    /// See an account.
    #[graphql(directive = heading::apply("查看账号".into()))]
    ReadAccount,
    /// 查看审计。
    ///
    /// Read audit events.
    #[graphql(directive = heading::apply("查看审计".into()))]
    ReadAudit,
    /// 登录。
    ///
    /// Sign in.
    #[graphql(directive = heading::apply("登录".into()))]
    SignIn,
    /// 续期会话。
    ///
    /// Renew a session.
    #[graphql(directive = heading::apply("续期会话".into()))]
    RefreshSession,
    /// 退出。
    ///
    /// Sign out.
    #[graphql(directive = heading::apply("退出".into()))]
    SignOut,
    /// 全部退出。
    ///
    /// Sign out everywhere.
    #[graphql(directive = heading::apply("全部退出".into()))]
    SignOutEverywhere,
    /// 结束一个会话。
    ///
    /// End a session.
    #[graphql(directive = heading::apply("结束一个会话".into()))]
    EndSession,
    /// 修改密码。
    ///
    /// Change one's password.
    #[graphql(directive = heading::apply("修改密码".into()))]
    ChangePassword,
    /// 新建 API 密钥。
    ///
    /// Make an API key.
    #[graphql(directive = heading::apply("新建 API 密钥".into()))]
    CreateApiKey,
    /// 吊销 API 密钥。
    ///
    /// Revoke an API key.
    #[graphql(directive = heading::apply("吊销 API 密钥".into()))]
    RevokeApiKey,
    /// 新建账号。
    ///
    /// Make an account.
    #[graphql(directive = heading::apply("新建账号".into()))]
    CreateAccount,
    /// 修改账号。
    ///
    /// Change an account.
    #[graphql(directive = heading::apply("修改账号".into()))]
    ChangeAccount,
    /// 调动账号。
    ///
    /// Transfer an account.
    #[graphql(directive = heading::apply("调动账号".into()))]
    TransferAccount,
    /// 锁定账号。
    ///
    /// Lock an account.
    #[graphql(directive = heading::apply("锁定账号".into()))]
    LockAccount,
    /// 解锁账号。
    ///
    /// Unlock an account.
    #[graphql(directive = heading::apply("解锁账号".into()))]
    UnlockAccount,
    /// 重置密码。
    ///
    /// Reset a password.
    #[graphql(directive = heading::apply("重置密码".into()))]
    ResetPassword,
    /// 查看报送情况。
    ///
    /// See how duties of reporting are met.
    #[graphql(directive = heading::apply("查看报送情况".into()))]
    ReadCompliance,
    /// 填报进展。
    ///
    /// Report progress.
    #[graphql(directive = heading::apply("填报进展".into()))]
    SubmitProgress,
    /// 审核填报。
    ///
    /// Review a report.
    #[graphql(directive = heading::apply("审核填报".into()))]
    ReviewProgress,
    /// 编制实施计划。
    ///
    /// Save a task's plan.
    #[graphql(directive = heading::apply("编制实施计划".into()))]
    SavePlan,
    /// 分解指标。
    ///
    /// Allocate a target to units.
    #[graphql(directive = heading::apply("分解指标".into()))]
    AllocateTarget,
    /// 解决堵点。
    ///
    /// Resolve a blocker.
    #[graphql(directive = heading::apply("解决堵点".into()))]
    ResolveBlocker,
    /// 申请办结。
    ///
    /// Claim that a task is done.
    #[graphql(directive = heading::apply("申请办结".into()))]
    ClaimCompletion,
    /// 办结销号。
    ///
    /// Accept that a task is done.
    #[graphql(directive = heading::apply("办结销号".into()))]
    AcceptCompletion,
    /// 退回办结申请。
    ///
    /// Return a claim that a task is done.
    #[graphql(directive = heading::apply("退回办结申请".into()))]
    ReturnCompletion,
    /// 暂停任务。
    ///
    /// Suspend a task.
    #[graphql(directive = heading::apply("暂停任务".into()))]
    SuspendTask,
    /// 恢复任务。
    ///
    /// Resume a task.
    #[graphql(directive = heading::apply("恢复任务".into()))]
    ResumeTask,
    /// 延期。
    ///
    /// Extend a task's due date.
    #[graphql(directive = heading::apply("延期".into()))]
    ExtendTask,
    /// 设置填报要求。
    ///
    /// Set how a notice is reported on.
    #[graphql(directive = heading::apply("设置填报要求".into()))]
    ChangeReporting,
    /// 记录调度和会议。
    ///
    /// Record a dispatch or a meeting.
    #[graphql(directive = heading::apply("记录调度和会议".into()))]
    RecordMeeting,
    /// 采用亮灯规则。
    ///
    /// Adopt a rule set for lights.
    #[graphql(directive = heading::apply("采用亮灯规则".into()))]
    AdoptRuleSet,
    /// 查看时间带来的变化（服务自身）。
    ///
    /// See what the passing of time brought about, by the service itself.
    #[graphql(directive = heading::apply("查看时间带来的变化".into()))]
    WatchTime,
    /// 更换签名密钥（命令行）。
    ///
    /// Rotate the signing keys, by command.
    #[graphql(directive = heading::apply("更换签名密钥".into()))]
    RotateSigningKeys,
    /// 登记或停用可信文档（命令行）。
    ///
    /// Register or retire trusted documents, by command.
    #[graphql(directive = heading::apply("登记或停用可信文档".into()))]
    ChangeDocuments,
}

/// 操作的结果。
///
/// What became of an action.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::AuditOutcome", name = "AuditOutcome")]
pub enum AuditOutcome {
    /// 成功。
    ///
    /// It was done.
    #[graphql(directive = heading::apply("成功".into()))]
    Succeeded,
    /// 按规则不允许。
    ///
    /// The rules did not allow it.
    #[graphql(directive = heading::apply("按规则不允许".into()))]
    Denied,
    /// 允许但未成：输入有误、版本已旧、尝试过多。
    ///
    /// Allowed, and could not be: wrong input, an old version, too many attempts.
    #[graphql(directive = heading::apply("允许但未成".into()))]
    Rejected,
    /// 服务故障。
    ///
    /// A fault of the service.
    #[graphql(directive = heading::apply("服务故障".into()))]
    Failed,
}

/// 凭证。
///
/// What somebody proved themselves with.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::Proof", name = "Proof")]
pub enum Proof {
    /// 无：未登录。
    ///
    /// Nothing: not signed in.
    #[graphql(directive = heading::apply("无".into()))]
    None,
    /// 在此登录的会话。
    ///
    /// A session that was signed in here.
    #[graphql(directive = heading::apply("在此登录的会话".into()))]
    Session,
    /// API 密钥。
    ///
    /// An API key.
    #[graphql(directive = heading::apply("API 密钥".into()))]
    ApiKey,
    /// 统一身份认证。
    ///
    /// An identity provider.
    #[graphql(directive = heading::apply("统一身份认证".into()))]
    External,
    /// 命令行。
    ///
    /// The command line.
    #[graphql(directive = heading::apply("命令行".into()))]
    Command,
}

/// 报告职责由谁规定。
///
/// Who has set a reporting duty.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::DutyOrigin", name = "DutyOrigin")]
pub enum DutyOrigin {
    /// 通知。
    ///
    /// The letter of the notice.
    #[graphql(directive = heading::apply("通知".into()))]
    Notice,
    /// 督查单位。
    ///
    /// The supervising office.
    #[graphql(directive = heading::apply("督查单位".into()))]
    Office,
}

/// 填报状态。
///
/// Where a report stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::ReportState", name = "ReportState")]
pub enum ReportState {
    /// 草稿，仅本单位可见。
    ///
    /// A draft, seen by its own unit alone.
    #[graphql(directive = heading::apply("草稿".into()))]
    Draft,
    /// 已报送，待审核。
    ///
    /// Submitted; waits for review.
    #[graphql(directive = heading::apply("已报送".into()))]
    Submitted,
    /// 已接受，计入完成情况。
    ///
    /// Accepted, and counted.
    #[graphql(directive = heading::apply("已接受".into()))]
    Accepted,
    /// 已退回，待单位重新报送。
    ///
    /// Returned; waits for its unit.
    #[graphql(directive = heading::apply("已退回".into()))]
    Returned,
}

/// 填报经历的环节。
///
/// What can happen to a report.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::TransitionKind", name = "TransitionKind")]
pub enum TransitionKind {
    /// 报送。
    ///
    /// Submitted.
    #[graphql(directive = heading::apply("报送".into()))]
    Submit,
    /// 接受。
    ///
    /// Accepted.
    #[graphql(directive = heading::apply("接受".into()))]
    Accept,
    /// 退回。
    ///
    /// Returned.
    #[graphql(directive = heading::apply("退回".into()))]
    Return,
    /// 重新打开。
    ///
    /// Reopened.
    #[graphql(directive = heading::apply("重新打开".into()))]
    Reopen,
}

/// 红黄绿灯。
///
/// Where a task stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::StatusLight", name = "StatusLight")]
pub enum StatusLight {
    /// 蓝灯：已办结销号。
    ///
    /// Closed.
    #[graphql(directive = heading::apply("蓝灯".into()))]
    Blue,
    /// 绿灯：达序时进度，或差距在规则允许之内。
    ///
    /// On schedule, or near enough by the rules.
    #[graphql(directive = heading::apply("绿灯".into()))]
    Green,
    /// 黄灯：滞后。
    ///
    /// Behind.
    #[graphql(directive = heading::apply("黄灯".into()))]
    Yellow,
    /// 红灯：严重滞后，或逾期未完成。
    ///
    /// Far behind, or past due and not complete.
    #[graphql(directive = heading::apply("红灯".into()))]
    Red,
    /// 灰灯：尚无可据以判断的进展，或已暂停。
    ///
    /// Nothing to measure by yet, or suspended.
    #[graphql(directive = heading::apply("灰灯".into()))]
    Grey,
}

/// 堵点状态。
///
/// Where a blocker stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::BlockerState", name = "BlockerState")]
pub enum BlockerState {
    /// 未解决。
    ///
    /// Open.
    #[graphql(directive = heading::apply("未解决".into()))]
    Open,
    /// 已解决。
    ///
    /// Resolved.
    #[graphql(directive = heading::apply("已解决".into()))]
    Resolved,
    /// 已撤回：填报更新后不再提出。
    ///
    /// Withdrawn: a later version of its report names it no more.
    #[graphql(directive = heading::apply("已撤回".into()))]
    Withdrawn,
}

/// 领导开展的工作。
///
/// What leaders hold.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::MeetingKind", name = "MeetingKind")]
pub enum MeetingKind {
    /// 调度。
    ///
    /// A dispatch.
    #[graphql(directive = heading::apply("调度".into()))]
    Dispatch,
    /// 专题会议或专题调研。
    ///
    /// A special meeting, or a study on site.
    #[graphql(directive = heading::apply("专题会议或专题调研".into()))]
    Meeting,
}

/// 进展事件。
///
/// What can happen to a task.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::ProgressEventKind", name = "ProgressEventKind")]
pub enum ProgressEventKind {
    /// 填报已报送。
    ///
    /// A report was submitted.
    #[graphql(directive = heading::apply("填报已报送".into()))]
    ReportSubmitted,
    /// 填报已接受。
    ///
    /// A report was accepted.
    #[graphql(directive = heading::apply("填报已接受".into()))]
    ReportAccepted,
    /// 填报已退回。
    ///
    /// A report was returned.
    #[graphql(directive = heading::apply("填报已退回".into()))]
    ReportReturned,
    /// 填报已重新打开。
    ///
    /// A report was reopened.
    #[graphql(directive = heading::apply("填报已重新打开".into()))]
    ReportReopened,
    /// 亮灯变化。
    ///
    /// The light changed.
    #[graphql(directive = heading::apply("亮灯变化".into()))]
    LightChanged,
    /// 逾期未报。
    ///
    /// A report is overdue.
    #[graphql(directive = heading::apply("逾期未报".into()))]
    DutyOverdue,
    /// 提出堵点。
    ///
    /// A blocker was raised.
    #[graphql(directive = heading::apply("提出堵点".into()))]
    BlockerRaised,
    /// 堵点已解决。
    ///
    /// A blocker was resolved.
    #[graphql(directive = heading::apply("堵点已解决".into()))]
    BlockerResolved,
    /// 申请办结。
    ///
    /// A unit claims that the task is done.
    #[graphql(directive = heading::apply("申请办结".into()))]
    CompletionClaimed,
    /// 办结申请已退回。
    ///
    /// The claim was returned.
    #[graphql(directive = heading::apply("办结申请已退回".into()))]
    CompletionReturned,
    /// 办结销号。
    ///
    /// The task was closed.
    #[graphql(directive = heading::apply("办结销号".into()))]
    TaskClosed,
}
