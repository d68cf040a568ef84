//! Notices with their recipients and reporting duties.

use std::collections::HashMap;

use entity::{JurisdictionId, NoticeId, NoticeState, ReportingDutyId, UnitId, jurisdiction, notice, notice_recipient, reporting_duty};
use sea_orm::{
    ColumnTrait as _, IntoSimpleExpr as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationTrait as _, Select,
};

use crate::{
    domain::{
        notices::notice::{Notice, Recipient, ReportingDuty},
        page::{Page, PageRequest},
    },
    store::{
        StoreError, Visible,
        keyset::{self, OrderDirection, Ordering},
    },
};

/// Which notices a list holds. An empty list of choices chooses nothing.
#[derive(Clone, Debug, Default)]
pub struct NoticeFilter {
    /// A substring of the title or document number.
    pub text: Option<String>,
    /// Codes of jurisdictions.
    pub jurisdictions: Option<Vec<String>>,
    /// Whether those below the chosen jurisdictions count too.
    pub descendants: bool,
    /// Years.
    pub years: Option<Vec<i32>>,
}

/// How a list of notices is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum NoticeOrder {
    /// By jurisdiction in the official order, then by year.
    #[default]
    Jurisdiction,
    /// By year, then by jurisdiction in the official order.
    Year,
}

impl NoticeOrder {
    fn ordering(self, direction: OrderDirection) -> Ordering {
        let place = (jurisdiction::Column::Position.into_simple_expr(), OrderDirection::Ascending);
        let year = (notice::Column::Year.into_simple_expr(), OrderDirection::Ascending);
        let id = notice::Column::Id.into_simple_expr();
        match self {
            Self::Jurisdiction => Ordering::new("notices:jurisdiction", vec![place, year], id).turned(direction, "notices:-jurisdiction"),
            Self::Year => Ordering::new("notices:year", vec![year, place], id).turned(direction, "notices:-year"),
        }
    }
}

impl Visible {
    /// A page of the notices that a filter chooses.
    ///
    /// # Errors
    /// A cursor is not of this list, or a statement failed.
    pub async fn notice_page(
        &self,
        filter: &NoticeFilter,
        order: NoticeOrder,
        direction: OrderDirection,
        request: &PageRequest,
    ) -> Result<Page<Notice>, StoreError> {
        let mut select = self.notices_in_jurisdictions();
        if let Some(text) = &filter.text {
            select = select.filter(self.matches(notice::Column::Id, text));
        }
        if let Some(codes) = &filter.jurisdictions {
            let chosen = self.jurisdiction_ids(codes, filter.descendants).await?;
            select = select.filter(notice::Column::JurisdictionId.is_in(chosen));
        }
        if let Some(years) = &filter.years {
            select = select.filter(notice::Column::Year.is_in(years.iter().copied()));
        }
        Ok(keyset::page(self.connection(), select, &order.ordering(direction), request).await?.map(Notice::from))
    }

    /// A page of the notices of each jurisdiction, by year.
    ///
    /// # Errors
    /// A cursor is not of this list, or a statement failed.
    pub async fn notices_of_jurisdictions(
        &self,
        jurisdictions: &[JurisdictionId],
        request: &PageRequest,
    ) -> Result<HashMap<JurisdictionId, Page<Notice>>, StoreError> {
        let select = self.notices_in_jurisdictions();
        let ordering = NoticeOrder::Jurisdiction.ordering(OrderDirection::Ascending).of_list("jurisdiction.notices");
        let pages = keyset::pages(self.connection(), select, notice::Column::JurisdictionId, jurisdictions, &ordering, request).await?;
        Ok(pages.into_iter().map(|(id, page)| (id, page.map(Notice::from))).collect())
    }

    /// A page of the notices that each unit issued, by year.
    ///
    /// # Errors
    /// A cursor is not of this list, or a statement failed.
    pub async fn notices_issued_by_units(
        &self,
        units: &[UnitId],
        request: &PageRequest,
    ) -> Result<HashMap<UnitId, Page<Notice>>, StoreError> {
        self.notices_by_unit(notice::Column::IssuerId, units, "unit.issuedNotices", request).await
    }

    /// A page of the notices that each unit supervises, by year.
    ///
    /// # Errors
    /// A cursor is not of this list, or a statement failed.
    pub async fn notices_supervised_by_units(
        &self,
        units: &[UnitId],
        request: &PageRequest,
    ) -> Result<HashMap<UnitId, Page<Notice>>, StoreError> {
        self.notices_by_unit(notice::Column::SupervisorId, units, "unit.supervisedNotices", request).await
    }

