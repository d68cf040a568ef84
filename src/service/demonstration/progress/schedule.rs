//! The reports of a task, and the steps of each with their times.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use entity::{Cadence, UnitId};

use super::{
    Desk,
    calendar::{after, at, day, periods},
    plan::ends_on,
    story::{Telling, Turn},
};
use crate::domain::progress::{dossier::Dossier, period::Period};

/// The fate of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Accepted,
    Draft,
    Waiting,
    Mended,
    Returned,
    Corrected,
    Reopened,
    Lowered,
    Resolved,
    Withdrawn,
}

/// A report that is to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub unit: UnitId,
    pub period: Period,
    pub post_on: NaiveDate,
    pub fate: Fate,
}

/// A step of an account with a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Save,
    Submit,
    Accept,
    Return,
    Reopen,
}

/// The reports of the lead, and of the units that a target is split over.
pub(super) fn entries(desk: &Desk<'_>, telling: &Telling, dossier: &Dossier) -> Vec<Entry> {
    let year = dossier.notice.year;
    let habit = telling.habit.unwrap_or(desk.story.habit);
    let (year_end, reckoning) = (day(year, (12, 29)), desk.reckoning(desk.now));
    let silent_from = telling.turns.iter().find_map(|turn| if let Turn::Silent(month) = turn { Some(*month) } else { None });
    let over_on = ends_on(telling, year);
    let periods = periods(dossier, habit, &reckoning);
    let last_of_month = |period: &Period| {
        let month = period.starts_on().month();
        periods.iter().rev().find(|other| other.starts_on().month() == month) == Some(period)
    };
    let mut entries = Vec::new();
    for period in &periods {
        let month = period.starts_on().month();
        if silent_from.is_some_and(|from| month >= from) {
            continue;
        }
        // Those who only have a share of it report first, so that the lead can say how much is done.
        let members = dossier.allocations.iter().map(|allocation| (allocation.unit_id, 1, Fate::Accepted));
        let turns = || telling.turns.iter().filter(|_| last_of_month(period));
        let late = turns().any(|turn| *turn == Turn::Late(month));
        let lag = match (period.cadence(), late) {
            (Cadence::Monthly | Cadence::Quarterly, false) => 3,
            (Cadence::Monthly | Cadence::Quarterly, true) => 8,
            (Cadence::Weekly | Cadence::TenDay, false) => 1,
            (Cadence::Weekly | Cadence::TenDay, true) => 4,
        };
        let fate = turns().find_map(|turn| fate(*turn, month)).unwrap_or(Fate::Accepted);
        let lead = dossier.leads().first().map(|unit| (*unit, lag, fate));
        for (unit, lag, fate) in members.chain(lead) {
            let latest = if dossier.leads().contains(&unit) { year_end } else { day(year, (12, 27)) };
            let post_on = after(period.ends_on(), lag).min(latest);
            if over_on.is_none_or(|over_on| post_on < over_on) {
                entries.push(Entry { unit, period: *period, post_on, fate });
            }
        }
    }
    entries
}

/// The steps of a report, with their times.
pub(super) fn deeds(desk: &Desk<'_>, telling: &Telling, entry: &Entry) -> Vec<(DateTime<Utc>, Deed)> {
    // Not everybody comes at nine sharp.
    let minutes = i64::from(telling.number).saturating_mul(7).checked_rem(120).unwrap_or_default();
    let on = |days: u64, deed: Deed| {
        let later = if deed == Deed::Submit || deed == Deed::Save { 0 } else { 240 };
        (at(desk.zone, after(entry.post_on, days), minutes.saturating_add(later)), deed)
    };
    match entry.fate {
        Fate::Draft => vec![on(0, Deed::Save)],
        Fate::Waiting => vec![on(0, Deed::Submit)],
        Fate::Accepted | Fate::Lowered | Fate::Resolved => vec![on(0, Deed::Submit), on(1, Deed::Accept)],
        Fate::Withdrawn => vec![on(0, Deed::Submit), on(1, Deed::Submit), on(1, Deed::Accept)],
        Fate::Returned => vec![on(0, Deed::Submit), on(1, Deed::Return)],
        Fate::Mended => vec![on(0, Deed::Submit), on(1, Deed::Return), on(3, Deed::Submit), on(4, Deed::Accept)],
        Fate::Reopened => vec![on(0, Deed::Submit), on(1, Deed::Accept), on(5, Deed::Reopen)],
        Fate::Corrected => {
            let first = [on(0, Deed::Submit), on(1, Deed::Accept), on(4, Deed::Reopen)];
            [&first[..], &[on(5, Deed::Submit), on(5, Deed::Accept)]].concat()
        }
    }
}

fn fate(turn: Turn, month: u32) -> Option<Fate> {
    let (of, fate) = match turn {
        Turn::Draft(of) => (of, Fate::Draft),
        Turn::Waiting(of) => (of, Fate::Waiting),
        Turn::Mended(of) => (of, Fate::Mended),
        Turn::Returned(of) => (of, Fate::Returned),
        Turn::Corrected(of) => (of, Fate::Corrected),
        Turn::Reopened(of) => (of, Fate::Reopened),
        Turn::Lowered(of) => (of, Fate::Lowered),
        Turn::Resolved(of) => (of, Fate::Resolved),
        Turn::Withdrawn(of) => (of, Fate::Withdrawn),
        _ => return None,
    };
    (of == month).then_some(fate)
}
