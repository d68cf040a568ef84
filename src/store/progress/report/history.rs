//! Whole histories of reports at once: one by one, the invented data of the demo would take thousands of statements.

use entity::{acceptance, acceptance_figure, acceptance_milestone, progress_report, report_figure, report_milestone, report_transition};

use super::write::{AcceptanceRows, acceptance_rows, figure_rows, reached_rows, report_row, step_row};
use crate::{
    domain::progress::{
        blocker::Blocker,
        dossier::Acceptance,
        report::{Figure, ProgressReport, Step},
    },
    store::{StoreError, Writer, reconcile::insert_all},
};

/// A report with all that it says and all that happened to it.
#[derive(Clone, Debug)]
pub struct ReportHistory {
    /// The report as it stands in the end.
    pub report: ProgressReport,
    /// Its figures.
    pub figures: Vec<Figure>,
    /// The milestones that it says are reached.
    pub reached: Vec<entity::MilestoneId>,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// Its accepted figures, and the time while they count.
    pub acceptances: Vec<Acceptance>,
    /// Its blockers.
    pub blockers: Vec<Blocker>,
}

impl Writer {
    /// Adds reports with their histories. They emit no event: no subscriber follows the distant past.
    ///
    /// # Errors
    /// A figure cannot be kept, or a statement failed.
    pub async fn add_histories(&self, histories: &[ReportHistory]) -> Result<(), StoreError> {
        let (mut reports, mut figures, mut reached, mut steps) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (mut acceptances, mut accepted_figures, mut accepted_milestones) = (Vec::new(), Vec::new(), Vec::new());
        for history in histories {
            let id = history.report.id;
            reports.push(report_row(&history.report)?);
            figures.extend(figure_rows(id, &history.figures)?);
            reached.extend(reached_rows(id, &history.reached));
            steps.extend(history.steps.iter().map(step_row));
            for acceptance in &history.acceptances {
                let AcceptanceRows { row, figures, milestones } = acceptance_rows(history.report.task_id, acceptance)?;
                acceptances.push(row);
                accepted_figures.extend(figures);
                accepted_milestones.extend(milestones);
            }
        }
        insert_all::<progress_report::Entity, _>(&self.transaction, reports).await?;
        insert_all::<report_figure::Entity, _>(&self.transaction, figures).await?;
        insert_all::<report_milestone::Entity, _>(&self.transaction, reached).await?;
        insert_all::<report_transition::Entity, _>(&self.transaction, steps).await?;
        insert_all::<acceptance::Entity, _>(&self.transaction, acceptances).await?;
        insert_all::<acceptance_figure::Entity, _>(&self.transaction, accepted_figures).await?;
        insert_all::<acceptance_milestone::Entity, _>(&self.transaction, accepted_milestones).await?;
        for history in histories {
            for (position, blocker) in (0_i32..).zip(&history.blockers) {
                self.add_blocker(blocker, position).await?;
            }
        }
        Ok(())
    }
}
