//! Reports as they are counted: many, and little of each.

use entity::{ProgressReportId, ReportState, TaskId, Timestamp, UnitId, progress_report};
use sea_orm::QuerySelect as _;

use super::ReportFilter;
use crate::{
    domain::progress::{period::PeriodError, report::Mark},
    store::{StoreError, Visible},
};

impl Visible {
    /// The reports that a filter chooses, in no order; `None` where they are more than `most`.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn report_marks(&self, filter: &ReportFilter, most: u32) -> Result<Option<Vec<Mark>>, StoreError> {
        let rows = self
            .chosen_reports(filter)
            .await?
            .select_only()
            .columns([
                progress_report::Column::Id,
                progress_report::Column::TaskId,
                progress_report::Column::UnitId,
                progress_report::Column::Period,
                progress_report::Column::State,
                progress_report::Column::FirstSubmittedAt,
            ])
            .limit(u64::from(most).saturating_add(1))
            .into_tuple::<(ProgressReportId, TaskId, UnitId, String, ReportState, Option<Timestamp>)>()
            .all(self.connection())
            .await?;
        if rows.len() > usize::try_from(most).unwrap_or(usize::MAX) {
            return Ok(None);
        }
        let mark = |(report_id, task_id, unit_id, period, state, first_submitted_at): (_, _, _, String, _, Option<Timestamp>)| {
            // Only keys of periods are stored; a value that cannot be read was changed past the service.
            let period = period.parse().map_err(|error: PeriodError| StoreError::Stored { reason: error.to_string() })?;
            Ok(Mark { report_id, task_id, unit_id, period, state, first_submitted_at: first_submitted_at.map(Into::into) })
        };
        rows.into_iter().map(mark).collect::<Result<Vec<_>, StoreError>>().map(Some)
    }
}
