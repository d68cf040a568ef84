//! The enumerations of the domain as callers see them, each with its description in both languages.

use async_graphql::Enum;

/// 文字语言。 The language of a text.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::language::Language", name = "Language")]
pub enum Language {
    /// 中文。 Chinese.
    Chinese,
    /// 英文。 English.
    English,
}

/// 辖区类别。 The kind of a jurisdiction.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::JurisdictionKind", name = "JurisdictionKind")]
pub enum JurisdictionKind {
    /// 市。 A prefecture-level city.
    City,
    /// 区。 A district of a city.
    District,
    /// 县。 A county.
    County,
    /// 县级市。 A county-level city.
    CountyLevelCity,
    /// 开发区、新区、示范区。 A zone run by a management committee.
    DevelopmentZone,
}

/// 单位类别。 The kind of a unit.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::UnitKind", name = "UnitKind")]
pub enum UnitKind {
    /// 人民政府、管委会。 A people's government or management committee.
    Government,
    /// 党政部门。 A department of party or government.
    Department,
    /// 派驻、垂管机构及分局。 A branch of a higher bureau.
    Branch,
    /// 事业单位。 A public institution.
    PublicInstitution,
    /// 指挥部等议事协调机构。 A coordinating body such as a headquarters.
    CoordinatingBody,
    /// 镇、乡。 A town or township.
    Town,
    /// 街道。 A subdistrict.
    Subdistrict,
    /// 国有企业。 A state-owned enterprise.
    StateOwnedEnterprise,
    /// 群团组织。 A mass organisation.
    MassOrganisation,
    /// 作为承办方的县（市、区）、功能区。 A county, district or zone as a party to its city's task.
    Locality,
    /// 集合单位：对它的分工落实到每个成员。 A collective unit: an assignment to it reaches every member.
    Collective,
}

/// 通知状态。 The state of a notice.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::NoticeState", name = "NoticeState")]
pub enum NoticeState {
    /// 起草中。 Being drafted.
    Draft,
    /// 已印发。 Issued.
    Issued,
    /// 已撤回。 Withdrawn.
    Withdrawn,
}

/// 确定方式。 How a list of projects was adopted.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::AdoptionMethod", name = "AdoptionMethod")]
pub enum AdoptionMethod {
    /// 人大代表票决。 By a vote of deputies.
    DeputyVote,
    /// 人大会议审议通过。 Reviewed and passed by the people's congress.
    CongressReview,
    /// 党（工）委会议审议通过。 Reviewed and passed by the party (work) committee.
    PartyCommitteeReview,
}

/// 公开属性。 How far a notice is disclosed.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::Disclosure", name = "Disclosure")]
pub enum Disclosure {
    /// 主动公开。 Published on the government's own initiative.
    Proactive,
    /// 依申请公开。 Disclosed on request.
    OnRequest,
    /// 不予公开。 Not disclosed.
    Withheld,
}

/// 报告职责的内容。 What is owed under a reporting duty.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::DutyKind", name = "DutyKind")]
pub enum DutyKind {
    /// 报送进展。 A progress report.
    ProgressReport,
    /// 更新台账。 An update of the ledger.
    LedgerUpdate,
    /// 调度。 A dispatch: the leader asks where things stand.
    Dispatch,
    /// 专题会议或专题调研。 A special meeting or a study on site.
    Meeting,
}

/// 频次。 How often a duty falls due.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::Cadence", name = "Cadence")]
pub enum Cadence {
    /// 每周。 Every week.
    Weekly,
    /// 每旬。 Every ten days (days 1–10, 11–20, 21–end of the month).
    TenDay,
    /// 每月。 Every month.
    Monthly,
    /// 每季度。 Every quarter.
    Quarterly,
}

/// 职责承担者。 Who owes a reporting duty.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::Obligor", name = "Obligor")]
pub enum Obligor {
    /// 牵头单位。 The lead units.
    LeadUnits,
    /// 协办单位。 The supporting units.
    SupportingUnits,
    /// 分管领导。 The leaders in charge.
    Leaders,
}

/// 分工角色。 The role of a unit in a task.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::AssignmentRole", name = "AssignmentRole")]
pub enum AssignmentRole {
    /// 牵头、主办。 Leads.
    Lead,
    /// 协办。 Supports.
    Supporting,
}

