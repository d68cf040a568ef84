//! What is checked of plans and shares before they are set: milestones that make a curve, and shares that make their target together.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};
use entity::{Aggregation, MilestoneId, TargetId, UnitId};
use rust_decimal::Decimal;

use super::{
    report::{Number, unknown},
    task::{NOTE, Outcome, Write, fault},
};
use crate::{
    domain::{
        analysis::breakdown,
        audit::Changes,
        language::Text,
        notices::{allocation, target::Target},
        progress::{
            dossier::Dossier,
            light::Tolerance,
            milestone::Milestone,
            plan::{Plan, PlanProblem},
            standing::TaskStanding,
        },
    },
    service::Fault,
};

/// How many milestones a plan, and shares a target may have.
const PARTS: usize = 100;

/// A plan as it is to be.
#[derive(Clone, Debug)]
pub struct NewPlan {
    /// When work starts; `None` for the notice's issue.
    pub starts_on: Option<NaiveDate>,
    /// When it is due; `None` for the end of the year.
    pub due_on: Option<NaiveDate>,
    /// The milestones, in the order of their dates.
    pub milestones: Vec<NewMilestone>,
}

/// A milestone of a plan.
#[derive(Clone, Debug)]
pub struct NewMilestone {
    /// The milestone that it is, of the plan so far; `None` for a new one.
    pub id: Option<MilestoneId>,
    /// What is done by then.
    pub title: String,
    /// By when.
    pub due_on: NaiveDate,
    /// The share of the task, from 0 to 1, that should be done by then.
    pub planned_share: Option<Number>,
}

/// A share of a target.
#[derive(Clone, Debug)]
pub struct NewAllocation {
    /// The unit.
    pub unit_id: UnitId,
    /// How much.
    pub value: Number,
}

