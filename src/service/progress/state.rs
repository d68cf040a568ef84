//! Where tasks stand, and how time is reckoned for them.

use std::borrow::Borrow;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use tokio::task::yield_now;

use crate::{
    domain::progress::dossier::{Dossier, Reckoning, TaskState},
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
pub(in crate::service) fn state(dossier: &Dossier, on: NaiveDate, reckoning: &Reckoning) -> Result<TaskState, StoreError> {
    Ok(dossier.state(on, reckoning)?)
}

/// After so many tasks others have their turn: judging is arithmetic, which nothing else interrupts.
const AT_ONCE: usize = 64;

/// Where each of these tasks stands on a date, however many they are.
pub(in crate::service) async fn judged<D: Borrow<Dossier>>(
    dossiers: Vec<D>,
    on: NaiveDate,
    reckoning: &Reckoning,
) -> Result<Vec<(D, TaskState)>, StoreError> {
    let mut judged = Vec::with_capacity(dossiers.len());
    for (place, dossier) in dossiers.into_iter().enumerate() {
        if place % AT_ONCE == 0 {
            yield_now().await;
        }
        let state = state(dossier.borrow(), on, reckoning)?;
        judged.push((dossier, state));
    }
    Ok(judged)
}
