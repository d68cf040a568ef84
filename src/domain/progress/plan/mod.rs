//! 序时进度: which share of a task should be done by a date, along a straight line and by the task's own plan.
//!
//! Both curves are lines between points: zero on the day it starts, the whole on the day it is due. Between them are the milestones. A
//! share is exact; days are counted whole.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::domain::{language::Text, share::Share};

/// A plan is 前松后紧 (back-loaded) if some milestone asks for much less than the straight line. The limit in percentage points is the gap
/// that the usual rules forgive (gap < 10 is green). Beyond it, to follow the plan and to follow the year give different lights.
pub const BACK_LOADED_POINTS: i64 = 10;

/// Which curve a planned share is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Curve {
    /// 时间进度: the straight line from start to due date.
    StraightLine,
    /// 计划进度: through the milestones' planned shares.
    OwnPlan,
}

/// A point of a curve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The date.
    pub on: NaiveDate,
    /// The share that should be done by its end.
    pub share: Share,
}

/// A planned share, and the two points between which it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The curve.
    pub curve: Curve,
    /// The share.
    pub share: Share,
    /// The point before the date.
    pub from: Point,
    /// The point after it.
    pub to: Point,
}

/// 前松后紧: where a plan is furthest below the straight line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackLoading {
    /// The date of the milestone.
    pub on: NaiveDate,
    /// The share that the plan asks for by then.
    pub planned: Share,
    /// The share that the straight line asks for.
    pub straight: Share,
}

/// Why something is not a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanProblem {
    /// It is due before it starts.
    DueBeforeStart,
    /// A milestone lies before the start or after the due date.
    OutsidePlan(NaiveDate),
    /// A planned share is not within 0 and 1.
    ShareOutOfRange(NaiveDate),
    /// A milestone is dated before the one in front of it.
    OutOfOrder(NaiveDate),
    /// A date has two different planned shares.
    TwoShares(NaiveDate),
    /// A milestone plans less than the one before it.
    Falling(NaiveDate),
    /// The milestone on the due date leaves something undone.
    EndsBelowWhole,
    /// An extended due date is not later than the original one.
    ExtensionNotLater,
}

/// The plan of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    starts_on: NaiveDate,
    due_on: NaiveDate,
    extended_to: Option<NaiveDate>,
    /// Between start and due date, both included, dates strictly rising; empty where the milestones plan no shares.
    points: Vec<Point>,
}

impl Plan {
    /// A plan without milestones: the straight line.
    ///
    /// # Errors
    ///
    /// It is due before it starts.
    pub fn new(starts_on: NaiveDate, due_on: NaiveDate) -> Result<Self, PlanProblem> {
        if due_on < starts_on {
            return Err(PlanProblem::DueBeforeStart);
        }
        Ok(Self { starts_on, due_on, extended_to: None, points: Vec::new() })
    }

    /// A plan of one day, on which all is due.
    #[must_use]
    pub fn of_a_day(day: NaiveDate) -> Self {
        Self { starts_on: day, due_on: day, extended_to: None, points: Vec::new() }
    }

    /// With the cumulative shares, from 0 to 1, that milestones plan, in the order of their dates. Milestones without a planned share
    /// are left out by the caller. Two on one day must agree.
    ///
    /// # Errors
    ///
    /// The first thing that keeps the shares from being a curve that rises from start to due date.
    pub fn through(mut self, milestones: impl IntoIterator<Item = (NaiveDate, Decimal)>) -> Result<Self, PlanProblem> {
        let mut points: Vec<Point> = Vec::new();
        for (on, share) in milestones {
            if on < self.starts_on || self.due_on < on {
                return Err(PlanProblem::OutsidePlan(on));
            }
            if !(Decimal::ZERO..=Decimal::ONE).contains(&share) {
                return Err(PlanProblem::ShareOutOfRange(on));
            }
            let share = Share::from(share);
            match points.last() {
                Some(last) if on < last.on => return Err(PlanProblem::OutOfOrder(on)),
                Some(last) if on == last.on && share != last.share => return Err(PlanProblem::TwoShares(on)),
                Some(last) if share < last.share => return Err(PlanProblem::Falling(on)),
                Some(last) if on == last.on => {}
                _ => points.push(Point { on, share }),
            }
        }
        if points.last().is_some_and(|last| last.on == self.due_on && last.share < Share::whole()) {
            return Err(PlanProblem::EndsBelowWhole);
        }
        self.points = points;
        Ok(self)
    }

    /// With a later due date, which is shown; a late task is still judged by the original one.
    ///
    /// # Errors
    ///
    /// The date is not later.
    pub fn extended(mut self, to: NaiveDate) -> Result<Self, PlanProblem> {
        if to <= self.due_on {
            return Err(PlanProblem::ExtensionNotLater);
        }
        self.extended_to = Some(to);
        Ok(self)
    }

    /// When work starts.
    #[must_use]
    pub fn starts_on(&self) -> NaiveDate {
        self.starts_on
    }

    /// When it was originally due.
    #[must_use]
    pub fn due_on(&self) -> NaiveDate {
        self.due_on
    }

