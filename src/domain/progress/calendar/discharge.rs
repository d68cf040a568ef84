//! 一报多用: the duties that one report, dispatch or meeting settles.

use chrono::NaiveDate;
use entity::DutyKind;

use super::Occurrence;
use crate::domain::progress::period::Period;

/// Something that can discharge a duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Post {
    /// 进展填报: a report for a period.
    Report(Period),
    /// 调度: a dispatch held on a day.
    Dispatch(NaiveDate),
    /// 专题会议、专题调研: a meeting or field study held on a day.
    Meeting(NaiveDate),
}

/// How much of a period a post accounts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The whole of it.
    Whole,
    /// Its end: the report is for a shorter period that has its last day.
    End,
}

/// A duty that a post discharges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discharge<'a> {
    /// The duty and its period.
    pub occurrence: &'a Occurrence,
    /// How.
    pub extent: Extent,
}

/// The occurrences that a post discharges, out of those that its task and unit owe, in their order.
///
/// A report discharges both 报送进展 and 台账更新, because they ask the same units for the same figures. The notice of Taibai Lake of 2024 asks
/// for the ledger every week and for a report every month.
///
/// - It discharges a duty whose period it covers from end to end: a month's report its three 旬 and the weeks that lie in it. That
///   is later than those were due, so it makes them late and not on time.
/// - It discharges a duty for a longer period if its own period has the last day of that one. The report of 2024-W18 (29 April to 5 May)
///   closes 2024-04 and 2024-04-T3. Figures are cumulative since the start of the year, so it has the figures of the month's report, and
///   nobody types them again. An earlier week of April does not discharge it: a month's report is about the end of the month.
/// - It does not discharge a week that lies in two months for a month's report: the month is the longer of the two.
///
/// A dispatch discharges 调度, a meeting or field study 专题会议或专题调研, for the period in which it was held. One does not
/// stand for the other: the notice of Taibai Lake asks the same leaders for both.
#[must_use]
pub fn discharged(post: Post, occurrences: &[Occurrence]) -> Vec<Discharge<'_>> {
    let discharge = |occurrence| extent(post, occurrence).map(|extent| Discharge { occurrence, extent });
    occurrences.iter().filter_map(discharge).collect()
}

fn extent(post: Post, owed: &Occurrence) -> Option<Extent> {
    match (post, owed.kind) {
        (Post::Report(period), DutyKind::ProgressReport | DutyKind::LedgerUpdate) => {
            if period.covers(owed.period) {
                Some(Extent::Whole)
            } else {
                (period.length() < owed.period.length() && period.contains(owed.period.ends_on())).then_some(Extent::End)
            }
        }
        (Post::Dispatch(day), DutyKind::Dispatch) | (Post::Meeting(day), DutyKind::Meeting) => {
            owed.period.contains(day).then_some(Extent::Whole)
        }
        _ => None,
    }
}
