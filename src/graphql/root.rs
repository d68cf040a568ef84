//! The roots of the schema. `access::root_field` says who may call which of their fields.

use async_graphql::{MergedObject, MergedSubscription};

use super::{
    analysis::{
        comparison::ComparisonQuery,
        coverage::CoverageQuery,
        group::{ReportGroupQuery, TaskGroupQuery},
        similarity::SimilarityQuery,
        trend::TrendQuery,
    },
    audit::AuditQuery,
    budget::BudgetQuery,
    catalogue::{indicator::IndicatorQuery, topic::TopicQuery},
    node::NodeQuery,
    notices::{notice::NoticeQuery, project::ProjectQuery, task::TaskQuery},
    people::{
        account::{AccountMutation, AccountQuery},
        api_key::ApiKeyMutation,
        session::SessionMutation,
        viewer::ViewerQuery,
    },
    places::{jurisdiction::JurisdictionQuery, unit::UnitQuery},
    progress::{
        blocker::BlockerMutation,
        event::EventSubscription,
        ledger::LedgerQuery,
        report::ReportQuery,
        report_change::ReportMutation,
        reporting::{ReportingMutation, ReportingQuery},
        standing::TaskMutation,
    },
};

/// 查询。任何人可读已印发且公开的通知及其项目、任务、分工和目标任务；登录后还可读本辖区内部的内容。
///
/// Queries. Anybody reads issued, publicly disclosed notices with their projects, tasks, assignments and targets; whoever is signed in also reads what is internal to their jurisdiction.
#[derive(MergedObject, Default)]
pub struct Query(
    ViewerQuery,
    JurisdictionQuery,
    UnitQuery,
    TopicQuery,
    IndicatorQuery,
    NoticeQuery,
    ProjectQuery,
    TaskQuery,
    TaskGroupQuery,
    ReportQuery,
    ReportGroupQuery,
    LedgerQuery,
    ComparisonQuery,
    CoverageQuery,
    TrendQuery,
    SimilarityQuery,
    ReportingQuery,
    AccountQuery,
    AuditQuery,
    NodeQuery,
    BudgetQuery,
);

/// 修改。账号的每次修改，包括被拒绝的，都记入审计；未登录者不能做的只计数。每次修改另计点数。
///
/// Changes. Each change of an account, refused ones included, leaves an audit event; changes that nobody has signed in for are only counted. Each change costs points of its own.
#[derive(MergedObject, Default)]
pub struct Mutation(SessionMutation, ApiKeyMutation, AccountMutation, ReportMutation, TaskMutation, BlockerMutation, ReportingMutation);

/// 订阅。经 WebSocket（graphql-transport-ws）或 SSE（text/event-stream）。
///
/// Subscriptions, over WebSocket (graphql-transport-ws) or SSE (text/event-stream).
#[derive(MergedSubscription, Default)]
pub struct Subscription(EventSubscription);
