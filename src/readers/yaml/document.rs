//! Seed files as they are written: every text with its line and column, nothing judged yet.
//!
//! Required values are optional here, and numbers, dates and words are texts. So a fault in one field is one fault, not the end of the
//! file. Only a field that does not exist, a field given twice, and broken YAML make a file unreadable.

use serde::{Deserialize, Deserializer};
use serde_saphyr::{Location, Spanned};

use crate::domain::written::{Entry, List, Position, Records, Written};

impl From<Location> for Position {
    fn from(location: Location) -> Self {
        Self { line: location.line(), column: location.column() }
    }
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Option<String>>::deserialize(deserializer)?;
        let text = spanned.value.unwrap_or_default().trim().to_owned();
        Ok(Self { text, at: spanned.referenced.into() })
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entry<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<T>::deserialize(deserializer)?;
        Ok(Self { at: spanned.referenced.into(), value: spanned.value })
    }
}

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
