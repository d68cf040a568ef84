//! A record being checked: where it stands, and the fields that every kind of record reads alike.

use std::{hash::Hash, ops::RangeInclusive};

use chrono::NaiveDate;
use serde::de::DeserializeOwned;

use super::{Entry, Position, Reason, Written, reason, word};
use crate::domain::fault::{Claims, Faults, Spot};

/// The length of a code.
const LONGEST_CODE: usize = 64;

/// Whether `text` is a code: lower-case letters, digits and hyphens, as file names and addresses bear them.
#[must_use]
pub fn is_code(text: &str) -> bool {
    let edge = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.len() <= LONGEST_CODE
        && edge(text.bytes().next())
        && edge(text.bytes().last())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// A record, and where its faults go. A reader of a field returns `None` if there is no value to build a row with. Then either the field
/// is absent, or a fault was added.
#[derive(Debug)]
pub struct Record<'f> {
    spot: Spot,
    faults: &'f mut Faults,
}

impl<'f> Record<'f> {
    /// The record that a file or an argument is, which begins at `at`.
    pub fn new(spot: &Spot, at: Position, faults: &'f mut Faults) -> Self {
        Self { spot: spot.at(at), faults }
    }

    /// The `index`th record of the list that a file is, called `noun` and its name.
    pub fn of_list<T>(file: &Spot, entry: &Entry<T>, noun: &str, name: Option<&Written>, index: usize, faults: &'f mut Faults) -> Self {
        Self { spot: file.item(&called(noun, name, index), "", index, entry.at), faults }
    }