/// 目标值的含义。 How a target's value is meant.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::Comparator", name = "Comparator")]
pub enum Comparator {
    /// 恰为。 Exactly.
    Exactly,
    /// 不少于：也写作“以上”。 At least.
    AtLeast,
    /// 约。 About.
    About,
    /// 不超过：也写作“最高”。 At most.
    AtMost,
}

/// 目标类别；类别不同不可比较。 The kind of a target; different kinds are never compared.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::TargetKind", name = "TargetKind")]
pub enum TargetKind {
    /// 新增、完成量。 What is added or completed within the year.
    Increment,
    /// 总数达到。 A total that is reached.
    Level,
    /// 惠及。 How many benefit.
    Coverage,
    /// 比率。 A rate; never averaged.
    Rate,
    /// 金额。 An amount of money.
    Amount,
}

/// 汇总方式。 How figures of several units become one.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::Aggregation", name = "Aggregation")]
pub enum Aggregation {
    /// 各单位累计数相加。 The sum of the units' cumulative figures.
    Sum,
    /// 取牵头单位最新数。 The latest figure of the lead unit.
    Latest,
}

/// 账号角色。 The role of an account.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::Role", name = "Role")]
pub enum Role {
    /// 单位：填报本单位的进展。 A unit: reports for itself.
    Unit,
    /// 督查室：编制通知、审核、管理账号，限本辖区。 A supervision office: authors notices, reviews, looks after accounts, in its jurisdiction.
    Office,
    /// 领导：与督查室所见相同，记录会议和批示。 A leader: reads like the office, records meetings and instructions.
    Leader,
    /// 代表：评价。 A deputy: rates.
    Deputy,
    /// 管理员：管理整个系统的账号和目录。 An admin: looks after all accounts and catalogues.
    Admin,
}

/// API 密钥的权限。 What an API key may do of what its account may.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::ApiKeyRights", name = "ApiKeyRights")]
pub enum ApiKeyRights {
    /// 只能查询。 Queries alone.
    Read,
    /// 除管理账号和登录方式外的全部。 All but managing accounts and how they sign in.
    Full,
}

/// 操作。 What can be done.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::Action", name = "Action")]
pub enum Action {
    /// 阅读通知。 Read a notice.
    ReadNotice,
    /// 查看账号。 See an account.
    ReadAccount,
    /// 查看审计。 Read audit events.
    ReadAudit,
    /// 登录。 Sign in.
    SignIn,
    /// 续期会话。 Renew a session.
    RefreshSession,
    /// 退出。 Sign out.
    SignOut,
    /// 全部退出。 Sign out everywhere.
    SignOutEverywhere,
    /// 结束一个会话。 End a session.
    EndSession,
    /// 修改密码。 Change one's password.
    ChangePassword,
    /// 新建 API 密钥。 Make an API key.
    CreateApiKey,
    /// 吊销 API 密钥。 Revoke an API key.
    RevokeApiKey,
    /// 新建账号。 Make an account.
    CreateAccount,
    /// 修改账号。 Change an account.
    ChangeAccount,
    /// 调动账号。 Transfer an account.
    TransferAccount,
    /// 锁定账号。 Lock an account.
    LockAccount,
    /// 解锁账号。 Unlock an account.
    UnlockAccount,
    /// 重置密码。 Reset a password.
    ResetPassword,
    /// 查看报送情况。 See how duties of reporting are met.
    ReadCompliance,
    /// 填报进展。 Report progress.
    SubmitProgress,
    /// 审核填报。 Review a report.
    ReviewProgress,
    /// 编制实施计划。 Save a task's plan.
    SavePlan,
    /// 分解指标。 Allocate a target to units.
    AllocateTarget,
    /// 解决堵点。 Resolve a blocker.
    ResolveBlocker,
    /// 申请办结。 Claim that a task is done.
    ClaimCompletion,
    /// 办结销号。 Accept that a task is done.
    AcceptCompletion,
    /// 退回办结申请。 Return a claim that a task is done.
    ReturnCompletion,
    /// 暂停任务。 Suspend a task.
    SuspendTask,
    /// 恢复任务。 Resume a task.
    ResumeTask,
    /// 延期。 Extend a task's due date.
    ExtendTask,
    /// 设置填报要求。 Set how a notice is reported on.
    ChangeReporting,
    /// 记录调度和会议。 Record a dispatch or a meeting.
    RecordMeeting,
    /// 采用亮灯规则。 Adopt a rule set for lights.
    AdoptRuleSet,
    /// 查看时间带来的变化（服务自身）。 See what the passing of time brought about, by the service itself.
    WatchTime,
    /// 更换签名密钥（命令行）。 Rotate the signing keys, by command.
    RotateSigningKeys,
    /// 登记或停用可信文档（命令行）。 Register or retire trusted documents, by command.
    ChangeDocuments,
}

