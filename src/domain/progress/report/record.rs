//! The stored values of a report.

use chrono::{DateTime, Utc};
use entity::{AccountId, ProgressReportId, ReportState, TargetId, TaskId, TransitionKind, UnitId};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Life, Occurrence, Reason, Refusal, Transition, Warning};
use crate::domain::progress::period::Period;

/// 进展填报: a unit's report on a task for a period. There is one for each task, unit and period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgressReport {
    /// Its id.
    pub id: ProgressReportId,
    /// The task.
    pub task_id: TaskId,
    /// Whose it is.
    pub unit_id: UnitId,
    /// For which period.
    pub period: Period,
    /// Where it stands.
    pub state: ReportState,
    /// Rises by one with every change.
    pub version: i32,
    /// The work done, in words.
    pub narrative: String,
    /// The completion that is stated, from 0 to 100.
    pub stated_percent: Option<Decimal>,
    /// The hints for its reviewer.
    pub remarks: Vec<Remark>,
    /// Whether it was invented for a demo.
    pub demonstration: bool,
    /// When it was first saved.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
    /// 首次报送: by this it is on time.
    pub first_submitted_at: Option<DateTime<Utc>>,
    /// The instant at which its present content was submitted.
    pub submitted_at: Option<DateTime<Utc>>,
    /// The account that wrote its present content.
    pub author_id: Option<AccountId>,
    /// The name of that account then.
    pub author_username: Option<String>,
}

/// The values of a report that counting needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its id.
    pub report_id: ProgressReportId,
    /// The task.
    pub task_id: TaskId,
    /// Whose it is.
    pub unit_id: UnitId,
    /// For which period.
    pub period: Period,
    /// Where it stands.
    pub state: ReportState,
    /// When it was first submitted.
    pub first_submitted_at: Option<DateTime<Utc>>,
}

/// 完成数: a cumulative figure in a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The report.
    pub report_id: ProgressReportId,
    /// The target.
    pub target_id: TargetId,
    /// The figure, since the start of the year.
    pub value: Decimal,
    /// The unit's figure that was accepted last before it.
    pub previous_value: Option<Decimal>,
    /// Why it is lower than that.
    pub explanation: Option<String>,
}

/// Something that a reviewer should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Remark {
    /// The target whose figure it is about.
    pub target_id: TargetId,
    /// The warning.
    pub warning: Warning,
}

/// A step in the life of a report, and who took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The report.
    pub report_id: ProgressReportId,
    /// Its place in the life, from 1.
    pub number: i32,
    /// When.
    pub at: DateTime<Utc>,
    /// The kind.
    pub kind: TransitionKind,
    /// Why, of a return or a reopening.
    pub reason: Option<String>,
    /// The account that took it.
    pub actor_id: Option<AccountId>,
    /// The name of that account then; `None` where the notice's setting accepted the report.
    pub actor_username: Option<String>,
}

impl Step {
    /// The life that steps, in their order, tell.
    ///
    /// # Errors
    /// One of them could not happen where it stands.
    pub fn life<'a>(steps: impl IntoIterator<Item = &'a Self>) -> Result<Life, Refusal> {
        let occurrences = steps.into_iter().map(|step| {
            let reason = || Reason::new(step.reason.as_deref().unwrap_or_default());
            let transition = match step.kind {
                TransitionKind::Submit => Transition::Submit,
                TransitionKind::Accept => Transition::Accept,
                TransitionKind::Return => Transition::Return(reason()?),
                TransitionKind::Reopen => Transition::Reopen(reason()?),
            };
            Ok(Occurrence { at: step.at, transition })
        });
        Life::replay(occurrences.collect::<Result<Vec<_>, Refusal>>()?)
    }
}
