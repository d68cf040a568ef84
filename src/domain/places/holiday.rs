//! 节假日与调休: which days are working days.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{Datelike as _, NaiveDate, TimeDelta, Weekday};

use crate::domain::language::Text;

/// The longest holiday that is believed: the longest of the State Council so far has nine days (Spring Festival 2026).
const LONGEST_HOLIDAY: TimeDelta = TimeDelta::days(15);

/// More days than can be off in a row: two of the longest holidays, and the weekends about them.
const LONGEST_REST: usize = 40;

/// From this day of December on, the notice about the next year decides about a day. The days off of New Year, and the days worked for
/// them, may begin this early: the notice about 2023 gives 31 December 2022 off.
const NEXT_YEARS_DAY: u32 = 25;

/// A holiday of a year: the days off that the State Council's notice names. A weekend that only adjoins them (与周末连休) is off as
/// any weekend is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// 元旦, 春节, …
    pub name: String,
    /// Its English name.
    pub name_english: String,
    /// The first day off.
    pub from: NaiveDate,
    /// The last day off.
    pub to: NaiveDate,
}

/// The State Council's notice about the holidays of a year (国务院办公厅关于某年部分节假日安排的通知).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolidayYear {
    /// The year that it is about.
    pub year: i32,
    /// 发文字号: 国办发明电〔2023〕7号.
    pub document_number: String,
    /// The holidays, in order.
    pub holidays: Vec<Holiday>,
    /// 调休上班: the days of weekends that are worked instead.
    pub workdays: Vec<NaiveDate>,
}

/// The holidays of the years that are known.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Holidays {
    years: BTreeSet<i32>,
    rest: BTreeSet<NaiveDate>,
    work: BTreeSet<NaiveDate>,
}

/// A working day that was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkingDay {
    /// The day.
    pub date: NaiveDate,
    /// Whether the holidays of every day that was looked at are published. If not, the days without are taken to be worked from
    /// Monday to Friday, and the answer may change with the next notice.
    pub published: bool,
}

/// A fault in the holidays of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HolidayFault {
    /// Two notices about one year.
    Repeated(i32),
    /// A holiday that ends before it begins, or lasts longer than any.
    Length(Holiday),
    /// A day that a notice about this year cannot speak of.
    OutsideYear(i32, NaiveDate),
    /// A day that is off and worked.
    RestAndWork(NaiveDate),
    /// A day worked instead that would be worked anyhow.
    WorkedAnyhow(NaiveDate),
}

impl Holidays {
    /// The holidays of these years.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn new(years: impl IntoIterator<Item = HolidayYear>) -> Result<Self, Vec<HolidayFault>> {
        let mut holidays = Self::default();
        let mut faults = Vec::new();
        for year in years {
            holidays.add(&year, &mut faults);
        }
        faults.extend(holidays.rest.intersection(&holidays.work).map(|day| HolidayFault::RestAndWork(*day)));
        if faults.is_empty() { Ok(holidays) } else { Err(faults) }
    }

    /// The holidays of years that were checked when they were stored: the years, their days off, and the days worked instead. They
    /// are taken as they stand, and a day that is both counts as worked.
    #[must_use]
    pub fn from_stored(
        years: impl IntoIterator<Item = i32>,
        rest: impl IntoIterator<Item = NaiveDate>,
        work: impl IntoIterator<Item = NaiveDate>,
    ) -> Self {
        Self { years: years.into_iter().collect(), rest: rest.into_iter().collect(), work: work.into_iter().collect() }
    }

    fn add(&mut self, of: &HolidayYear, faults: &mut Vec<HolidayFault>) {
        if !self.years.insert(of.year) {
            faults.push(HolidayFault::Repeated(of.year));
        }
        for holiday in &of.holidays {
            if !holiday.has_believable_length() {
                faults.push(HolidayFault::Length(holiday.clone()));
                continue;
            }
            self.rest.extend(holiday.days());
            let edges = BTreeSet::from([holiday.from, holiday.to]);
            faults.extend(edges.into_iter().filter(|day| !of.speaks_of(*day)).map(|day| HolidayFault::OutsideYear(of.year, day)));
        }
        for day in &of.workdays {
            self.work.insert(*day);
            if !of.speaks_of(*day) {
                faults.push(HolidayFault::OutsideYear(of.year, *day));
            }
            if !is_weekend(*day) {
                faults.push(HolidayFault::WorkedAnyhow(*day));
            }
        }
    }

    /// Whether a day is worked: as published, else from Monday to Friday.
    #[must_use]
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.work.contains(&date) || (!self.rest.contains(&date) && !is_weekend(date))
    }

    /// Whether the notice that decides on this day is known. Where it is not, [`Self::is_working_day`] goes by the weekday alone.
    #[must_use]
    pub fn is_published(&self, date: NaiveDate) -> bool {
        let decided_next_year = date.month() == 12 && date.day() >= NEXT_YEARS_DAY;
        self.years.contains(&date.year()) && (!decided_next_year || self.years.contains(&date.year().saturating_add(1)))
    }

    /// This day if it is worked, else the next one that is.
    #[must_use]
    pub fn next_working_day(&self, date: NaiveDate) -> WorkingDay {
        let mut published = true;
        for day in date.iter_days().take(LONGEST_REST) {
            published = published && self.is_published(day);
            if self.is_working_day(day) {
                return WorkingDay { date: day, published };
            }
        }
        // Forty days of holidays end to end are rejected: a duty must fall due on some day.
        WorkingDay { date, published: false }
    }
}

impl Holiday {
    /// Its days. None where it ends before it begins or lasts longer than any, so that a slip of the pen is not a thousand years off.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let (last, believable) = (self.to, self.has_believable_length());
        self.from.iter_days().take_while(move |day| believable && *day <= last)
    }

    fn has_believable_length(&self) -> bool {
        (TimeDelta::zero()..LONGEST_HOLIDAY).contains(&self.to.signed_duration_since(self.from))
    }
}

impl HolidayYear {
    fn speaks_of(&self, date: NaiveDate) -> bool {
        date.year() == self.year || (Some(date.year()) == self.year.checked_sub(1) && date.month() == 12 && date.day() >= NEXT_YEARS_DAY)
    }
}

impl HolidayFault {
    /// The fault and the remedy.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Repeated(year) => Text::new(
                format!("{year} 年的节假日安排有两份：只保留一份。"),
                format!("The holidays of {year} are given twice: keep one of them."),
            ),
            Self::Length(Holiday { name, name_english, from, to }) => Text::new(
                format!("“{name}”从 {from} 到 {to}：假期应为 1 至 15 天，请对照通知原文。"),
                format!("“{name_english}” is from {from} to {to}: a holiday has 1 to 15 days; compare it with the notice."),
            ),
            Self::OutsideYear(year, day) => Text::new(
                format!("{day} 不在 {year} 年：只可写当年的日期，以及上年 12 月 {NEXT_YEARS_DAY} 日以后的日期。"),
                format!(
                    "{day} is not in {year}: only days of that year, and of the year before from {NEXT_YEARS_DAY} December, can be given."
                ),
            ),
            Self::RestAndWork(day) => Text::new(
                format!("{day} 既放假又上班：请对照通知原文，删去其一。"),
                format!("{day} is both off and worked: compare it with the notice and delete one."),
            ),
            Self::WorkedAnyhow(day) => Text::new(
                format!("{day} 是星期一至星期五，不是调休上班的日子：请对照通知原文。"),
                format!("{day} is from Monday to Friday and worked anyhow: compare it with the notice."),
            ),
        }
    }
}

impl fmt::Display for HolidayFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(formatter)
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}
