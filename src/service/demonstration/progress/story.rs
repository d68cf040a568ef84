//! The course of each task of the five notices in its invented year, and the events on the way. Nothing here is true but the notices
//! themselves.

use super::course::Course::{self, Ahead, Behind, CatchingUp, FarBehind, OnSchedule, Over, Stalled, Twofold};

/// The year that is invented for a notice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Story {
    /// The code of the jurisdiction.
    pub place: &'static str,
    /// The year of the notice.
    pub year: i32,
    /// How most of its units report.
    pub habit: Habit,
    /// Whether its office sets monthly reports, because its letter names no duty.
    pub sets_monthly: bool,
    /// The dispatches that its leaders forget: one in so many; 0 if they owe no dispatch.
    pub forgets_dispatch: usize,
    /// The days on which its leaders meet.
    pub meetings: &'static [Day],
    /// Its tasks.
    pub tasks: &'static [Telling],
}

/// A month and a day of the notice's year.
pub(super) type Day = (u32, u32);

/// How a unit reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Habit {
    /// For every month.
    Monthly,
    /// For every week.
    Weekly,
    /// For every other week.
    Fortnightly,
    /// Weekly by the letter, and only for the week in which a month ends in fact.
    MonthEnds,
}

/// The story of a task.
#[derive(Clone, Copy, Debug)]
pub(super) struct Telling {
    /// Its number.
    pub number: i32,
    /// The course that its figures take.
    pub course: Course,
    /// How it is reported on; `None` as most of the notice is.
    pub habit: Option<Habit>,
    /// The events on the way.
    pub turns: &'static [Turn],
}

/// Something that happens on the way. A month stands for the last report of that month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Its plan has milestones with shares of its own: month, day, percent.
    Plan(&'static [(u32, u32, u32)]),
    /// It is to be done before the year's end.
    Due(Day),
    /// It has no targets, and its lead states how much is done. Without this such a task goes by milestones.
    Stated,
    /// Its target in this place is split over these units, by weight; the members of its collective unit where none is named.
    Shared(usize, &'static [(&'static str, u32)]),
    /// Nothing comes from this month on.
    Silent(u32),
    /// The report comes after its due day.
    Late(u32),
    /// The report stays a draft.
    Draft(u32),
    /// The report waits for review.
    Waiting(u32),
    /// The report was returned, mended and accepted.
    Mended(u32),
    /// The report was returned and waits for its unit.
    Returned(u32),
    /// The report was accepted, reopened, corrected and accepted again.
    Corrected(u32),
    /// The report was accepted and reopened, and waits for its unit.
    Reopened(u32),
    /// A figure is lower than before, which is explained.
    Lowered(u32),
    /// A blocker is raised, and resolved in the month after.
    Resolved(u32),
    /// A blocker is raised, and withdrawn with the next version of the report.
    Withdrawn(u32),
    /// The lead claims that it is done.
    Claimed(Day),
    /// The lead claims that it is done, and the office sends the claim back.
    Unfinished(Day),
    /// The lead claims that it is done, and the office closes it five days later.
    Closed(Day),
    /// It is suspended.
    Suspended(Day),
    /// It is extended by three months beyond the year.
    Extended(Day),
}

use Habit::{Fortnightly, MonthEnds, Monthly, Weekly};
use Turn::{
    Claimed, Closed, Corrected, Draft, Due, Extended, Late, Lowered, Mended, Plan, Reopened, Resolved, Returned, Shared, Silent, Stated,
    Suspended, Unfinished, Waiting, Withdrawn,
};

const fn told(number: i32, course: Course, turns: &'static [Turn]) -> Telling {
    Telling { number, course, habit: None, turns }
}

const fn every(habit: Habit, telling: Telling) -> Telling {
    Telling { habit: Some(habit), ..telling }
}

/// 前松后紧: little is planned before autumn.
const BACK_LOADED: Turn = Plan(&[(3, 31, 5), (6, 30, 20), (9, 30, 45), (11, 30, 85)]);