/// A plan, checked. `known` are the milestones that the task has or had.
pub(in crate::service) fn planned(dossier: &Dossier, known: &[MilestoneId], new: &NewPlan) -> Result<Outcome, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut milestones = Vec::new();
    if new.milestones.len() > PARTS {
        let message = Text::new(format!("计划至多 {PARTS} 个时间节点。"), format!("A plan has at most {PARTS} milestones."));
        return Err(fault("TOO_MANY", "milestones", message));
    }
    for (place, milestone) in new.milestones.iter().enumerate() {
        let at = |part: &str| vec!["input".into(), "milestones".into(), place.to_string(), part.to_owned()];
        let title = milestone.title.trim();
        if title.is_empty() || title.chars().count() > NOTE {
            let message =
                Text::new(format!("时间节点须有名称，至多 {NOTE} 个字。"), format!("A milestone has a title of 1 to {NOTE} characters."));
            faults.push(Fault::at("MILESTONE_TITLE", at("title"), message));
        }
        if milestone.id.is_some_and(|id| !known.contains(&id)) {
            let message = Text::new("该时间节点不属于本任务，请更正。", "The milestone is of another task: correct it.");
            faults.push(Fault::at("MILESTONE_OF_ANOTHER_TASK", at("id"), message));
        }
        let planned_share = match milestone.planned_share.as_ref().map(Number::read).transpose() {
            Ok(share) => share,
            Err(message) => {
                faults.push(Fault::at("FIGURE_NOT_A_NUMBER", at("plannedShare"), message));
                None
            }
        };
        if planned_share.is_some_and(|share| share.normalize().scale() > entity::Quantity::DECIMALS) {
            let message = Text::new("计划进度最多保留四位小数，请四舍五入。", "A planned share has at most four decimals: round it.");
            faults.push(Fault::at("FIGURE_TOO_PRECISE", at("plannedShare"), message));
        }
        milestones.push(Milestone {
            id: milestone.id.unwrap_or_else(MilestoneId::generate),
            task_id: dossier.task.id,
            title: title.to_owned(),
            due_on: milestone.due_on,
            planned_share,
        });
    }
    let mut seen = BTreeSet::new();
    if milestones.iter().any(|milestone| !seen.insert(milestone.id)) {
        faults.extend(fault(
            "MILESTONE_REPEATED",
            "milestones",
            Text::new("同一时间节点出现了两次。", "A milestone occurs twice: keep one."),
        ));
    }
    let before = dossier.plan();
    let mut after = dossier.clone();
    after.standing.starts_on = new.starts_on;
    after.standing.due_on = new.due_on;
    after.milestones.clear();
    let straight = after.plan();
    let (starts_on, due_on) = (new.starts_on.unwrap_or_else(|| straight.starts_on()), straight.due_on());
    let year = dossier.notice.year;
    let dates = [("startsOn", new.starts_on), ("dueOn", new.due_on)].map(|(field, date)| (vec!["input".into(), field.into()], date));
    let of_milestones = milestones
        .iter()
        .enumerate()
        .map(|(place, milestone)| (vec!["input".into(), "milestones".into(), place.to_string(), "dueOn".into()], Some(milestone.due_on)));
    faults.extend(dates.into_iter().chain(of_milestones).filter_map(|(field, date)| too_far(field, date?, year)));
    if new.due_on.is_some_and(|due_on| due_on.year() < year) {
        let message = Text::new(
            format!("完成时限不能早于通知所属的 {year} 年：请核对年份。"),
            format!("A task is not due before {year}, the year of its notice: look at the year."),
        );
        faults.extend(fault("DUE_BEFORE_YEAR", "dueOn", message));
    }
    if due_on > before.due_on() {
        let known = before.due_on();
        faults.extend(fault(
            "DUE_DATE_LATER",
            "dueOn",
            Text::new(
                format!("完成时限不能晚于原定的 {known}：延期请督查室办理（extendTask）。"),
                format!("The due date cannot be later than the {known} that was set: the office extends it with `extendTask`."),
            ),
        ));
    }
    let shares = milestones.iter().filter_map(|milestone| Some((milestone.due_on, milestone.planned_share?)));
    match Plan::new(starts_on, due_on).and_then(|plan| plan.through(shares)) {
        Ok(_) => {}
        Err(problem @ PlanProblem::DueBeforeStart) => faults.extend(fault("DUE_BEFORE_START", "dueOn", problem.text())),
        Err(problem) => faults.extend(fault("PLAN_NOT_A_CURVE", "milestones", problem.text())),
    }
    if !milestones.is_sorted_by_key(|milestone| milestone.due_on) {
        let message = Text::new("请按日期排列时间节点。", "Put the milestones in the order of their dates.");
        faults.extend(fault("MILESTONES_OUT_OF_ORDER", "milestones", message));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let titles = |milestones: &[Milestone]| {
        milestones.iter().map(|milestone| format!("{} {}", milestone.due_on, milestone.title)).collect::<Vec<_>>()
    };
    let changes = Changes::default().with("startsOn", before.starts_on(), starts_on).with("dueOn", before.due_on(), due_on).with(
        "milestones",
        titles(&dossier.milestones),
        titles(&milestones),
    );
    let standing = TaskStanding { starts_on: new.starts_on, due_on: new.due_on, ..dossier.standing.clone() };
    Ok(Outcome { write: Write::Milestones(milestones), ..Outcome::new(standing, changes) })
}

/// How many years the dates of a task may be from the year of its notice: what is further is a slip, which nobody could take back once
/// a due date can only be brought forward.
const NEAR: u32 = 10;

/// The fault of a date that is too far from a year.
pub(in crate::service) fn too_far(field: Vec<String>, date: NaiveDate, year: i32) -> Option<Fault> {
    (date.year().abs_diff(year) > NEAR).then(|| {
        let message = Text::new(
            format!("日期距 {year} 年超过 {NEAR} 年：请核对年份。"),
            format!("The date is more than {NEAR} years from {year}: look at the year."),
        );
        Fault::at("DATE_TOO_FAR", field, message)
    })
}

