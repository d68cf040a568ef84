//! The settings of a task before its invented year begins: its plan, and the shares of its targets. Also the end of the task.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::{AllocationId, MilestoneId, TargetId, UnitId};
use rust_decimal::Decimal;

use super::{
    calendar::{after, at, day},
    story::{Day, Telling, Turn},
    words::{STEPS, marked},
};
use crate::domain::{
    notices::allocation::Allocation,
    places::unit::Unit,
    progress::{
        dossier::{Dossier, Party},
        milestone::Milestone,
        standing::{Claim, Closing, Extension, Suspension, TaskStanding},
    },
};

/// How a city's target is split over its counties, by weight in the official order.
const COUNTIES: [u32; 11] = [14, 12, 8, 13, 9, 6, 8, 9, 8, 7, 6];

/// Applies the settings of the beginning of the year to a dossier.
pub(super) fn set_out(dossier: &mut Dossier, telling: &Telling, units: &HashMap<UnitId, Unit>) {
    let year = dossier.notice.year;
    for turn in telling.turns {
        match turn {
            Turn::Due(on) => dossier.standing.due_on = Some(day(year, *on)),
            Turn::Shared(place, names) => {
                if let Some(target) = dossier.goals.get(*place).map(|goal| goal.target().clone()) {
                    let shares = shares(dossier, units, names);
                    dossier.allocations = split(target.id, target.value, &shares);
                }
            }
            _ => {}
        }
    }
    let plan = dossier.plan();
    let (starts_on, due_on) = (plan.starts_on(), plan.due_on());
    let by_plan = telling.turns.iter().find_map(|turn| if let Turn::Plan(points) = turn { Some(*points) } else { None });
    let by_steps = !telling.turns.iter().any(|turn| matches!(turn, Turn::Stated));
    let milestone = |(chinese, english): (&str, &str), due_on: NaiveDate, planned_share: Option<Decimal>| Milestone {
        id: MilestoneId::generate(),
        task_id: dossier.task.id,
        title: marked(chinese, english),
        due_on,
        planned_share,
    };
    dossier.milestones = if let Some(points) = by_plan {
        let within = points.iter().map(|(month, date, percent)| (day(year, (*month, *date)), *percent));
        within
            .filter(|(on, _)| starts_on < *on && *on < due_on)
            .map(|(on, percent)| {
                let share = Decimal::new(percent.into(), 2);
                milestone((&format!("完成{percent}%"), &format!("{percent}% is done")), on, Some(share))
            })
            .collect()
    } else if dossier.goals.is_empty() && by_steps {
        let length = due_on.signed_duration_since(starts_on).num_days();
        let quarter = u64::try_from(length.checked_div(4).unwrap_or_default()).unwrap_or_default();
        (1_u64..).zip(STEPS).map(|(number, title)| milestone(title, after(starts_on, quarter.saturating_mul(number)), None)).collect()
    } else {
        Vec::new()
    };
}

/// The units that a target is split over, with their weights.
fn shares(dossier: &Dossier, units: &HashMap<UnitId, Unit>, names: &[(&str, u32)]) -> Vec<(UnitId, u32)> {
    let of = |party: &Party| units.get(&party.unit_id).map(|unit| (unit.id, unit));
    let known = dossier.parties.iter().filter_map(of);
    if names.is_empty() {
        // Units of other jurisdictions are the members of the collective unit: a county takes part in the task of its city.
        let members = known.filter(|(_, unit)| unit.jurisdiction_id != dossier.notice.jurisdiction_id);
        return members.zip(COUNTIES).map(|((id, _), weight)| (id, weight)).collect();
    }
    let weight = |unit: &Unit| names.iter().find(|(name, _)| *name == unit.name).map(|(_, weight)| *weight);
    known.filter_map(|(id, unit)| Some((id, weight(unit)?))).collect()
}

/// Whole shares of a value by weight; the remainder of rounding goes to the first.
fn split(target_id: TargetId, value: Decimal, shares: &[(UnitId, u32)]) -> Vec<Allocation> {
    let total = Decimal::from(shares.iter().map(|(_, weight)| weight).fold(0_u32, |sum, weight| sum.saturating_add(*weight)));
    let part = |weight: u32| value.checked_mul(Decimal::from(weight)).and_then(|part| part.checked_div(total)).unwrap_or_default().floor();
    let mut allocations: Vec<Allocation> = shares
        .iter()
        .map(|(unit_id, weight)| Allocation { id: AllocationId::generate(), target_id, unit_id: *unit_id, value: part(*weight) })
        .collect();
    let given = allocations.iter().fold(Decimal::ZERO, |sum, allocation| sum.saturating_add(allocation.value));
    if let Some(first) = allocations.first_mut() {
        first.value = first.value.saturating_add(value.saturating_sub(given));
    }
    allocations
}

/// From which day on a task takes no reports any more.
pub(super) fn ends_on(telling: &Telling, year: i32) -> Option<NaiveDate> {
    telling.turns.iter().find_map(|turn| match turn {
        Turn::Closed(on) | Turn::Suspended(on) => Some(day(year, *on)),
        _ => None,
    })
}

/// How a task stands in the end.
pub(super) fn standing(dossier: &Dossier, telling: &Telling, zone: Tz, office: Option<&str>) -> TaskStanding {
    let year = dossier.notice.year;
    let mut standing = dossier.standing.clone();
    let claim = |on: Day, chinese: &str, english: &str| Some(Claim { on: day(year, on), note: Some(marked(chinese, english)) });
    let mut changed: Option<DateTime<Utc>> = None;
    for turn in telling.turns {
        let on = match turn {
            Turn::Claimed(on) => {
                standing.claim = claim(*on, "任务已全部完成，申请办结。", "All is done; the office is asked to close the task.");
                *on
            }
            Turn::Closed(on) => {
                standing.claim = claim(*on, "任务已全部完成，申请办结。", "All is done; the office is asked to close the task.");
                let accepted_on = after(day(year, *on), 5);
                let note = Some(marked("现场核查属实，同意销号。", "Seen on site and found done; closed."));
                standing.closing = Some(Closing { accepted_on, in_force_on: accepted_on, note });
                *on
            }
            Turn::Unfinished(on) => {
                standing.return_reason =
                    Some(marked("部分点位尚未验收，请完善后再申请。", "Some sites are not checked yet: claim it again when they are."));
                *on
            }
            Turn::Suspended(on) => {
                let reason = marked("规划调整，经研究暂停实施。", "Suspended while the planning is changed.");
                standing.suspension = Some(Suspension { on: day(year, *on), reason });
                *on
            }
            Turn::Extended(on) => {
                let reason = marked("主体工程跨年实施，同意延期。", "The works go on into the next year, so it is extended.");
                standing.extension = Some(Extension { to: day(year.saturating_add(1), (3, 31)), reason });
                *on
            }
            Turn::Due(_) | Turn::Plan(_) | Turn::Shared(..) => (1, 31),
            _ => continue,
        };
        changed = changed.max(Some(at(zone, day(year, on), 60)));
    }
    standing.changed_at = changed;
    standing.changed_by = changed.and(office).map(str::to_owned);
    standing
}
