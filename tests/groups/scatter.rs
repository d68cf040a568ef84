//! Reports, acceptances and standings of generated worlds, so that there is something to reckon.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, NaiveDate, NaiveTime};
use entity::{
    AcceptanceId, Cadence, ProgressReportId, Quantity, ReportState, Timestamp, acceptance, acceptance_figure, progress_report,
    task_standing,
};
use minsheng::{
    access::viewer::Viewer,
    domain::progress::{dossier::Dossier, period::Period},
    store::Visible,
};
use rust_decimal::Decimal;
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use crate::support::{app::App, chance::Dice, rows};

/// How many reports.
const REPORTS: usize = 240;

/// Scatters reports over the tasks, by units with a part in them, accepts some, and closes, suspends and claims some tasks.
pub async fn scatter(app: &App, dice: &mut Dice) {
    let ids: Vec<_> = rows!(app, task).iter().map(|task| task.id).collect();
    let found = Visible::new(app.database.clone(), Viewer::Operator).dossiers(&ids).await.expect("dossiers");
    let mut dossiers: Vec<Dossier> = found.into_values().collect();
    // Ids differ from run to run, and with them the order of rows.
    dossiers.sort_by(|one, other| {
        (&one.notice.title, one.notice.year, one.task.number).cmp(&(&other.notice.title, other.notice.year, other.task.number))
    });
    for dossier in &dossiers {
        stand(app, dice, dossier).await;
    }
    let asked: Vec<&Dossier> = dossiers.iter().filter(|dossier| !dossier.reporting.duties.is_empty()).collect();
    let mut taken = BTreeSet::new();
    for _ in 0..REPORTS {
        let dossier: &Dossier = if dice.below(4) == 0 { dice.pick(&dossiers) } else { asked[dice.below(asked.len())] };
        let leads = dossier.leads();
        let unit = if dice.below(3) == 0 { dice.pick(&dossier.parties).unit_id } else { *dice.pick(&leads) };
        let cadence = *dice.pick(&[Cadence::Weekly, Cadence::Monthly, Cadence::Monthly, Cadence::TenDay]);
        let day = u32::try_from(1 + dice.below(360)).expect("a day");
        let period = Period::containing(cadence, NaiveDate::from_yo_opt(dossier.notice.year, day).expect("a day"));
        if taken.insert((dossier.task.id, unit, period)) && period.ends_on().year() == dossier.notice.year {
            let state = *dice.pick(&[
                ReportState::Draft,
                ReportState::Submitted,
                ReportState::Returned,
                ReportState::Accepted,
                ReportState::Accepted,
            ]);
            report(app, dice, dossier, unit, period, state).await;
        }
    }
}

async fn stand(app: &App, dice: &mut Dice, dossier: &Dossier) {
    let day = |month: u32| NaiveDate::from_ymd_opt(dossier.notice.year, month, 15);
    let mut row = task_standing::ActiveModel { task_id: Set(dossier.task.id), version: Set(1), revision: Set(1), ..Default::default() };
    match dice.below(6) {
        0 => return,
        1 => {
            row.suspended_on = Set(day(7));
            row.suspension_reason = Set(Some("征地".into()));
        }
        2 => row.claimed_on = Set(day(8)),
        3 => {
            row.claimed_on = Set(day(8));
            row.accepted_on = Set(day(9));
            row.in_force_on = Set(day(9));
        }
        4 => row.due_on = Set(day(6)),
        _ => row.starts_on = Set(day(3)),
    }
    task_standing::Entity::insert(row).exec_without_returning(&app.raw).await.expect("a standing");
}

async fn report(app: &App, dice: &mut Dice, dossier: &Dossier, unit_id: entity::UnitId, period: Period, state: ReportState) {
    let id = ProgressReportId::generate();
    let after = Days::new(u64::try_from(dice.below(12)).expect("some days"));
    let at: Timestamp = period.ends_on().checked_add_days(after).expect("a day").and_time(NaiveTime::MIN).and_utc().into();
    let submitted = (state != ReportState::Draft).then_some(at);
    let row = progress_report::ActiveModel {
        id: Set(id),
        task_id: Set(dossier.task.id),
        unit_id: Set(unit_id),
        period: Set(period.key()),
        starts_on: Set(period.starts_on()),
        ends_on: Set(period.ends_on()),
        state: Set(state),
        version: Set(1),
        narrative: Set("进展".into()),
        stated_percent: Set(None),
        warnings: Set("[]".into()),
        demonstration: Set(false),
        created_at: Set(at),
        changed_at: Set(at),
        first_submitted_at: Set(submitted),
        submitted_at: Set(submitted),
        author_id: Set(None),
        author_username: Set(Some("somebody".into())),
    };
    progress_report::Entity::insert(row).exec_without_returning(&app.raw).await.expect("a report");
    if state != ReportState::Accepted {
        return;
    }
    let acceptance_id = AcceptanceId::generate();
    let row = acceptance::ActiveModel {
        id: Set(acceptance_id),
        report_id: Set(id),
        task_id: Set(dossier.task.id),
        unit_id: Set(unit_id),
        ends_on: Set(period.ends_on()),
        stated_percent: Set(Quantity::try_from(Decimal::from(dice.below(101))).ok()),
        demonstration: Set(false),
        accepted_at: Set(at),
        ended_at: Set(None),
    };
    acceptance::Entity::insert(row).exec_without_returning(&app.raw).await.expect("an acceptance");
    for goal in &dossier.goals {
        // Sometimes more than was promised, and sometimes nothing is said.
        let part = Decimal::from(dice.below(14)) / Decimal::TEN;
        if dice.below(5) > 0 {
            let value = Quantity::try_from((goal.target().value * part).round_dp(2)).expect("a quantity");
            let row =
                acceptance_figure::ActiveModel { acceptance_id: Set(acceptance_id), target_id: Set(goal.target().id), value: Set(value) };
            acceptance_figure::Entity::insert(row).exec_without_returning(&app.raw).await.expect("a figure");
        }
    }
}