    /// The `index`th record of a `list` in this record, called `noun` and its name.
    pub fn inner<T>(&mut self, list: &str, entry: &Entry<T>, noun: &str, name: Option<&Written>, index: usize) -> Record<'_> {
        Record { spot: self.spot.item(&called(noun, name, index), list, index, entry.at), faults: self.faults }
    }

    /// The spot of a field.
    #[must_use]
    pub fn spot(&self, field: &str, at: Position) -> Spot {
        self.spot.field(field, at)
    }

    /// A fault in the written value of a field.
    pub fn fault(&mut self, field: &str, at: Position, reason: Reason) {
        self.faults.add(self.spot.field(field, at), reason);
    }

    /// A fault of a field where nothing is written: it is reported where the record begins.
    pub fn fault_of_absence(&mut self, field: &str, reason: Reason) {
        self.fault(field, self.spot.position(), reason);
    }

    /// Claims `key`, which may be claimed once; returns whether it was free.
    pub fn claim<K: Eq + Hash>(&mut self, claims: &mut Claims<K>, key: K, field: &str, at: Position, shown: &str) -> bool {
        let spot = self.spot(field, at);
        let Some(first) = claims.claim(key, &spot) else { return true };
        let reason = reason::duplicate(shown, &first.pointer());
        self.faults.add(spot, reason);
        false
    }

    /// A required text, which must not be blank.
    pub fn required<'w>(&mut self, field: &str, written: Option<&'w Written>) -> Option<&'w Written> {
        if written.is_none() {
            self.fault_of_absence(field, reason::missing(field));
        }
        self.optional(field, written)
    }

    /// An optional text, which must not be blank if it is there.
    pub fn optional<'w>(&mut self, field: &str, written: Option<&'w Written>) -> Option<&'w Written> {
        let written = written?;
        let reason = if written.text.is_empty() {
            reason::blank()
        } else if written.text.contains('\0') {
            reason::nul()
        } else {
            return Some(written);
        };
        self.fault(field, written.at, reason);
        None
    }

    /// A text that has to be there.
    pub fn text(&mut self, field: &str, written: Option<&Written>) -> Option<String> {
        Some(self.required(field, written)?.text.clone())
    }

    /// A text that may be left out.
    pub fn optional_text(&mut self, field: &str, written: Option<&Written>) -> Option<String> {
        Some(self.optional(field, written)?.text.clone())
    }

    /// The items of a list that say something.
    pub fn items<'w>(&mut self, field: &str, list: &'w [Written]) -> Vec<&'w Written> {
        list.iter().filter_map(|written| self.optional(field, Some(written))).collect()
    }

    /// The texts of a list.
    pub fn texts(&mut self, field: &str, list: &[Written]) -> Vec<String> {
        self.items(field, list).into_iter().map(|written| written.text.clone()).collect()
    }

    /// A code of this record's own.
    pub fn code<'w>(&mut self, field: &str, written: Option<&'w Written>) -> Option<&'w Written> {
        let written = self.required(field, written)?;
        if !is_code(&written.text) {
            self.fault(field, written.at, reason::not_a_code(&written.text, LONGEST_CODE));
        }
        Some(written)
    }

    /// A word of an enumeration.
    pub fn word<T: DeserializeOwned>(&mut self, field: &str, written: Option<&Written>) -> Option<T> {
        let written = self.required(field, written)?;
        word::parse(&written.text).map_err(|words| self.fault(field, written.at, reason::not_a_word(&written.text, words))).ok()
    }

    /// A word of an enumeration that may be left out.
    pub fn optional_word<T: DeserializeOwned>(&mut self, field: &str, written: Option<&Written>) -> Option<T> {
        written.and_then(|written| self.word(field, Some(written)))
    }

    /// A whole number in a range.
    pub fn whole_number(&mut self, field: &str, written: Option<&Written>, range: RangeInclusive<i32>) -> Option<i32> {
        let written = self.required(field, written)?;
        let number = written.text.parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            self.fault(field, written.at, reason::not_a_whole_number(&written.text, &range));
        }
        number
    }

    /// The number of a line or row: from 1, and no other's.
    pub fn own_number(&mut self, field: &str, written: Option<&Written>, taken: &mut Claims<i32>) -> Option<i32> {
        let number = self.whole_number(field, written, 1..=i32::MAX)?;
        if let Some(written) = written {
            self.claim(taken, number, field, written.at, &written.text);
        }
        Some(number)
    }

    /// A date that has to be there.
    pub fn date(&mut self, field: &str, written: Option<&Written>) -> Option<NaiveDate> {
        if written.is_none() {
            self.fault_of_absence(field, reason::missing(field));
        }
        self.optional_date(field, written)
    }

    /// A date that may be left out.
    pub fn optional_date(&mut self, field: &str, written: Option<&Written>) -> Option<NaiveDate> {
        let written = self.optional(field, written)?;
        let date = NaiveDate::parse_from_str(&written.text, "%Y-%m-%d").ok();
        if date.is_none() {
            self.fault(field, written.at, reason::not_a_date(&written.text));
        }
        date
    }

    /// True or false.
    pub fn truth(&mut self, field: &str, written: Option<&Written>) -> Option<bool> {
        let written = self.required(field, written)?;
        let truth = written.text.parse().ok();
        if truth.is_none() {
            self.fault(field, written.at, reason::not_a_word(&written.text, &["true", "false"]));
        }
        truth
    }
}

/// `项目 8`, `目标“新增托位”` or, where the name is missing, `第 3 个目标`.
fn called(noun: &str, name: Option<&Written>, index: usize) -> String {
    match name.map(|name| reason::quotable(&name.text)) {
        Some(name) if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()) => format!("{noun} {name}"),
        Some(name) if !name.is_empty() => format!("{noun}“{name}”"),
        _ => format!("第 {} 个{noun}", index.saturating_add(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::is_code;

    #[test]
    fn codes_are_lower_case_slugs() {
        for (text, expected) in [
            ("jining-etdz", true),
            ("a", true),
            ("2024-plan", true),
            ("", false),
            ("-a", false),
            ("a-", false),
            ("Jining", false),
            ("济宁", false),
            ("a b", false),
            ("a_b", false),
            (&"a".repeat(64), true),
            (&"a".repeat(65), false),
        ] {
            assert_eq!(is_code(text), expected, "{text}");
        }
    }
}
