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
    /// 不少于、以上。 At least.
    AtLeast,
    /// 约。 About.
    About,
    /// 最高、不超过。 At most.
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
    /// 更换签名密钥（命令行）。 Rotate the signing keys, by command.
    RotateSigningKeys,
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