/// All five.
pub(super) const STORIES: [Story; 5] = [
    Story {
        place: "jining",
        year: 2022,
        habit: Monthly,
        sets_monthly: false,
        forgets_dispatch: 0,
        meetings: &[(3, 16), (6, 21), (11, 9)],
        tasks: &[
            told(1, OnSchedule, &[Mended(5), Draft(12)]),
            told(2, Ahead, &[Returned(11)]),
            told(3, Ahead, &[Closed((11, 25))]),
            told(4, OnSchedule, &[Shared(1, &[])]),
            told(5, Ahead, &[Claimed((12, 8))]),
            told(6, OnSchedule, &[Corrected(6)]),
            told(7, Behind, &[]),
            told(8, Over, &[]),
            told(9, OnSchedule, &[Late(4), Late(7)]),
            told(10, OnSchedule, &[]),
            told(11, OnSchedule, &[BACK_LOADED]),
            told(12, Behind, &[Extended((12, 12))]),
            told(13, Stalled(7), &[]),
            told(14, OnSchedule, &[Unfinished((12, 15))]),
            told(15, CatchingUp, &[]),
            told(16, Twofold, &[]),
            told(17, OnSchedule, &[Resolved(4)]),
            told(18, OnSchedule, &[Suspended((5, 20))]),
            told(19, FarBehind, &[]),
            told(20, Ahead, &[Closed((12, 10))]),
            told(21, Ahead, &[Silent(10)]),
            told(22, OnSchedule, &[Lowered(8)]),
            told(23, Behind, &[Late(9)]),
            told(24, OnSchedule, &[Withdrawn(3)]),
            told(25, OnSchedule, &[Waiting(12)]),
            told(26, CatchingUp, &[]),
            told(27, OnSchedule, &[Due((11, 30)), Plan(&[(5, 31, 10), (8, 31, 30), (10, 31, 80)])]),
            told(28, OnSchedule, &[Silent(6)]),
            told(29, OnSchedule, &[Waiting(11), Waiting(12)]),
            told(30, Ahead, &[Stated]),
            told(31, OnSchedule, &[Stated]),
        ],
    },
    Story {
        place: "yanzhou",
        year: 2023,
        habit: Monthly,
        sets_monthly: true,
        forgets_dispatch: 0,
        meetings: &[(5, 18), (9, 6)],
        tasks: &[
            told(1, OnSchedule, &[]),
            told(2, Stalled(8), &[BACK_LOADED, Extended((12, 5))]),
            told(3, OnSchedule, &[Shared(0, &[("龙桥街道", 8), ("鼓楼街道", 10), ("酒仙桥街道", 9)])]),
            told(4, CatchingUp, &[Stated]),
            told(5, Ahead, &[Mended(4), Closed((11, 20))]),
            told(6, Over, &[]),
            told(7, Ahead, &[Closed((12, 5))]),
            told(8, OnSchedule, &[Late(4)]),
            told(9, Ahead, &[Stated, Claimed((12, 12))]),
            told(10, OnSchedule, &[Stated]),
            told(11, OnSchedule, &[Suspended((7, 10))]),
            told(12, OnSchedule, &[Corrected(9)]),
            told(13, OnSchedule, &[Silent(7)]),
        ],
    },
    Story {
        place: "yanzhou",
        year: 2024,
        habit: Monthly,
        sets_monthly: true,
        forgets_dispatch: 0,
        meetings: &[(4, 24), (10, 17)],
        tasks: &[
            told(1, OnSchedule, &[Due((9, 30)), Plan(&[(6, 30, 20), (8, 31, 90)])]),
            told(2, Behind, &[Extended((12, 18))]),
            told(3, OnSchedule, &[Reopened(11)]),
            told(4, OnSchedule, &[Stated, Waiting(12)]),
            told(5, Ahead, &[Stated, Closed((10, 30))]),
            told(6, Behind, &[Due((11, 15))]),
            told(7, Stalled(6), &[]),
            told(8, OnSchedule, &[Resolved(5), Returned(11), Draft(12)]),
            told(9, Ahead, &[Silent(10)]),
            told(10, Over, &[Late(3), Waiting(12)]),
        ],
    },
    Story {
        place: "jining-etdz",
        year: 2023,
        habit: MonthEnds,
        sets_monthly: false,
        forgets_dispatch: 7,
        meetings: &[],
        tasks: &[
            every(Weekly, told(1, Ahead, &[Closed((11, 15))])),
            told(2, OnSchedule, &[Stated]),
            told(3, Over, &[]),
            told(4, OnSchedule, &[]),
            told(5, OnSchedule, &[Stated, Draft(12)]),
            told(6, Ahead, &[Returned(12)]),
            every(Fortnightly, told(7, CatchingUp, &[])),
            told(8, OnSchedule, &[Silent(8)]),
            told(9, Behind, &[]),
            told(10, Ahead, &[Claimed((12, 20))]),
            told(11, OnSchedule, &[BACK_LOADED]),
            told(12, Ahead, &[Closed((10, 20))]),
            told(13, OnSchedule, &[Stated, Waiting(12)]),
            every(Weekly, told(14, OnSchedule, &[Mended(6)])),
            told(15, Ahead, &[Silent(10)]),
            told(16, Stalled(6), &[]),
            every(Fortnightly, told(17, OnSchedule, &[Late(5), Corrected(7)])),
            told(18, Ahead, &[Stated, Waiting(12)]),
            told(19, OnSchedule, &[Stated]),
            every(Fortnightly, told(20, Behind, &[Extended((12, 11))])),
            told(21, OnSchedule, &[Suspended((9, 4))]),
            told(22, FarBehind, &[Stated]),
        ],
    },
    Story {
        place: "taibai-lake",
        year: 2024,
        habit: Monthly,
        sets_monthly: false,
        forgets_dispatch: 5,
        meetings: &[(5, 22), (12, 4)],
        tasks: &[
            told(1, OnSchedule, &[Shared(0, &[("石桥镇政府", 14), ("许庄街道办事处", 16)])]),
            every(Weekly, told(2, OnSchedule, &[Draft(12)])),
            told(3, OnSchedule, &[Returned(11)]),
            told(4, Ahead, &[Closed((11, 10))]),
            told(5, OnSchedule, &[Late(6)]),
            told(6, OnSchedule, &[Unfinished((12, 10))]),
            told(7, OnSchedule, &[BACK_LOADED]),
            told(8, Over, &[]),
            told(9, Behind, &[]),
            told(10, Ahead, &[Closed((12, 1))]),
            told(11, OnSchedule, &[Lowered(9)]),
            told(12, CatchingUp, &[]),
            told(13, Twofold, &[]),
            told(14, OnSchedule, &[Corrected(7)]),
            told(15, OnSchedule, &[Stated]),
            told(16, OnSchedule, &[Silent(9)]),
            told(17, Stalled(8), &[]),
            told(18, OnSchedule, &[Suspended((8, 15))]),
            told(19, FarBehind, &[Extended((12, 20))]),
            every(Weekly, told(20, Ahead, &[Waiting(12)])),
        ],
    },
];
