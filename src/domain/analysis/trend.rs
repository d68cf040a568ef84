//! 趋势: how the figure of an indicator grew within a year.

use chrono::{Datelike as _, NaiveDate};
use entity::Cadence;
use rust_decimal::Decimal;

use super::comparison::{Combined, combined, counted};
use crate::domain::{
    catalogue::indicator::Indicator,
    progress::{
        completion::TooLarge,
        dossier::{Dossier, Reckoning, instant},
        period::Period,
    },
    share::Share,
};

/// How far a figure was at the end of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The period.
    pub period: Period,
    /// The date of the point: its last day, or the requested day if that lies in the period.
    pub on: NaiveDate,
    /// How many targets there are.
    pub targets: u64,
    /// How many of them were reported by then.
    pub reported: u64,
    /// How much was achieved by what was accepted by then.
    pub achieved: Option<Decimal>,
    /// Achieved ÷ what those promise that were reported; `None` while none was, and of what has no completion.
    pub completion: Option<Share>,
}

/// The figure at the end of every period of a notice's year, until a date. It is the figure that a reader saw on that day; later
/// corrections do not change it. Nothing for a year that has not begun.
///
/// # Errors
/// A sum of figures is larger than any decimal.
pub fn points(
    indicator: &Indicator,
    dossiers: &[&Dossier],
    year: i32,
    cadence: Cadence,
    until: NaiveDate,
    reckoning: &Reckoning,
) -> Result<Vec<Point>, TooLarge> {
    let Some(first) = NaiveDate::from_ymd_opt(year, 1, 1) else { return Ok(Vec::new()) };
    let last = first.with_month(12).and_then(|day| day.with_day(31)).unwrap_or(first).min(until);
    // A week belongs to the year in which it begins, as the duty calendar has it.
    Period::between(cadence, first, last)
        .filter(|period| period.starts_on() >= first)
        .map(|period| point(indicator, dossiers, period, until, reckoning))
        .collect()
}

fn point(indicator: &Indicator, dossiers: &[&Dossier], period: Period, until: NaiveDate, reckoning: &Reckoning) -> Result<Point, TooLarge> {
    let on = period.ends_on().min(until);
    let at = instant(on, reckoning);
    let completions = dossiers.iter().map(|dossier| dossier.completion(on, at)).collect::<Result<Vec<_>, _>>()?;
    let targets: Vec<_> =
        dossiers.iter().zip(&completions).flat_map(|(dossier, completion)| counted(indicator.id, dossier, completion)).collect();
    let figures = combined(indicator, &targets)?;
    let Combined { targets, reported, achieved, completion, .. } = figures;
    Ok(Point { period, on, targets, reported, achieved, completion })
}
