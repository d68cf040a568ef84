//! Figures that are accepted of the tasks of the five notices, by chance.

use std::collections::BTreeMap;

use entity::{
    AcceptanceId, AssignmentRole, Disclosure, NoticeId, NoticeState, ProgressReportId, Quantity, ReportState, TargetId, TaskId, Timestamp,
    UnitId, acceptance, acceptance_figure, notice, progress_report,
};
use minsheng::domain::progress::period::Period;
use rust_decimal::Decimal;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::support::{app::App, chance::Dice, rows};

/// A figure that was accepted, and until when it counted.
#[derive(Clone, Copy)]
pub struct Figure {
    pub target_id: TargetId,
    pub unit_id: UnitId,
    /// By which of two figures of a unit the later one is known.
    pub place: (chrono::NaiveDate, ProgressReportId),
    pub value: Decimal,
    pub ended: bool,
}

/// Gives some notices another disclosure or state, and accepts figures of most tasks: of leads and supporting units, some of them reopened.
pub async fn scatter(app: &App, dice: &mut Dice) -> Vec<Figure> {
    let mut notices = rows!(app, notice);
    notices.sort_by_key(|notice| (notice.year, notice.title.clone()));
    let hidden = notices[dice.below(notices.len())].id;
    set(app, hidden, notice::ActiveModel { disclosure: Set(Some(Disclosure::OnRequest)), ..Default::default() }).await;
    let withdrawn = notices.iter().map(|notice| notice.id).filter(|id| *id != hidden).nth(dice.below(4)).expect("another");
    set(app, withdrawn, notice::ActiveModel { state: Set(NoticeState::Withdrawn), ..Default::default() }).await;

    let mut targets_of: BTreeMap<TaskId, Vec<entity::target::Model>> = BTreeMap::new();
    let mut targets = rows!(app, target);
    targets.sort_by_key(|target| target.position);
    for target in targets {
        targets_of.entry(target.task_id).or_default().push(target);
    }
    let mut tasks = rows!(app, task);
    tasks.sort_by_key(|task| (task.title.clone(), task.number));
    let mut assignments = rows!(app, assignment);
    assignments.sort_by_key(|row| row.position);
    let members = rows!(app, unit_member);
    let mut figures = Vec::new();
    for task in tasks {
        let Some(targets) = targets_of.get(&task.id) else { continue };
        let of_task = assignments.iter().filter(|row| row.task_id == task.id);
        let mut units: Vec<UnitId> = Vec::new();
        for row in of_task {
            let reached: Vec<UnitId> = members.iter().filter(|link| link.collective_id == row.unit_id).map(|link| link.member_id).collect();
            // A lead is always among those that may report, so that rates have a figure now and then.
            let reached = if reached.is_empty() { vec![row.unit_id] } else { reached };
            units.extend(reached.into_iter().filter(|_| row.role == AssignmentRole::Lead || dice.below(2) == 0));
        }
        units.sort();
        units.dedup();
        for unit_id in units {
            for month in [3, 6, 9] {
                if dice.below(3) == 0 {
                    continue;
                }
                let period: Period = format!("2024-{month:02}").parse().expect("a period");
                let ended = dice.below(6) == 0;
                figures.extend(accept(app, dice, (task.id, unit_id), period, targets, ended).await);
            }
        }
    }
    figures
}

async fn set(app: &App, id: NoticeId, change: notice::ActiveModel) {
    notice::Entity::update_many().set(change).filter(notice::Column::Id.eq(id)).exec(&app.raw).await.expect("it is changed");
}

async fn accept(
    app: &App,
    dice: &mut Dice,
    (task_id, unit_id): (TaskId, UnitId),
    period: Period,
    targets: &[entity::target::Model],
    ended: bool,
) -> Vec<Figure> {
    let now: Timestamp = app.now().into();
    let report_id = ProgressReportId::generate();
    let row = progress_report::ActiveModel {
        id: Set(report_id),
        task_id: Set(task_id),
        unit_id: Set(unit_id),
        period: Set(period.key()),
        starts_on: Set(period.starts_on()),
        ends_on: Set(period.ends_on()),
        state: Set(if ended { ReportState::Submitted } else { ReportState::Accepted }),
        version: Set(1),
        narrative: Set("进展".into()),
        stated_percent: Set(None),
        warnings: Set("[]".into()),
        demonstration: Set(false),
        created_at: Set(now),
        changed_at: Set(now),
        first_submitted_at: Set(Some(now)),
        submitted_at: Set(Some(now)),
        author_id: Set(None),
        author_username: Set(Some("somebody".into())),
    };
    progress_report::Entity::insert(row).exec_without_returning(&app.raw).await.expect("a report");
    let acceptance_id = AcceptanceId::generate();
    let row = acceptance::ActiveModel {
        id: Set(acceptance_id),
        report_id: Set(report_id),
        task_id: Set(task_id),
        unit_id: Set(unit_id),
        ends_on: Set(period.ends_on()),
        stated_percent: Set(None),
        demonstration: Set(false),
        accepted_at: Set(now),
        ended_at: Set(ended.then_some(now)),
    };
    acceptance::Entity::insert(row).exec_without_returning(&app.raw).await.expect("an acceptance");
    let mut figures = Vec::new();
    for target in targets {
        if dice.below(4) == 0 {
            continue;
        }
        // Up to half as much again as was promised, in halves.
        let promised = Decimal::from(target.value);
        let value = (promised * Decimal::from(dice.below(31)) / Decimal::from(20)).round_dp(1);
        let value = Quantity::try_from(value).expect("a quantity");
        let row = acceptance_figure::ActiveModel { acceptance_id: Set(acceptance_id), target_id: Set(target.id), value: Set(value) };
        acceptance_figure::Entity::insert(row).exec_without_returning(&app.raw).await.expect("a figure");
        figures.push(Figure { target_id: target.id, unit_id, place: (period.ends_on(), report_id), value: value.into(), ended });
    }
    figures
}
