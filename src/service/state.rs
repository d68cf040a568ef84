//! Where tasks stand, and how time is reckoned for them.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::{
    domain::dossier::{Dossier, Reckoning, TaskState},
    store::{StoreError, Visible},
};

/// How time is reckoned for these tasks: holidays are read where one of their notices goes by them.
///
/// # Errors
/// A statement failed.
pub async fn reckoning(
    visible: &Visible,
    zone: Tz,
    now: DateTime<Utc>,
    mut dossiers: impl Iterator<Item = &Dossier>,
) -> Result<Reckoning, StoreError> {
    let goes_by_holidays = dossiers.any(|dossier| dossier.reporting.setting.moved_by_holidays);
    visible.reckoning(zone, now, goes_by_holidays).await
}

/// Where a task stands on a date.
pub(super) fn state(dossier: &Dossier, on: NaiveDate, reckoning: &Reckoning) -> Result<TaskState, StoreError> {
    Ok(dossier.state(on, reckoning)?)
}
