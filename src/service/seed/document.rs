//! Seed files as they are written: every text with its line and column, nothing judged yet.
//!
//! What has to be there is optional here, and numbers, dates and words are texts: a fault in one field is then one fault, not the
//! end of the file. Only a field that does not exist, a field given twice, and broken YAML make a file unreadable.

use std::ops::Deref;

use serde::{Deserialize, Deserializer};
use serde_saphyr::{Location, Spanned};

/// Line and column, from 1. Both 0 for a file as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    pub line: u64,
    pub column: u64,
}

impl From<Location> for Position {
    fn from(location: Location) -> Self {
        Self { line: location.line(), column: location.column() }
    }
}

/// A text, number, date or word exactly as written, without white space around it; empty where nothing is written.
///
/// `17.58` stays these five characters: it never passes through a binary fraction.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub text: String,
    pub at: Position,
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Option<String>>::deserialize(deserializer)?;
        let text = spanned.value.unwrap_or_default().trim().to_owned();
        Ok(Self { text, at: spanned.referenced.into() })
    }
}

/// A list, which may be left out or left empty.
#[derive(Debug)]
pub(super) struct List<T>(Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Option::deserialize(deserializer)?.unwrap_or_default()))
    }
}

/// Records of a list, each with its position.
pub(super) type Records<T> = List<Spanned<T>>;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct JurisdictionDocument {
    pub code: Option<Written>,
    pub name: Option<Written>,
    pub name_english: Option<Written>,
    pub kind: Option<Written>,
    pub division_code: Option<Written>,
    pub parent: Option<Written>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct TopicDocument {
    pub code: Option<Written>,
    pub name: Option<Written>,
    pub name_english: Option<Written>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct IndicatorDocument {
    pub code: Option<Written>,
    pub name: Option<Written>,
    pub name_english: Option<Written>,
    pub topic: Option<Written>,
    pub unit: Option<Written>,
    pub kind: Option<Written>,
    pub aggregation: Option<Written>,
    pub higher_is_better: Option<Written>,
    pub description: Option<Written>,
    pub description_english: Option<Written>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct UnitsDocument {
    pub jurisdiction: Option<Written>,
    pub units: Records<UnitDocument>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct UnitDocument {
    pub name: Option<Written>,
    pub kind: Option<Written>,
    pub aliases: List<Written>,
    pub members: List<Written>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct NoticeDocument {
    pub jurisdiction: Option<Written>,
    pub year: Option<Written>,
    pub title: Option<Written>,
    pub document_number: Option<Written>,
    pub issuer: Option<Written>,
    pub issued_on: Option<Written>,
    pub disclosure: Option<Written>,
    pub adoption: Option<AdoptionDocument>,
    pub supervisor: Option<Written>,
    pub addressees: List<Written>,
    pub carbon_copies: List<Written>,
    pub reporting_duties: Records<DutyDocument>,
    pub projects: Records<ProjectDocument>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct AdoptionDocument {
    pub method: Option<Written>,
    pub meeting: Option<Written>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct DutyDocument {
    pub kind: Option<Written>,
    pub cadence: Option<Written>,
    pub obligor: Option<Written>,
    pub description: Option<Written>,
    pub description_english: Option<Written>,
    pub grace_days: Option<Written>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct ProjectDocument {
    pub number: Option<Written>,
    pub title: Option<Written>,
    pub tasks: Records<TaskDocument>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct TaskDocument {
    pub number: Option<Written>,
    pub label: Option<Written>,
    pub title: Option<Written>,
    pub summary: Option<Written>,
    pub topics: List<Written>,
    pub lead: List<Written>,
    pub supporting: List<Written>,
    pub targets: Records<TargetDocument>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct TargetDocument {
    pub label: Option<Written>,
    pub value: Option<Written>,
    pub unit: Option<Written>,
    pub comparator: Option<Written>,
    pub kind: Option<Written>,
    pub indicator: Option<Written>,
    pub parts: Records<TargetDocument>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct HolidayYearDocument {
    pub year: Option<Written>,
    pub document_number: Option<Written>,
    pub holidays: Records<HolidayDocument>,
    pub workdays: List<Written>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct HolidayDocument {
    pub name: Option<Written>,
    pub name_english: Option<Written>,
    pub from: Option<Written>,
    pub to: Option<Written>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct PopulationDocument {
    pub year: Option<Written>,
    pub source: Option<Written>,
    pub source_english: Option<Written>,
    pub jurisdictions: Records<ResidentsDocument>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct ResidentsDocument {
    pub code: Option<Written>,
    pub residents: Option<Written>,
}
