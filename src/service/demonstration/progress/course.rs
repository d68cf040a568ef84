//! The course of a task's figures over its year, beside the plan.

use chrono::{Datelike as _, NaiveDate};
use rust_decimal::Decimal;

use crate::domain::{progress::period::Period, share::Share};

/// How a task goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// 达序时进度: at or a little above the plan.
    OnSchedule,
    /// Done by the end of September.
    Ahead,
    /// A fifth below the plan.
    Behind,
    /// Less than half of the plan.
    FarBehind,
    /// On schedule until the end of this month, and no further.
    Stalled(u32),
    /// Behind until September, and done in December.
    CatchingUp,
    /// A quarter more than was promised.
    Over,
    /// More than twice the target, which gives the reviewer a warning.
    Twofold,
}

impl Course {
    /// The share that is done on a day, where `planned` is the planned share. `lift` is a few percent that make the curve uneven.
    pub(super) fn share(self, on: NaiveDate, lift: i64, planned: impl Fn(NaiveDate) -> Share) -> Share {
        let on = match self {
            Self::Stalled(month) => on.min(end_of_month(on.year(), month)),
            _ => on,
        };
        let percent = match (self, on.month()) {
            (Self::OnSchedule | Self::Stalled(_), _) | (Self::CatchingUp, 12) => 100,
            (Self::Ahead, _) => 138,
            (Self::Behind, _) => 80,
            (Self::FarBehind, _) => 45,
            (Self::CatchingUp, 11) => 92,
            (Self::CatchingUp, 10) => 84,
            (Self::CatchingUp, _) => 72,
            (Self::Over, _) => 125,
            (Self::Twofold, _) => 220,
        };
        let share = planned(on).times(&Share::from_percent(Decimal::from(percent)));
        let share = if self == Self::OnSchedule { share.plus(&Share::from_percent(Decimal::from(lift))) } else { share };
        if matches!(self, Self::Over | Self::Twofold) { share } else { share.capped() }
    }

    /// Whether figures fall short of the plan, so that they are rounded down.
    pub(super) fn falls_short(self) -> bool {
        matches!(self, Self::Behind | Self::FarBehind | Self::Stalled(_) | Self::CatchingUp)
    }
}

/// The last day of a month.
pub(super) fn end_of_month(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).map_or(NaiveDate::MAX, |day| Period::containing(entity::Cadence::Monthly, day).ends_on())
}