    async fn notices_by_unit(
        &self,
        column: notice::Column,
        units: &[UnitId],
        list: &'static str,
        request: &PageRequest,
    ) -> Result<HashMap<UnitId, Page<Notice>>, StoreError> {
        let select = self.notices_in_jurisdictions();
        let ordering = NoticeOrder::Jurisdiction.ordering(OrderDirection::Ascending).of_list(list);
        let pages = keyset::pages(self.connection(), select, column, units, &ordering, request).await?;
        Ok(pages.into_iter().map(|(id, page)| (id, page.map(Notice::from))).collect())
    }

    /// The notice of a jurisdiction for a year.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn notice_of_year(&self, jurisdiction: JurisdictionId, year: i32) -> Result<Option<Notice>, StoreError> {
        let row = self
            .notices()
            .filter(notice::Column::JurisdictionId.eq(jurisdiction))
            .filter(notice::Column::Year.eq(year))
            // One that was withdrawn stays where it is; the one that took its place is the notice of the year.
            .order_by_asc(notice::Column::State.eq(NoticeState::Withdrawn))
            .one(self.connection())
            .await?;
        Ok(row.map(Notice::from))
    }

    /// All visible notices in force.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn notices_in_force(&self) -> Result<Vec<Notice>, StoreError> {
        let rows = self.notices().filter(notice::Column::State.eq(NoticeState::Issued)).all(self.connection()).await?;
        Ok(rows.into_iter().map(Notice::from).collect())
    }

    /// The notices with these ids.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn notices_by_id(&self, ids: &[NoticeId]) -> Result<HashMap<NoticeId, Notice>, StoreError> {
        let rows = self.notices().filter(notice::Column::Id.is_in(ids.iter().copied())).all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| (row.id, Notice::from(row))).collect())
    }

    /// The recipients of these notices, in the order printed.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn recipients_of_notices(&self, notices: &[NoticeId]) -> Result<HashMap<NoticeId, Vec<Recipient>>, StoreError> {
        let rows = self
            .recipients()
            .filter(notice_recipient::Column::NoticeId.is_in(notices.iter().copied()))
            .order_by_asc(notice_recipient::Column::Position)
            .all(self.connection())
            .await?;
        let mut found: HashMap<NoticeId, Vec<Recipient>> = HashMap::new();
        for row in rows {
            found.entry(row.notice_id).or_default().push(Recipient { notice_id: row.notice_id, role: row.role, name: row.name });
        }
        Ok(found)
    }

    /// The reporting duties of these notices, in the order of the letter.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn duties_of_notices(&self, notices: &[NoticeId]) -> Result<HashMap<NoticeId, Vec<ReportingDuty>>, StoreError> {
        let rows = self
            .reporting_duties()
            .filter(reporting_duty::Column::NoticeId.is_in(notices.iter().copied()))
            .filter(reporting_duty::Column::Retired.eq(false))
            .order_by_asc(reporting_duty::Column::Position)
            .all(self.connection())
            .await?;
        let mut found: HashMap<NoticeId, Vec<ReportingDuty>> = HashMap::new();
        for row in rows {
            found.entry(row.notice_id).or_default().push(row.into());
        }
        Ok(found)
    }

    /// The reporting duties with these ids.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn duties_by_id(&self, ids: &[ReportingDutyId]) -> Result<HashMap<ReportingDutyId, ReportingDuty>, StoreError> {
        let rows = self.reporting_duties().filter(reporting_duty::Column::Id.is_in(ids.iter().copied())).all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
    }

    fn notices_in_jurisdictions(&self) -> Select<notice::Entity> {
        self.notices().join(JoinType::InnerJoin, notice::Relation::Jurisdiction.def())
    }
}

impl From<notice::Model> for Notice {
    fn from(row: notice::Model) -> Self {
        Self {
            id: row.id,
            jurisdiction_id: row.jurisdiction_id,
            year: row.year,
            title: row.title,
            document_number: row.document_number,
            state: row.state,
            version: row.version,
            issuer_id: row.issuer_id,
            supervisor_id: row.supervisor_id,
            adoption_method: row.adoption_method,
            adoption_meeting: row.adoption_meeting,
            issued_on: row.issued_on,
            disclosure: row.disclosure,
        }
    }
}

impl From<reporting_duty::Model> for ReportingDuty {
    fn from(row: reporting_duty::Model) -> Self {
        Self {
            id: row.id,
            notice_id: row.notice_id,
            kind: row.kind,
            cadence: row.cadence,
            obligor: row.obligor,
            description: row.description,
            description_english: row.description_english,
            grace_days: row.grace_days,
            origin: row.origin,
            retired: row.retired,
        }
    }
}
