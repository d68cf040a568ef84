//! 报送情况: whether the due reports came, and whether they came in time.

use std::ops::AddAssign;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::Occurrence;

/// How an occurrence stands at a given time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DutyState {
    /// 未到期: it has not come, and its time is not over.
    NotYetDue,
    /// 按时.
    OnTime,
    /// 迟报.
    Late,
    /// 未报.
    Missing,
    /// 免报: it has not come, and the closing of its task released it.
    Released,
}

impl DutyState {
    /// The state at `now` of an occurrence that was first submitted at this instant; a draft is not submitted.
    ///
    /// The first submission counts, also for a report that was returned or posted again. Reviewing takes the office's time, and a
    /// correction must not make a unit late. Of several posts that discharge the occurrence, give the earliest.
    #[must_use]
    pub fn of(occurrence: &Occurrence, first_submitted_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Self {
        match first_submitted_at {
            Some(submitted_at) if submitted_at <= occurrence.due_at => Self::OnTime,
            Some(_) => Self::Late,
            None if occurrence.released => Self::Released,
            None if now <= occurrence.due_at => Self::NotYetDue,
            None => Self::Missing,
        }
    }
}

/// How well something was reported: counts of occurrences and the two rates.
///
/// Settled reports count: those that came, early or not, and those that are overdue. A report that may still come in time is not held
/// against anybody, and a released one counts nowhere. So expected = received + missing, and received = on time + late, always.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Compliance {
    on_time: u64,
    late: u64,
    missing: u64,
}

impl Compliance {
    /// 应报.
    #[must_use]
    pub fn expected(&self) -> u64 {
        self.received().saturating_add(self.missing)
    }

    /// 已报.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.on_time.saturating_add(self.late)
    }

    /// 按时.
    #[must_use]
    pub fn on_time(&self) -> u64 {
        self.on_time
    }

    /// 迟报.
    #[must_use]
    pub fn late(&self) -> u64 {
        self.late
    }

    /// 未报.
    #[must_use]
    pub fn missing(&self) -> u64 {
        self.missing
    }

    /// 报送率: received of expected, from 0 to 1; `None` where nothing was expected, which is neither good nor bad.
    #[must_use]
    pub fn reporting_rate(&self) -> Option<Decimal> {
        share(self.received(), self.expected())
    }

    /// 按时率: on time of expected. As a share of received reports, a unit with one report in time and fifty missing ones would have 100 %.
    #[must_use]
    pub fn on_time_rate(&self) -> Option<Decimal> {
        share(self.on_time, self.expected())
    }
}

/// To all digits that a decimal has: rounded to a few, 9999 of 10 000 could read as all.
fn share(part: u64, whole: u64) -> Option<Decimal> {
    Decimal::from(part).checked_div(Decimal::from(whole)).map(|share| share.normalize())
}

impl Extend<DutyState> for Compliance {
    fn extend<States: IntoIterator<Item = DutyState>>(&mut self, states: States) {
        for state in states {
            let count = match state {
                DutyState::OnTime => &mut self.on_time,
                DutyState::Late => &mut self.late,
                DutyState::Missing => &mut self.missing,
                DutyState::NotYetDue | DutyState::Released => continue,
            };
            *count = count.saturating_add(1);
        }
    }
}

impl FromIterator<DutyState> for Compliance {
    fn from_iter<States: IntoIterator<Item = DutyState>>(states: States) -> Self {
        let mut compliance = Self::default();
        compliance.extend(states);
        compliance
    }
}

/// The counts of two groups together; the rates of a whole are made of its counts, never of its parts' rates.
impl AddAssign for Compliance {
    fn add_assign(&mut self, other: Self) {
        self.on_time = self.on_time.saturating_add(other.on_time);
        self.late = self.late.saturating_add(other.late);
        self.missing = self.missing.saturating_add(other.missing);
    }
}