/// The shares of a target, checked against its units and against the total that was promised.
pub(in crate::service) fn allocated(
    dossier: &Dossier,
    target: TargetId,
    new: &[NewAllocation],
    today: NaiveDate,
) -> Result<Outcome, Vec<Fault>> {
    let Some(goal) = dossier.goals.iter().find(|goal| goal.target().id == target) else {
        return Err(fault("TARGET_OF_ANOTHER_TASK", "targetId", unknown("目标任务", "target")));
    };
    let mut faults = Vec::new();
    let mut shares: Vec<(UnitId, Decimal)> = Vec::new();
    if new.len() > PARTS {
        let message = Text::new(format!("至多分解给 {PARTS} 个单位。"), format!("A target has at most {PARTS} shares."));
        return Err(fault("TOO_MANY", "allocations", message));
    }
    for (place, share) in new.iter().enumerate() {
        let at = |part: &str| vec!["input".into(), "allocations".into(), place.to_string(), part.to_owned()];
        if dossier.part_of(share.unit_id).is_none() {
            let message = Text::new("该单位不承担此任务：请先调整分工。", "The unit has no part in this task: see its assignments.");
            faults.push(Fault::at("NOT_ASSIGNED", at("unitId"), message));
        }
        if shares.iter().any(|(unit, _)| *unit == share.unit_id) {
            faults.push(Fault::at("UNIT_REPEATED", at("unitId"), Text::new("同一单位出现了两次。", "The unit occurs twice: keep one.")));
        }
        match share.value.read() {
            Err(message) => faults.push(Fault::at("FIGURE_NOT_A_NUMBER", at("value"), message)),
            Ok(value) if value < Decimal::ZERO => {
                faults.push(Fault::at("FIGURE_NEGATIVE", at("value"), Text::new("分解指标不能为负。", "A share is not negative.")));
            }
            Ok(value) => match entity::Quantity::try_from(value) {
                Ok(_) => shares.push((share.unit_id, value)),
                Err(entity::QuantityError::TooPrecise) => {
                    let message = Text::new("数值最多保留四位小数，请四舍五入。", "A figure has at most four decimals: round it.");
                    faults.push(Fault::at("FIGURE_TOO_PRECISE", at("value"), message));
                }
                Err(entity::QuantityError::TooLarge) => {
                    let message = Text::new("数值过大，请检查计量单位。", "The figure is too large: check its unit.");
                    faults.push(Fault::at("FIGURE_TOO_LARGE", at("value"), message));
                }
            },
        }
    }
    // A rate is not split: each unit has its own, and there is no sum to check.
    if faults.is_empty() && !shares.is_empty() && goal.aggregation() == Aggregation::Sum {
        let tolerance = dossier.rule_set(today).about_tolerance();
        faults.extend(against_total(goal.target(), tolerance, shares.iter().map(|(_, value)| *value)));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let before: Vec<&allocation::Allocation> = dossier.allocations.iter().filter(|share| share.target_id == target).collect();
    let told = |unit: UnitId, value: Decimal| format!("{} {}", unit.0, value.normalize());
    let changes = Changes::default().with(
        "allocations",
        before.iter().map(|share| told(share.unit_id, share.value)).collect::<Vec<_>>(),
        shares.iter().map(|(unit, value)| told(*unit, *value)).collect::<Vec<_>>(),
    );
    Ok(Outcome { write: Write::Allocations(target, shares), ..Outcome::new(dossier.standing.clone(), changes) })
}

fn against_total(target: &Target, tolerance: Tolerance, values: impl Iterator<Item = Decimal>) -> Option<Fault> {
    let sum = values.fold(Decimal::ZERO, Decimal::saturating_add);
    let (value, shown) = (target.value, sum.normalize());
    let (value, unit) = (value.normalize(), &target.unit);
    (!breakdown::makes(target, sum, tolerance)).then(|| {
        Fault::at(
            "ALLOCATION_TOTAL",
            vec!["input".into(), "allocations".into()],
            Text::new(
                format!("分解指标合计 {shown}{unit}，与目标 {value}{unit} 不符：请调整后再提交。"),
                format!("The shares add up to {shown} {unit}, which does not make the target of {value}: adjust them."),
            ),
        )
    })
}
