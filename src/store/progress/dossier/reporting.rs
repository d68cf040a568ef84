//! How notices are reported on and judged: duties, settings, rule sets.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use entity::{JurisdictionId, NoticeId, notice_setting, reporting_duty, rule_set};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::{
    domain::{
        notices::notice::{Notice, ReportingDuty},
        progress::{
            dossier::{AdoptedRuleSet, NoticeSetting, Reporting},
            light::RuleSet,
        },
    },
    store::StoreError,
};

/// How each of these notices is reported on.
#[expect(clippy::disallowed_methods, reason = "belongs to notices that were found by the rule")]
pub(in crate::store) async fn of_notices<C: ConnectionTrait>(
    connection: &C,
    notices: impl Iterator<Item = &Notice>,
) -> Result<HashMap<NoticeId, Arc<Reporting>>, StoreError> {
    let jurisdictions: HashMap<NoticeId, JurisdictionId> = notices.map(|notice| (notice.id, notice.jurisdiction_id)).collect();
    let duties = reporting_duty::Entity::find()
        .filter(reporting_duty::Column::NoticeId.is_in(jurisdictions.keys().copied()))
        .filter(reporting_duty::Column::Retired.eq(false))
        .order_by_asc(reporting_duty::Column::Position)
        .all(connection)
        .await?;
    let mut duties_of: HashMap<NoticeId, Vec<ReportingDuty>> = HashMap::new();
    for row in duties {
        duties_of.entry(row.notice_id).or_default().push(row.into());
    }
    let settings = notice_setting::Entity::find()
        .filter(notice_setting::Column::NoticeId.is_in(jurisdictions.keys().copied()))
        .all(connection)
        .await?;
    let settings: HashMap<NoticeId, NoticeSetting> = settings.into_iter().map(|row| (row.notice_id, row.into())).collect();
    let judged: BTreeSet<JurisdictionId> = jurisdictions.values().copied().collect();
    let mut rule_sets: HashMap<JurisdictionId, Vec<AdoptedRuleSet>> = HashMap::new();
    for (jurisdiction, adopted) in adopted_rule_sets(connection, &judged).await? {
        rule_sets.entry(jurisdiction).or_default().push(adopted);
    }
    let reporting = |(notice, jurisdiction): (NoticeId, JurisdictionId)| {
        let reporting = Reporting {
            duties: duties_of.remove(&notice).unwrap_or_default(),
            setting: settings.get(&notice).copied().unwrap_or_default(),
            rule_sets: rule_sets.get(&jurisdiction).cloned().unwrap_or_default(),
        };
        (notice, Arc::new(reporting))
    };
    Ok(jurisdictions.into_iter().map(reporting).collect())
}

/// The rule sets that these jurisdictions have adopted, in the order in which they came into force.
#[expect(clippy::disallowed_methods, reason = "what lights are judged by is public")]
pub(in crate::store) async fn adopted_rule_sets<C: ConnectionTrait>(
    connection: &C,
    jurisdictions: &BTreeSet<JurisdictionId>,
) -> Result<Vec<(JurisdictionId, AdoptedRuleSet)>, StoreError> {
    let rows = rule_set::Entity::find()
        .filter(rule_set::Column::JurisdictionId.is_in(jurisdictions.iter().copied()))
        .order_by_asc(rule_set::Column::InForceFrom)
        .order_by_asc(rule_set::Column::AdoptedAt)
        .order_by_asc(rule_set::Column::Id)
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|row| {
            // An invalid rule set was never stored, so this is a damaged database rather than a caller's mistake.
            let rule_set: RuleSet =
                serde_json::from_str(&row.definition).map_err(|error| StoreError::Stored { reason: error.to_string() })?;
            Ok((row.jurisdiction_id, AdoptedRuleSet { rule_set, in_force_from: row.in_force_from }))
        })
        .collect()
}

impl From<notice_setting::Model> for NoticeSetting {
    fn from(row: notice_setting::Model) -> Self {
        Self { version: row.version, accepts_weekly: row.accepts_weekly, moved_by_holidays: row.moved_by_holidays }
    }
}
