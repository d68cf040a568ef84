//! Why something is refused, in a word for programs and a sentence for people.

use std::fmt;

use rust_decimal::Decimal;

use super::ReportState;
use crate::domain::language::Text;

/// Why something cannot happen to a report, or cannot be said in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is accepted, and so locked.
    Locked,
    /// It was submitted, and cannot be a draft again.
    SubmittedAlready,
    /// It was not submitted.
    NotSubmitted,
    /// Another reviewer was first.
    ReviewedAlready(ReportState),
    /// It is not accepted.
    NotAccepted,
    /// A reason is missing.
    ReasonMissing,
    /// A figure is below zero.
    Negative,
    /// A figure has more decimals than are kept.
    TooPrecise,
    /// A figure is larger than can be kept.
    TooLarge,
    /// A rate is more than its base.
    AboveWhole(Decimal),
    /// A figure is for a target that the task does not have.
    ForeignTarget,
    /// There are two figures for a target.
    Repeated,
    /// A figure is below the last accepted one, and nothing explains it.
    BelowAccepted(Decimal),
    /// A stated completion is not within 0 and 100.
    StatedOutOfRange,
    /// The task is in words alone, and its lead does not state how much is done.
    StatedMissing,
    /// The task is behind schedule, and nothing says why.
    CauseMissing,
    /// The task is behind schedule, and the report does not name the needed support.
    NeedMissing,
}

impl Refusal {
    /// The word that programs match on.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Locked => "REPORT_LOCKED",
            Self::SubmittedAlready => "REPORT_SUBMITTED_ALREADY",
            Self::NotSubmitted => "REPORT_NOT_SUBMITTED",
            Self::ReviewedAlready(_) => "REPORT_REVIEWED_ALREADY",
            Self::NotAccepted => "REPORT_NOT_ACCEPTED",
            Self::ReasonMissing => "REASON_MISSING",
            Self::Negative => "FIGURE_NEGATIVE",
            Self::TooPrecise => "FIGURE_TOO_PRECISE",
            Self::TooLarge => "FIGURE_TOO_LARGE",
            Self::AboveWhole(_) => "FIGURE_ABOVE_WHOLE",
            Self::ForeignTarget => "TARGET_OF_ANOTHER_TASK",
            Self::Repeated => "TARGET_REPEATED",
            Self::BelowAccepted(_) => "FIGURE_BELOW_ACCEPTED",
            Self::StatedOutOfRange => "STATED_COMPLETION_OUT_OF_RANGE",
            Self::StatedMissing => "STATED_COMPLETION_MISSING",
            Self::CauseMissing => "BEHIND_WITHOUT_CAUSE",
            Self::NeedMissing => "BEHIND_WITHOUT_NEED",
        }
    }

    /// Whether it also prevents saving a draft: the value cannot be stored, or belongs to no object. A draft may be unfinished.
    #[must_use]
    pub fn bars_draft(self) -> bool {
        !matches!(self, Self::BelowAccepted(_) | Self::StatedMissing | Self::CauseMissing | Self::NeedMissing)
    }

    /// The sentence for people, with the remedy.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Locked => Text::new(
                "该填报已被接受并锁定；如需更正，请督查室重新打开。",
                "The report is accepted and locked; ask the supervision office to reopen it.",
            ),
            Self::SubmittedAlready => Text::new(
                "该填报已报送过，不能再存为草稿；请修改后直接报送。",
                "The report was submitted and cannot be a draft again; submit the new version instead.",
            ),
            Self::NotSubmitted => Text::new(
                "该填报尚未报送，不能审核；请等待单位报送。",
                "The report is not submitted and cannot be reviewed; wait for its unit.",
            ),
            Self::ReviewedAlready(ReportState::Accepted) => Text::new(
                "该填报已被接受；请刷新，如需更正请重新打开。",
                "The report was accepted already; refresh, and reopen it if it needs correcting.",
            ),
            Self::ReviewedAlready(_) => Text::new(
                "该填报已被退回；请刷新，并等待单位重新报送。",
                "The report was returned already; refresh, and wait for its unit to submit it again.",
            ),
            Self::NotAccepted => {
                Text::new("只有已接受的填报才能重新打开；请先审核。", "Only an accepted report is reopened; review this one instead.")
            }
            Self::ReasonMissing => Text::new("请填写理由。", "Give a reason."),
            Self::Negative => {
                Text::new("数值不能为负，请填写年初以来的累计数。", "A figure is not negative: give the total since the start of the year.")
            }
            Self::TooPrecise => Text::new("数值最多保留四位小数，请四舍五入。", "A figure has at most four decimals: round it."),
            Self::TooLarge => Text::new("数值过大，请检查计量单位。", "The figure is too large: check its unit."),
            Self::AboveWhole(most) => Text::new(
                format!("比率是基数的一部分，不能超过 {most}，请更正。"),
                format!("A rate is part of its base and cannot be above {most}: correct it."),
            ),
            Self::ForeignTarget => Text::new("该目标不属于本任务，请更正。", "The target is of another task: correct it."),
            Self::Repeated => Text::new("同一目标填写了两次，请保留一个数值。", "The target has two figures: keep one."),
            Self::BelowAccepted(last) => {
                let last = last.normalize();
                Text::new(
                    format!("累计数低于上次接受的 {last}；请更正，或在 explanation 中说明原因。"),
                    format!("The total is below {last}, which was accepted last: correct it, or explain it in `explanation`."),
                )
            }
            Self::StatedOutOfRange => {
                Text::new("自报完成率须在 0 至 100 之间，请更正。", "A stated completion is between 0 and 100: correct it.")
            }
            Self::StatedMissing => Text::new(
                "任务没有目标和时间节点，完成率由牵头单位自报：请在 statedCompletion 中填写 0 至 100 的百分数。",
                "The task has no targets and no milestones, so its lead says how much is done: give a percentage from 0 to 100 in `statedCompletion`.",
            ),
            Self::CauseMissing => {
                Text::new("任务未达序时进度，请在 blockers 中说明原因。", "The task is behind schedule: say why in `blockers`.")
            }
            Self::NeedMissing => Text::new(
                "任务未达序时进度，请在 blockers 的 needs 中说明需要什么支持。",
                "The task is behind schedule: say what is needed in `needs` of a blocker.",
            ),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(formatter)
    }
}

impl std::error::Error for Refusal {}