/// 操作的结果。 What became of an action.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::AuditOutcome", name = "AuditOutcome")]
pub enum AuditOutcome {
    /// 成功。 It was done.
    Succeeded,
    /// 按规则不允许。 The rules did not allow it.
    Denied,
    /// 允许但未成：输入有误、版本已旧、尝试过多。 Allowed, and could not be: wrong input, an old version, too many attempts.
    Rejected,
    /// 服务故障。 A fault of the service.
    Failed,
}

/// 凭证。 What somebody proved themselves with.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::Proof", name = "Proof")]
pub enum Proof {
    /// 无：未登录。 Nothing: not signed in.
    None,
    /// 在此登录的会话。 A session that was signed in here.
    Session,
    /// API 密钥。 An API key.
    ApiKey,
    /// 统一身份认证。 An identity provider.
    External,
    /// 命令行。 The command line.
    Command,
}

/// 报告职责由谁规定。 Who has set a reporting duty.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::DutyOrigin", name = "DutyOrigin")]
pub enum DutyOrigin {
    /// 通知。 The letter of the notice.
    Notice,
    /// 督查单位。 The supervising office.
    Office,
}

/// 填报状态。 Where a report stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::ReportState", name = "ReportState")]
pub enum ReportState {
    /// 草稿，仅本单位可见。 A draft, seen by its own unit alone.
    Draft,
    /// 已报送，待审核。 Submitted; waits for review.
    Submitted,
    /// 已接受，计入完成情况。 Accepted, and counted.
    Accepted,
    /// 已退回，待单位重新报送。 Returned; waits for its unit.
    Returned,
}

/// 填报经历的环节。 What can happen to a report.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::TransitionKind", name = "TransitionKind")]
pub enum TransitionKind {
    /// 报送。 Submitted.
    Submit,
    /// 接受。 Accepted.
    Accept,
    /// 退回。 Returned.
    Return,
    /// 重新打开。 Reopened.
    Reopen,
}

/// 红黄绿灯。 Where a task stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::StatusLight", name = "StatusLight")]
pub enum StatusLight {
    /// 蓝灯：已办结销号。 Closed.
    Blue,
    /// 绿灯：达序时进度，或差距在规则允许之内。 On schedule, or near enough by the rules.
    Green,
    /// 黄灯：滞后。 Behind.
    Yellow,
    /// 红灯：严重滞后，或逾期未完成。 Far behind, or past due and not complete.
    Red,
    /// 灰灯：尚无可据以判断的进展，或已暂停。 Nothing to measure by yet, or suspended.
    Grey,
}

/// 堵点状态。 Where a blocker stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::BlockerState", name = "BlockerState")]
pub enum BlockerState {
    /// 未解决。 Open.
    Open,
    /// 已解决。 Resolved.
    Resolved,
    /// 已撤回：填报更新后不再提出。 Withdrawn: a later version of its report names it no more.
    Withdrawn,
}

/// 领导开展的工作。 What leaders hold.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::MeetingKind", name = "MeetingKind")]
pub enum MeetingKind {
    /// 调度。 A dispatch.
    Dispatch,
    /// 专题会议或专题调研。 A special meeting, or a study on site.
    Meeting,
}

/// 进展事件。 What can happen to a task.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::ProgressEventKind", name = "ProgressEventKind")]
pub enum ProgressEventKind {
    /// 填报已报送。 A report was submitted.
    ReportSubmitted,
    /// 填报已接受。 A report was accepted.
    ReportAccepted,
    /// 填报已退回。 A report was returned.
    ReportReturned,
    /// 填报已重新打开。 A report was reopened.
    ReportReopened,
    /// 亮灯变化。 The light changed.
    LightChanged,
    /// 逾期未报。 A report is overdue.
    DutyOverdue,
    /// 提出堵点。 A blocker was raised.
    BlockerRaised,
    /// 堵点已解决。 A blocker was resolved.
    BlockerResolved,
    /// 申请办结。 A unit claims that the task is done.
    CompletionClaimed,
    /// 办结申请已退回。 The claim was returned.
    CompletionReturned,
    /// 办结销号。 The task was closed.
    TaskClosed,
}
