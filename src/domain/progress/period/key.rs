//! The written form of a period: one spelling each, and the fault of any other.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike as _, NaiveDate, Weekday};
use entity::Cadence;

use super::Period;
use crate::domain::language::Text;

/// How much of a wrong key an error repeats: a key has ten characters at most.
const QUOTED: usize = 20;

/// Why a text is not the key of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeriodError {
    /// It has another form than any key.
    Form {
        /// The given text, cut short.
        given: String,
        /// The key that was probably meant.
        meant: Option<String>,
    },
    /// The ISO year has no week of this number.
    Week {
        /// The ISO year.
        year: i32,
        /// The number of its last week: 52 or 53.
        last: u32,
    },
    /// There is no month of this number.
    Month,
    /// There is no 旬 of this number.
    TenDay,
    /// There is no quarter of this number.
    Quarter,
}

impl PeriodError {
    /// The fault, and the right form.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Form { given, meant: Some(meant) } => Text::new(
                format!("“{given}”不是期的写法：请写 {meant}。"),
                format!("“{given}” is not how a period is written: write {meant}."),
            ),
            Self::Form { given, meant: None } => Text::new(
                format!("“{given}”不是期的写法：周写作 2024-W15，旬写作 2024-04-T2，月写作 2024-04，季度写作 2024-Q2。"),
                format!(
                    "“{given}” is not how a period is written: a week is 2024-W15, a ten-day period 2024-04-T2, a month 2024-04, a quarter 2024-Q2."
                ),
            ),
            Self::Week { year, last } => Text::new(
                format!("{year:04} 年没有这一周：周从 {year:04}-W01 到 {year:04}-W{last:02}（ISO 8601）。"),
                format!("{year:04} has no such week: its weeks are {year:04}-W01 to {year:04}-W{last:02} (ISO 8601)."),
            ),
            Self::Month => {
                Text::new("没有这个月：月从 01 到 12，例如 2024-04。", "There is no such month: months are 01 to 12, as in 2024-04.")
            }
            Self::TenDay => Text::new(
                "没有这一旬：T1 为 1 至 10 日，T2 为 11 至 20 日，T3 为 21 日至月末，例如 2024-04-T2。",
                "There is no such ten-day period: T1 is days 1 to 10, T2 days 11 to 20, T3 day 21 to the month's end, as in 2024-04-T2.",
            ),
            Self::Quarter => Text::new(
                "没有这个季度：季度从 Q1 到 Q4，例如 2024-Q2。",
                "There is no such quarter: quarters are Q1 to Q4, as in 2024-Q2.",
            ),
        }
    }
}

impl fmt::Display for PeriodError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(formatter)
    }
}

impl std::error::Error for PeriodError {}

/// The key of the period.
impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.starts_on();
        let (year, month) = (first.year(), first.month());
        match self.cadence() {
            // The year of a week is the one that has its Thursday (ISO 8601): 2024-12-30 is in 2025-W01.
            Cadence::Weekly => write!(formatter, "{:04}-W{:02}", first.iso_week().year(), first.iso_week().week()),
            Cadence::TenDay => {
                let third = match first.day() {
                    1..=10 => 1,
                    11..=20 => 2,
                    _ => 3,
                };
                write!(formatter, "{year:04}-{month:02}-T{third}")
            }
            Cadence::Monthly => write!(formatter, "{year:04}-{month:02}"),
            Cadence::Quarterly => write!(formatter, "{year:04}-Q{}", first.quarter()),
        }
    }
}

/// Reads the key of a period, in its one spelling: two keys of one period would be two reports.
impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(key: &str) -> Result<Self, PeriodError> {
        read(key).ok_or_else(|| PeriodError::Form { given: key.chars().take(QUOTED).collect(), meant: meant(key) })?
    }
}

