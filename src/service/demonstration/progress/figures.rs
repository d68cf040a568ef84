//! The figures that an invented report states.

use std::collections::HashMap;

use chrono::{DateTime, Datelike as _, Utc};
use entity::{MilestoneId, TargetId, TargetKind, UnitId};
use rust_decimal::Decimal;

use super::{course::Course, words::marked};
use crate::domain::{
    notices::target::Target,
    progress::{
        completion::{Measure, parts},
        dossier::Dossier,
        period::Period,
        report::{PostedFigure, Record},
    },
    share::Share,
};

/// The inputs of figures.
pub(super) struct Figures<'a> {
    /// The task.
    pub dossier: &'a Dossier,
    /// Its course.
    pub course: Course,
    /// The unit that reports.
    pub unit: UnitId,
    /// For when.
    pub period: Period,
    /// The last stated figures of units.
    pub last: &'a HashMap<(UnitId, TargetId), Decimal>,
    /// The figures of this unit that were accepted before.
    pub accepted: &'a [Record],
    /// Whether a figure is lower than it was.
    pub lowered: bool,
}

/// The figures of a unit for a period. A target that is split is reported on by those who have a share of it, the others by the lead.
pub(super) fn figures(of: &Figures<'_>) -> Vec<PostedFigure> {
    let mut figures = Vec::new();
    let is_lead = of.dossier.leads().contains(&of.unit);
    for goal in of.dossier.goals.iter().filter(|goal| goal.measure() != Measure::Term) {
        let target = goal.target();
        let mut shares = of.dossier.allocations.iter().filter(|allocation| allocation.target_id == target.id).peekable();
        let whole = if shares.peek().is_some() {
            shares.find(|allocation| allocation.unit_id == of.unit).map(|allocation| allocation.value)
        } else {
            is_lead.then_some(target.value)
        };
        let Some(value) = whole.and_then(|whole| figure(of, target, whole)) else { continue };
        let last = of.last.get(&(of.unit, target.id)).copied().unwrap_or_default();
        figures.push(PostedFigure { target_id: target.id, value: value.max(last), explanation: None });
    }
    agree(of, &mut figures);
    // One that neither has parts which make it nor is a part, so that nothing else has to change with it.
    let is_alone = |figure: &&mut PostedFigure| {
        let goal = of.dossier.goals.iter().find(|goal| goal.target().id == figure.target_id);
        goal.is_some_and(|goal| goal.is_top_level() && !parts::make(goal, &parts::of(figure.target_id, &of.dossier.goals)))
    };
    if of.lowered
        && let Some(figure) = figures.iter_mut().find(is_alone)
    {
        lower(figure, of.accepted);
    }
    figures
}

/// A whole that its parts make is their sum: rounded apart they would contradict each other.
fn agree(of: &Figures<'_>, figures: &mut [PostedFigure]) {
    let goals = &of.dossier.goals;
    for whole in goals.iter().rev() {
        let id = whole.target().id;
        let parts = parts::of(id, goals);
        if !parts::make(whole, &parts) {
            continue;
        }
        let figure = |id: TargetId| figures.iter().find(|figure| figure.target_id == id).map(|figure| figure.value);
        let sum = parts.iter().try_fold(Decimal::ZERO, |sum, part| sum.checked_add(figure(part.target().id)?));
        if let (Some(sum), Some(figure)) = (sum, figures.iter_mut().find(|figure| figure.target_id == id)) {
            figure.value = sum;
        }
    }
}

/// The figure with something taken off, and why: a little less than was accepted before where anything was.
fn lower(figure: &mut PostedFigure, accepted: &[Record]) {
    let record = accepted.iter().find(|record| record.target_id == figure.target_id);
    let before = record.and_then(|record| record.accepted.last().copied()).unwrap_or(figure.value);
    let scale = figure.value.scale();
    let less = Share::from(before).times(&Share::from_percent(Decimal::from(97))).rounded(8).trunc_with_scale(scale);
    figure.value = less;
    let why = marked("核减重复统计部分，累计数相应下调。", "What was counted twice is taken off, so the total is lower.");
    figure.explanation = Some(why);
}

fn figure(of: &Figures<'_>, target: &Target, whole: Decimal) -> Option<Decimal> {
    let done = share(of.dossier, of.course, of.period);
    let is_rate = target.kind == TargetKind::Rate || target.unit.contains(['%', '％', '‰']);
    // A rate or a level does not begin at zero; an amount is as it is from the day on which it is paid.
    let share = match target.kind {
        _ if is_rate => above(85, &done),
        TargetKind::Level => above(70, &done),
        TargetKind::Amount if done.is_nothing() => return None,
        TargetKind::Amount => Share::whole(),
        TargetKind::Increment | TargetKind::Coverage | TargetKind::Rate => done,
    };
    let decimals = whole.normalize().scale().max(u32::from(is_rate));
    Some(round(&Share::from(whole).times(&share), decimals, of.course))
}

/// The milestones that are reached and were not accepted as such before.
pub(super) fn reached(dossier: &Dossier, course: Course, period: Period, at: DateTime<Utc>) -> Vec<MilestoneId> {
    let done = share(dossier, course, period).capped();
    let count = i64::try_from(dossier.milestones.len()).unwrap_or_default();
    let steps = round(&Share::from(count).times(&done), 0, course);
    let known: Vec<MilestoneId> = dossier
        .acceptances
        .iter()
        .filter(|acceptance| acceptance.is_in_force(at))
        .flat_map(|acceptance| acceptance.milestones.clone())
        .collect();
    let is_reached = |place: i64, share: Option<Decimal>| match share {
        Some(share) => done >= Share::from(share),
        None => Decimal::from(place) <= steps,
    };
    (1_i64..)
        .zip(&dossier.milestones)
        .filter(|(place, milestone)| is_reached(*place, milestone.planned_share) && !known.contains(&milestone.id))
        .map(|(_, milestone)| milestone.id)
        .collect()
}

/// The completion that a lead states, in whole percent.
pub(super) fn stated(dossier: &Dossier, course: Course, period: Period) -> Decimal {
    round(&Share::from(100).times(&share(dossier, course, period).capped()), 0, course)
}

fn share(dossier: &Dossier, course: Course, period: Period) -> Share {
    let on = period.ends_on();
    let turn = i64::from(dossier.task.number).saturating_add(i64::from(on.month()).saturating_mul(3));
    course.share(on, turn.checked_rem(5).unwrap_or_default(), |on| dossier.planned(on))
}

/// From so many percent of the whole up to all of it.
fn above(percent: i64, done: &Share) -> Share {
    let base = Share::from_percent(Decimal::from(percent));
    base.plus(&Share::whole().minus(&base).times(&done.clone().capped()))
}

/// Up, so that who is on schedule stays so; down for who is not, so that a small target is not reached by rounding.
fn round(exact: &Share, decimals: u32, course: Course) -> Decimal {
    if course.falls_short() { exact.rounded(8).trunc_with_scale(decimals) } else { exact.least_figure(decimals, false) }
}