    /// Until when it was extended.
    #[must_use]
    pub fn extended_to(&self) -> Option<NaiveDate> {
        self.extended_to
    }

    /// Whether its milestones plan shares.
    #[must_use]
    pub fn has_own(&self) -> bool {
        !self.points.is_empty()
    }

    /// The share due by the end of a date along the straight line. It is zero up to the first day, and the whole from the due day on.
    #[must_use]
    pub fn straight_line(&self, on: NaiveDate) -> Planned {
        self.read(Curve::StraightLine, &[], on)
    }

    /// The share due by the end of a date through the milestones; `None` if they have no shares.
    #[must_use]
    pub fn own(&self, on: NaiveDate) -> Option<Planned> {
        self.has_own().then(|| self.read(Curve::OwnPlan, &self.points, on))
    }

    /// The share by the requested curve; the straight line if the milestones have no shares.
    #[must_use]
    pub fn by(&self, curve: Curve, on: NaiveDate) -> Planned {
        match curve {
            Curve::StraightLine => self.straight_line(on),
            Curve::OwnPlan => self.own(on).unwrap_or_else(|| self.straight_line(on)),
        }
    }

    /// 前松后紧: the milestone at which the plan is furthest below the straight line, if that is more than
    /// [`BACK_LOADED_POINTS`]. The difference of two curves of lines is largest at a corner, so no other date (mid-year, say) can be worse.
    #[must_use]
    pub fn back_loading(&self) -> Option<BackLoading> {
        let forgiven = Share::from_percent(Decimal::from(BACK_LOADED_POINTS));
        self.points
            .iter()
            .map(|point| BackLoading { on: point.on, planned: point.share.clone(), straight: self.straight_line(point.on).share })
            .filter(|loading| loading.behind() > forgiven)
            // Of equals the earliest, which is the first to be asked about.
            .reduce(|worst, next| if next.behind() > worst.behind() { next } else { worst })
    }

    fn read(&self, curve: Curve, between: &[Point], on: NaiveDate) -> Planned {
        let start = Point { on: self.starts_on, share: Share::nothing() };
        let due = Point { on: self.due_on, share: Share::whole() };
        let from = between.iter().rev().find(|point| point.on <= on).unwrap_or(&start).clone();
        let to = between.iter().find(|point| point.on > on).unwrap_or(&due).clone();
        // The ends come first: a plan that starts on its due date has no line between them.
        let share = if on < self.starts_on {
            Share::nothing()
        } else if on >= self.due_on {
            Share::whole()
        } else {
            let days = |later: NaiveDate| Share::from(later.signed_duration_since(from.on).num_days());
            // The two dates differ, since `from` is on or before the date and `to` after it.
            let elapsed = days(on).over(&days(to.on)).unwrap_or_else(Share::whole);
            from.share.plus(&to.share.minus(&from.share).times(&elapsed))
        };
        Planned { curve, share, from, to }
    }
}

impl BackLoading {
    /// How far the plan is below the straight line.
    #[must_use]
    pub fn behind(&self) -> Share {
        self.straight.minus(&self.planned)
    }

    /// The text that an office reads beside such a plan.
    #[must_use]
    pub fn text(&self) -> Text {
        let (on, planned, straight, behind) = (self.on, self.planned.percent(), self.straight.percent(), self.behind().points());
        Text::new(
            format!("计划前松后紧：{on} 计划完成 {planned}%，按时间进度应为 {straight}%，低 {behind} 个百分点。"),
            format!("The plan is back-loaded: by {on} it asks for {planned}%, the straight line for {straight}%, {behind} points more."),
        )
    }
}

impl PlanProblem {
    /// The fault and the remedy.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::DueBeforeStart => {
                Text::new("完成时限早于开始日期，请更正其一。", "It is due before it starts: correct one of the two dates.")
            }
            Self::OutsidePlan(on) => Text::new(
                format!("{on} 的时间节点不在开始日期与完成时限之间，请更正日期。"),
                format!("The milestone on {on} is not between the start and the due date: correct its date."),
            ),
            Self::ShareOutOfRange(on) => Text::new(
                format!("{on} 的计划进度不在 0 和 1 之间，请更正。"),
                format!("The planned share on {on} is not between 0 and 1: correct it."),
            ),
            Self::OutOfOrder(on) => Text::new(
                format!("{on} 的时间节点排在较晚的节点之后，请按日期排列。"),
                format!("The milestone on {on} follows a later one: put them in the order of their dates."),
            ),
            Self::TwoShares(on) => {
                Text::new(format!("{on} 有两个不同的计划进度，请保留一个。"), format!("{on} has two different planned shares: keep one."))
            }
            Self::Falling(on) => Text::new(
                format!("{on} 的计划进度低于前一节点；计划进度是累计数，请更正。"),
                format!("The planned share on {on} is below the one before; planned shares are cumulative: correct it."),
            ),
            Self::EndsBelowWhole => Text::new(
                "完成时限当日的计划进度应为 1（全部完成），请更正。",
                "The planned share on the due date must be 1, the whole: correct it.",
            ),
            Self::ExtensionNotLater => {
                Text::new("延期后的时限应晚于原时限，请更正。", "An extended due date is later than the original one: correct it.")
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