/// The period in a text of the right form; `None` if its form is wrong.
fn read(key: &str) -> Option<Result<Period, PeriodError>> {
    let (year, rest) = key.split_once('-')?;
    let year = i32::try_from(number(year, 4)?).ok()?;
    if let Some(week) = rest.strip_prefix('W') {
        return Some(of_week(year, number(week, 2)?));
    }
    if let Some(quarter) = rest.strip_prefix('Q') {
        return Some(of_quarter(year, number(quarter, 1)?));
    }
    match rest.split_once('-') {
        None => Some(of_month(year, number(rest, 2)?)),
        Some((month, third)) => Some(of_third(year, number(month, 2)?, number(third.strip_prefix('T')?, 1)?)),
    }
}

/// A number of exactly so many digits.
fn number(text: &str, digits: usize) -> Option<u32> {
    // `parse` alone would take a sign.
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn of_week(year: i32, week: u32) -> Result<Period, PeriodError> {
    let monday = NaiveDate::from_isoywd_opt(year, week, Weekday::Mon);
    monday.map(|day| Period::containing(Cadence::Weekly, day)).ok_or_else(|| {
        // 28 December is in the last week of its year, whatever the weekday (ISO 8601).
        let last = NaiveDate::from_ymd_opt(year, 12, 28).map_or(52, |day| day.iso_week().week());
        PeriodError::Week { year, last }
    })
}

fn of_third(year: i32, month: u32, third: u32) -> Result<Period, PeriodError> {
    let month = of_month(year, month)?.starts_on();
    let day = match third {
        1 => month.with_day(1),
        2 => month.with_day(11),
        3 => month.with_day(21),
        _ => None,
    };
    day.map(|day| Period::containing(Cadence::TenDay, day)).ok_or(PeriodError::TenDay)
}

fn of_month(year: i32, month: u32) -> Result<Period, PeriodError> {
    let first = NaiveDate::from_ymd_opt(year, month, 1);
    first.map(|day| Period::containing(Cadence::Monthly, day)).ok_or(PeriodError::Month)
}

fn of_quarter(year: i32, quarter: u32) -> Result<Period, PeriodError> {
    let month = match quarter {
        1 => 1,
        2 => 4,
        3 => 7,
        4 => 10,
        _ => return Err(PeriodError::Quarter),
    };
    of_month(year, month).map(|month| Period::containing(Cadence::Quarterly, month.starts_on()))
}

/// The key that the writer probably meant, if it is in lower case, in full-width characters, without its zeros or in words.
fn meant(given: &str) -> Option<String> {
    let plain: String = given.chars().take(QUOTED).filter(|character| !character.is_whitespace()).map(half_width).collect();
    let mut key = plain.to_ascii_uppercase();
    for (word, sign) in [("年", "-"), ("月份", "月"), ("月上旬", "-T1"), ("月中旬", "-T2"), ("月下旬", "-T3"), ("月", ""), ("第", "")]
    {
        key = key.replace(word, sign);
    }
    let (year, rest) = key.split_once('-').or_else(|| key.split_at_checked(4))?;
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    let rest = if let Some(week) = rest.strip_suffix('周').or_else(|| rest.strip_prefix('W')) {
        format!("W{week:0>2}")
    } else if let Some(quarter) = rest.strip_suffix("季度").or_else(|| rest.strip_prefix('Q')) {
        format!("Q{quarter}")
    } else {
        match rest.split_once('-') {
            Some((month, third)) => format!("{month:0>2}-{third}"),
            None => format!("{rest:0>2}"),
        }
    };
    read(&format!("{year}-{rest}"))?.ok().map(Period::key)
}

/// `Ｗ１５－` as `W15-`: a Chinese input method leaves such characters.
fn half_width(character: char) -> char {
    match character {
        // The full-width forms lie as far apart as the ASCII characters that they stand for.
        '！'..='～' => u32::from(character).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(character),
        '–' | '—' | '−' => '-',
        other => other,
    }
}
