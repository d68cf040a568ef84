//! Examples of every light, and properties of all of them.

mod examples;
mod properties;
mod rules;

use chrono::NaiveDate;
use entity::{Comparator, ProgressReportId, TargetId, TargetKind, TaskId, UnitId};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::*;
use crate::domain::{
    notices::target::Target,
    progress::completion::{AcceptedReport, Goal, RollUp, Weight, Work, complete},
    share::Share,
};

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn number(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

fn target_id(id: u128) -> TargetId {
    TargetId(Uuid::from_u128(id))
}

fn goal(id: u128, label: &str, value: Decimal, comparator: Comparator) -> Goal {
    goal_of(id, label, value, comparator, TargetKind::Increment)
}

fn goal_of(id: u128, label: &str, value: Decimal, comparator: Comparator, kind: TargetKind) -> Goal {
    let target = Target {
        id: target_id(id),
        task_id: TaskId(Uuid::nil()),
        label: label.into(),
        value,
        baseline: None,
        unit: "个".into(),
        comparator,
        kind,
        part_of_id: None,
        indicator_id: None,
    };
    Goal::new(target, None, Weight::default())
}

/// The completion of targets by one report.
fn completion(goals: &[Goal], figures: &[Decimal]) -> TaskCompletion {
    let report = AcceptedReport {
        id: ProgressReportId(Uuid::nil()),
        unit_id: UnitId(Uuid::nil()),
        ends_on: date("2023-06-30"),
        figures: goals.iter().map(|goal| goal.target().id).zip(figures.iter().copied()).collect(),
    };
    let leads = [UnitId(Uuid::nil())];
    let work = Work {
        goals,
        leads: &leads,
        allocations: &[],
        milestones: &[],
        stated_percent: None,
        is_reported: true,
        is_due: false,
        tolerance: Tolerance::default(),
    };
    complete(&work, &RollUp::of([report])).expect("a completion")
}

/// The completion of a task whose lead states it.
fn stated(percent: Option<Decimal>) -> TaskCompletion {
    let work = Work {
        goals: &[],
        leads: &[],
        allocations: &[],
        milestones: &[],
        stated_percent: percent,
        is_reported: true,
        is_due: false,
        tolerance: Tolerance::default(),
    };
    complete(&work, &RollUp::default()).expect("a completion")
}

fn year() -> Plan {
    Plan::new(date("2023-01-01"), date("2023-12-31")).expect("a plan")
}

fn facts<'a>(completion: &'a TaskCompletion, plan: &'a Plan) -> Facts<'a> {
    Facts { standing: Standing::Open, completion, plan, missing_in_a_row: 0, due: 0 }
}
