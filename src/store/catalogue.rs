//! The catalogue: topics and indicators.

use std::collections::HashMap;

use entity::{IndicatorId, TargetKind, TaskId, TopicId, indicator, task_topic, topic};
use sea_orm::{
    ColumnTrait as _, IntoSimpleExpr as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _, sea_query::SelectStatement,
};

use super::{
    StoreError, Visible,
    keyset::{self, OrderDirection, Ordering},
    visible::comparable,
};
use crate::domain::{
    catalogue::{indicator::Indicator, topic::Topic},
    page::{Page, PageRequest},
};

/// Which indicators a list holds. An empty list of choices chooses nothing.
#[derive(Clone, Debug, Default)]
pub struct IndicatorFilter {
    /// A substring of the name or description.
    pub text: Option<String>,
    /// Codes of topics.
    pub topics: Option<Vec<String>>,
    /// Kinds.
    pub kinds: Option<Vec<TargetKind>>,
}

impl Visible {
    /// All topics, in the order of the catalogue.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn topics(&self) -> Result<Vec<Topic>, StoreError> {
        let rows = self.reference::<topic::Entity>().order_by_asc(topic::Column::Position).all(self.connection()).await?;
        Ok(rows.into_iter().map(Topic::from).collect())
    }

    /// The topic with this code.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn topic_by_code(&self, code: &str) -> Result<Option<Topic>, StoreError> {
        let Some(code) = comparable(code) else { return Ok(None) };
        let row = self.reference::<topic::Entity>().filter(topic::Column::Code.eq(code)).one(self.connection()).await?;
        Ok(row.map(Topic::from))
    }

    /// The topics with these ids.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn topics_by_id(&self, ids: &[TopicId]) -> Result<HashMap<TopicId, Topic>, StoreError> {
        let rows = self.reference::<topic::Entity>().filter(topic::Column::Id.is_in(ids.iter().copied())).all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| (row.id, Topic::from(row))).collect())
    }

    /// The topics of these tasks, the most fitting first.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn topics_of_tasks(&self, tasks: &[TaskId]) -> Result<HashMap<TaskId, Vec<Topic>>, StoreError> {
        let rows = self
            .narrowing::<task_topic::Entity>()
            .filter(task_topic::Column::TaskId.is_in(tasks.iter().copied()))
            .order_by_asc(task_topic::Column::Position)
            .find_also_related(topic::Entity)
            .all(self.connection())
            .await?;
        let mut found: HashMap<TaskId, Vec<Topic>> = HashMap::new();
        for (link, topic) in rows {
            found.entry(link.task_id).or_default().extend(topic.map(Topic::from));
        }
        Ok(found)
    }

    /// All indicators, in the order of the catalogue.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn indicators(&self) -> Result<Vec<Indicator>, StoreError> {
        let rows = self.reference::<indicator::Entity>().order_by_asc(indicator::Column::Position).all(self.connection()).await?;
        Ok(rows.into_iter().map(Indicator::from).collect())
    }

    /// A page of the indicators that a filter chooses, in the order of the catalogue.
    ///
    /// # Errors
    /// A cursor is not of this list, or a statement failed.
    pub async fn indicator_page(&self, filter: &IndicatorFilter, request: &PageRequest) -> Result<Page<Indicator>, StoreError> {
        let mut select = self.reference::<indicator::Entity>();
        if let Some(text) = &filter.text {
            select = select.filter(self.matches(indicator::Column::Id, text));
        }
        if let Some(codes) = &filter.topics {
            select = select.filter(indicator::Column::TopicId.in_subquery(self.topic_ids(codes)));
        }
        if let Some(kinds) = &filter.kinds {
            select = select.filter(indicator::Column::Kind.is_in(kinds.iter().copied()));
        }
        Ok(keyset::page(self.connection(), select, &indicator_ordering(), request).await?.map(Indicator::from))
    }

    /// A page of the indicators of each topic.
    ///
    /// # Errors
    /// A cursor is not of this list, or a statement failed.
    pub async fn indicators_of_topics(
        &self,
        topics: &[TopicId],
        request: &PageRequest,
    ) -> Result<HashMap<TopicId, Page<Indicator>>, StoreError> {
        let select = self.reference::<indicator::Entity>();
        let ordering = indicator_ordering().of_list("topic.indicators");
        let pages = keyset::pages(self.connection(), select, indicator::Column::TopicId, topics, &ordering, request).await?;
        Ok(pages.into_iter().map(|(id, page)| (id, page.map(Indicator::from))).collect())
    }

    /// The indicator with this code.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn indicator_by_code(&self, code: &str) -> Result<Option<Indicator>, StoreError> {
        let Some(code) = comparable(code) else { return Ok(None) };
        let row = self.reference::<indicator::Entity>().filter(indicator::Column::Code.eq(code)).one(self.connection()).await?;
        Ok(row.map(Indicator::from))
    }

    /// The indicators with these ids.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn indicators_by_id(&self, ids: &[IndicatorId]) -> Result<HashMap<IndicatorId, Indicator>, StoreError> {
        let rows =
            self.reference::<indicator::Entity>().filter(indicator::Column::Id.is_in(ids.iter().copied())).all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| (row.id, Indicator::from(row))).collect())
    }

    pub(super) fn topic_ids(&self, codes: &[String]) -> SelectStatement {
        self.reference::<topic::Entity>()
            .select_only()
            .column(topic::Column::Id)
            .filter(topic::Column::Code.is_in(codes.iter().filter_map(|code| comparable(code))))
            .into_query()
    }

    pub(super) fn indicator_ids(&self, codes: &[String]) -> SelectStatement {
        self.reference::<indicator::Entity>()
            .select_only()
            .column(indicator::Column::Id)
            .filter(indicator::Column::Code.is_in(codes.iter().filter_map(|code| comparable(code))))
            .into_query()
    }
}

fn indicator_ordering() -> Ordering {
    let keys = vec![(indicator::Column::Position.into_simple_expr(), OrderDirection::Ascending)];
    Ordering::new("indicators", keys, indicator::Column::Id.into_simple_expr())
}

impl From<topic::Model> for Topic {
    fn from(row: topic::Model) -> Self {
        Self { id: row.id, code: row.code, name: row.name, name_english: row.name_english, position: row.position }
    }
}

impl From<indicator::Model> for Indicator {
    fn from(row: indicator::Model) -> Self {
        Self {
            id: row.id,
            code: row.code,
            name: row.name,
            name_english: row.name_english,
            description: row.description,
            description_english: row.description_english,
            topic_id: row.topic_id,
            unit: row.unit,
            kind: row.kind,
            aggregation: row.aggregation,
            higher_is_better: row.higher_is_better,
            position: row.position,
        }
    }
}
