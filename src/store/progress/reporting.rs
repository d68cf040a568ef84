//! Settings of reporting: those of the offices for notices, and the rules of a jurisdiction's lights.

use std::collections::HashMap;

use entity::{DutyOrigin, JurisdictionId, NoticeId, ReportingDutyId, RuleSetId, notice_setting, reporting_duty, rule_set};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    sea_query::{Expr, OnConflict},
};

use super::dossier::adopted_rule_sets;
use crate::{
    domain::{
        notices::notice::ReportingDuty,
        progress::{
            dossier::{AdoptedRuleSet, NoticeSetting},
            light::RuleSet,
        },
    },
    store::{StoreError, Visible, Writer},
};

impl Visible {
    /// The settings of the offices for these notices, as far as they are visible.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn settings_of_notices(&self, notices: &[NoticeId]) -> Result<HashMap<NoticeId, NoticeSetting>, StoreError> {
        let rows = self.settings().filter(notice_setting::Column::NoticeId.is_in(notices.iter().copied())).all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| (row.notice_id, row.into())).collect())
    }

    /// The rule sets that these jurisdictions have adopted, in the order in which they came into force.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn rule_sets_of_jurisdictions(
        &self,
        jurisdictions: &[JurisdictionId],
    ) -> Result<HashMap<JurisdictionId, Vec<AdoptedRuleSet>>, StoreError> {
        let mut found: HashMap<JurisdictionId, Vec<AdoptedRuleSet>> = HashMap::new();
        for (jurisdiction, adopted) in adopted_rule_sets(self.connection(), &jurisdictions.iter().copied().collect()).await? {
            found.entry(jurisdiction).or_default().push(adopted);
        }
        Ok(found)
    }
}

impl Writer {
    /// The setting of the office for a notice, as this transaction finds it.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "of a notice that a permit was given for")]
    pub async fn setting(&self, notice: NoticeId) -> Result<NoticeSetting, StoreError> {
        let row = notice_setting::Entity::find_by_id(notice).one(&self.transaction).await?;
        Ok(row.map(NoticeSetting::from).unwrap_or_default())
    }

    /// Stores `setting` for a notice, with the next version.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn set_setting(&self, notice: NoticeId, setting: NoticeSetting) -> Result<(), StoreError> {
        let row = notice_setting::ActiveModel {
            notice_id: Set(notice),
            version: Set(setting.version.saturating_add(1)),
            accepts_weekly: Set(setting.accepts_weekly),
            moved_by_holidays: Set(setting.moved_by_holidays),
        };
        let known = OnConflict::column(notice_setting::Column::NoticeId)
            .update_columns([
                notice_setting::Column::Version,
                notice_setting::Column::AcceptsWeekly,
                notice_setting::Column::MovedByHolidays,
            ])
            .to_owned();
        notice_setting::Entity::insert(row).on_conflict(known).exec_without_returning(&self.transaction).await?;
        Ok(())
    }

    /// The duties of a notice, those that run no longer included.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "of a notice that a permit was given for")]
    pub async fn duties(&self, notice: NoticeId) -> Result<Vec<ReportingDuty>, StoreError> {
        let rows = reporting_duty::Entity::find()
            .filter(reporting_duty::Column::NoticeId.eq(notice))
            .order_by_asc(reporting_duty::Column::Position)
            .all(&self.transaction)
            .await?;
        Ok(rows.into_iter().map(ReportingDuty::from).collect())
    }

    /// Adds a duty that the office has set, in a place behind the others.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn add_duty(&self, duty: &ReportingDuty, position: i32) -> Result<(), StoreError> {
        let row = reporting_duty::ActiveModel {
            id: Set(duty.id),
            notice_id: Set(duty.notice_id),
            position: Set(position),
            kind: Set(duty.kind),
            cadence: Set(duty.cadence),
            obligor: Set(duty.obligor),
            description: Set(duty.description.clone()),
            description_english: Set(duty.description_english.clone()),
            grace_days: Set(duty.grace_days),
            origin: Set(DutyOrigin::Office),
            retired: Set(false),
        };
        reporting_duty::Entity::insert(row).exec_without_returning(&self.transaction).await?;
        Ok(())
    }

    /// Has a duty of the office run or run no longer, with a grace of its own or without.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn change_duty(&self, id: ReportingDutyId, grace_days: Option<i32>, retired: bool) -> Result<(), StoreError> {
        reporting_duty::Entity::update_many()
            .col_expr(reporting_duty::Column::GraceDays, Expr::value(grace_days))
            .col_expr(reporting_duty::Column::Retired, Expr::value(retired))
            .filter(reporting_duty::Column::Id.eq(id))
            .filter(reporting_duty::Column::Origin.eq(DutyOrigin::Office))
            .exec(&self.transaction)
            .await?;
        Ok(())
    }

    /// The rule sets that a jurisdiction has adopted, as this transaction finds them.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn rule_sets(&self, jurisdiction: JurisdictionId) -> Result<Vec<AdoptedRuleSet>, StoreError> {
        let adopted = adopted_rule_sets(&self.transaction, &[jurisdiction].into()).await?;
        Ok(adopted.into_iter().map(|(_, adopted)| adopted).collect())
    }

    /// Adds a version of a rule set.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn add_rule_set(
        &self,
        jurisdiction: JurisdictionId,
        adopted: &AdoptedRuleSet,
        at: chrono::DateTime<chrono::Utc>,
        by: Option<String>,
    ) -> Result<(), StoreError> {
        let stored = |rule_set: &RuleSet| serde_json::to_string(rule_set).map_err(|error| StoreError::Stored { reason: error.to_string() });
        let row = rule_set::ActiveModel {
            id: Set(RuleSetId::generate()),
            jurisdiction_id: Set(jurisdiction),
            code: Set(adopted.rule_set.code().to_owned()),
            version: Set(i32::try_from(adopted.rule_set.version()).unwrap_or(i32::MAX)),
            in_force_from: Set(adopted.in_force_from),
            definition: Set(stored(&adopted.rule_set)?),
            adopted_at: Set(at.into()),
            adopted_by: Set(by),
        };
        rule_set::Entity::insert(row).exec_without_returning(&self.transaction).await?;
        Ok(())
    }
}
