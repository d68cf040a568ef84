//! Public holidays: the days that the State Council's notices give off, and those worked instead.
//!
//! The calendar judges the days, of all years together: a notice may give days of the year before off. Here is known where each day is
//! written.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    document::{HolidayDocument, HolidayYearDocument},
    files::{Files, HolidayFile},
};
use crate::domain::{
    fault::{Claims, Faults, Spot},
    notices::check::{YEARS, reason::differs_from_file_name},
    places::holiday::{Holiday, HolidayFault, HolidayYear, Holidays},
    written::{Reason, Record, Written},
};

/// The years of all files, in order.
pub(super) fn check(files: &Files, faults: &mut Faults) -> Vec<HolidayYear> {
    let mut reading = Reading::default();
    let mut years = Vec::new();
    for year in &files.holidays {
        if let Some(document) = &year.file.content {
            let mut record = Record::new(&year.file.spot, document.at, faults);
            years.extend(reading.year(year, &document.value, &mut record));
        }
    }
    if let Err(found) = Holidays::new(years.iter().cloned()) {
        for fault in found {
            faults.add(reading.places.of(&fault), Reason::new("HOLIDAY", fault.text()));
        }
    }
    years
}

/// The content of the files so far.
#[derive(Default)]
struct Reading {
    document_numbers: Claims<String>,
    rest: Claims<NaiveDate>,
    work: Claims<NaiveDate>,
    places: Places,
}

impl Reading {
    /// The content of a file. A name at fault is no reason to pass over the days: there are faults then, and nothing is loaded.
    fn year(&mut self, file: &HolidayFile, document: &HolidayYearDocument, record: &mut Record<'_>) -> Option<HolidayYear> {
        let year = own_year(file, document.year.as_ref(), record);
        let document_number = record.required("documentNumber", document.document_number.as_ref());
        if let Some(number) = document_number {
            record.claim(&mut self.document_numbers, number.text.clone(), "documentNumber", number.at, &number.text);
        }
        let mut days = Vec::new();
        let mut holidays = Vec::new();
        for (index, entry) in document.holidays.iter().enumerate() {
            let mut record = record.inner("holidays", entry, "节假日", entry.value.name.as_ref(), index);
            holidays.extend(self.holiday(&entry.value, &mut record, &mut days));
        }
        let mut workdays = Vec::new();
        for written in document.workdays.iter() {
            workdays.extend(self.workday(written, record, &mut days));
        }
        let year = year?;
        self.places.days.extend(days.into_iter().map(|(day, spot)| ((year, day), spot)));
        let document_number = document_number.map(|number| number.text.clone()).unwrap_or_default();
        Some(HolidayYear { year, document_number, holidays, workdays })
    }

    fn holiday(&mut self, document: &HolidayDocument, record: &mut Record<'_>, days: &mut Vec<(NaiveDate, Spot)>) -> Option<Holiday> {
        let name = record.text("name", document.name.as_ref()).unwrap_or_default();
        let name_english = record.text("nameEnglish", document.name_english.as_ref()).unwrap_or_default();
        let from = record.date("from", document.from.as_ref());
        let to = record.date("to", document.to.as_ref());
        let holiday = Holiday { name, name_english, from: from?, to: to? };
        let (from_at, to_at) = (document.from.as_ref()?.at, document.to.as_ref()?.at);
        // A day is of one holiday; where two share days, the first of these is enough to say so.
        holiday.days().all(|day| record.claim(&mut self.rest, day, "from", from_at, &day.to_string()));
        // A holiday of one day is found at its beginning.
        days.extend([(holiday.to, record.spot("to", to_at)), (holiday.from, record.spot("from", from_at))]);
        self.places.holidays.push((holiday.clone(), record.spot("to", to_at)));
        Some(holiday)
    }

    fn workday(&mut self, written: &Written, record: &mut Record<'_>, days: &mut Vec<(NaiveDate, Spot)>) -> Option<NaiveDate> {
        let day = record.optional_date("workdays", Some(written))?;
        if !record.claim(&mut self.work, day, "workdays", written.at, &written.text) {
            return None;
        }
        let spot = record.spot("workdays", written.at);
        days.push((day, spot.clone()));
        self.places.workdays.insert(day, spot);
        Some(day)
    }
}

/// The year that a file is of: the one that its name says. In another year no day of it could be judged.
fn own_year(file: &HolidayFile, written: Option<&Written>, record: &mut Record<'_>) -> Option<i32> {
    let year = record.whole_number("year", written, YEARS)?;
    if year.to_string() == file.year {
        return Some(year);
    }
    let written = written?;
    record.fault("year", written.at, differs_from_file_name(&written.text, &file.year));
    None
}

/// The places of the days in which the calendar may find a fault.
#[derive(Default)]
struct Places {
    /// The last days of holidays.
    holidays: Vec<(Holiday, Spot)>,
    /// The first and last days of holidays and the days worked, by the year whose file says so.
    days: BTreeMap<(i32, NaiveDate), Spot>,
    /// The days worked.
    workdays: BTreeMap<NaiveDate, Spot>,
}

impl Places {
    fn of(&self, fault: &HolidayFault) -> Spot {
        let spot = match fault {
            // The name of each file is of its own year, so there is no second file of a year.
            HolidayFault::Repeated(_) => None,
            HolidayFault::Length(holiday) => self.holidays.iter().find(|(known, _)| known == holiday).map(|(_, spot)| spot),
            HolidayFault::OutsideYear(year, day) => self.days.get(&(*year, *day)),
            HolidayFault::RestAndWork(day) | HolidayFault::WorkedAnyhow(day) => self.workdays.get(day),
        };
        spot.cloned().unwrap_or_else(|| Spot::file("holidays"))
    }
}
