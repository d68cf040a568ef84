//! Shared values of the tests: the five notices' duties, the published holidays, any day of any year.

mod compliance;
mod discharge;
mod due;
mod holidays;
mod owed;

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::Cadence::{self, Monthly, Quarterly, TenDay, Weekly};
use entity::{DutyKind, NoticeId, Obligor, ReportingDutyId};
use proptest::prelude::*;

use super::{DueRule, Occurrence, Span, occurrences};
use crate::domain::{notices::notice::ReportingDuty, progress::period::Period};

const CADENCES: [Cadence; 4] = [Weekly, TenDay, Monthly, Quarterly];

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

fn period(key: &str) -> Period {
    key.parse().expect("a period")
}

fn duty(kind: DutyKind, cadence: Cadence, obligor: Obligor) -> ReportingDuty {
    ReportingDuty {
        id: ReportingDutyId::generate(),
        notice_id: NoticeId::generate(),
        kind,
        cadence,
        obligor,
        description: String::new(),
        description_english: String::new(),
        grace_days: None,
        origin: entity::DutyOrigin::Notice,
        retired: false,
    }
}

fn report(cadence: Cadence) -> ReportingDuty {
    duty(DutyKind::ProgressReport, cadence, Obligor::LeadUnits)
}

/// The duties of Taibai Lake's notice of 2024, issued on Tuesday, 2 April 2024.
fn taibai_lake() -> Vec<Occurrence> {
    let span = Span::new(2024, Some(date("2024-04-02")), None).expect("a span");
    [
        duty(DutyKind::LedgerUpdate, Weekly, Obligor::LeadUnits),
        duty(DutyKind::Dispatch, Weekly, Obligor::Leaders),
        duty(DutyKind::ProgressReport, Monthly, Obligor::LeadUnits),
        duty(DutyKind::Meeting, Quarterly, Obligor::Leaders),
    ]
    .iter()
    .flat_map(|duty| occurrences(duty, &span, &DueRule::default()))
    .collect()
}

fn any_cadence() -> impl Strategy<Value = Cadence> {
    prop::sample::select(CADENCES.to_vec())
}

/// Any day of the years 1949 to 2200.
fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0_u64..92_041).prop_map(|days| date("1949-01-01").checked_add_days(Days::new(days)).expect("a date"))
}
