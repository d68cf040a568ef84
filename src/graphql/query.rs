//! The roots of the schema.

use async_graphql::MergedObject;

use super::{
    indicator::IndicatorQuery, jurisdiction::JurisdictionQuery, node::NodeQuery, notice::NoticeQuery, project::ProjectQuery,
    task::TaskQuery, topic::TopicQuery, unit::UnitQuery,
};

/// 查询。任何人可读已印发且公开的通知及其项目、任务、分工和目标任务。 Queries. Anybody reads issued, publicly disclosed notices with their projects, tasks, assignments and targets.
#[derive(MergedObject, Default)]
pub struct Query(JurisdictionQuery, UnitQuery, TopicQuery, IndicatorQuery, NoticeQuery, ProjectQuery, TaskQuery, NodeQuery);
