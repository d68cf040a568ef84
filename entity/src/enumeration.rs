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
