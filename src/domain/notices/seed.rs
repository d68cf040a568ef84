//! The content of seed files after the check: rows named by their natural keys, before any of them has an id.

use chrono::NaiveDate;
use entity::{
    AdoptionMethod, Aggregation, AssignmentRole, Cadence, Comparator, Disclosure, DutyKind, JurisdictionKind, Obligor, Quantity,
    RecipientRole, TargetKind, UnitKind,
};

use crate::domain::places::holiday::HolidayYear;

/// A unit by its jurisdiction's code and its own name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitKey {
    /// The code of its jurisdiction.
    pub jurisdiction: String,
    /// Its name.
    pub name: String,
}

/// Everything that the seed files say.
#[derive(Clone, Debug, Default)]
pub struct Seed {
    /// In the official order, parents before children.
    pub jurisdictions: Vec<SeedJurisdiction>,
    /// In the order of the catalogue.
    pub topics: Vec<SeedTopic>,
    /// In the order of the catalogue.
    pub indicators: Vec<SeedIndicator>,
    /// In the official order within each jurisdiction.
    pub units: Vec<SeedUnit>,
    /// One a jurisdiction and year.
    pub notices: Vec<SeedNotice>,
    /// Public holidays, by year. Checked together: [`crate::domain::places::holiday::Holidays::new`] takes them.
    pub holidays: Vec<HolidayYear>,
    /// How many people live where, by year.
    pub populations: Vec<SeedPopulation>,
}

/// A jurisdiction of the seeds.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of `Jurisdiction`")]
pub struct SeedJurisdiction {
    pub code: String,
    pub name: String,
    pub name_english: String,
    pub kind: JurisdictionKind,
    pub division_code: Option<String>,
    /// The code of the level above.
    pub parent: Option<String>,
}

/// A topic of the seeds.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of `Topic`")]
pub struct SeedTopic {
    pub code: String,
    pub name: String,
    pub name_english: String,
}

/// An indicator of the seeds.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of `Indicator`")]
pub struct SeedIndicator {
    pub code: String,
    pub name: String,
    pub name_english: String,
    pub description: String,
    pub description_english: String,
    /// The code of its topic.
    pub topic: String,
    pub unit: String,
    pub kind: TargetKind,
    pub aggregation: Aggregation,
    pub higher_is_better: bool,
}

/// A unit of the seeds.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of `Unit`")]
pub struct SeedUnit {
    pub key: UnitKey,
    pub kind: UnitKind,
    /// Other names it is known by.
    pub aliases: Vec<String>,
    /// The members of a collective unit.
    pub members: Vec<UnitKey>,
}

/// A notice of the seeds, with its annex.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of `Notice`")]
pub struct SeedNotice {
    /// The code of its jurisdiction.
    pub jurisdiction: String,
    pub year: i32,
    pub title: String,
    pub document_number: Option<String>,
    pub issuer: Option<UnitKey>,
    pub supervisor: Option<UnitKey>,
    pub adoption_method: Option<AdoptionMethod>,
    pub adoption_meeting: Option<String>,
    pub issued_on: Option<NaiveDate>,
    pub disclosure: Option<Disclosure>,
    /// As printed, addressees and carbon copies each in order.
    pub recipients: Vec<(RecipientRole, String)>,
    pub duties: Vec<SeedDuty>,
    pub projects: Vec<SeedProject>,
}

/// A reporting duty of the seeds.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of `ReportingDuty`")]
pub struct SeedDuty {
    pub kind: DutyKind,
    pub cadence: Cadence,
    pub obligor: Obligor,
    pub description: String,
    pub description_english: String,
    pub grace_days: Option<i32>,
}

/// A project of the seeds.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of `Project`")]
pub struct SeedProject {
    pub number: i32,
    pub title: String,
    pub tasks: Vec<SeedTask>,
}

/// A task of the seeds.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of `Task`")]
pub struct SeedTask {
    pub number: i32,
    pub label: Option<String>,
    pub title: String,
    pub summary: Option<String>,
    /// Codes of topics, the most fitting first.
    pub topics: Vec<String>,
    /// Leads first, as printed.
    pub assignments: Vec<(AssignmentRole, UnitKey)>,
    /// In the order of the notice, parts behind their wholes.
    pub targets: Vec<SeedTarget>,
}

/// A target of the seeds.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of `Target`")]
pub struct SeedTarget {
    pub label: String,
    pub value: Quantity,
    pub baseline: Option<Quantity>,
    pub unit: String,
    pub comparator: Comparator,
    pub kind: TargetKind,
    /// The label of the target of the same task that this is part of.
    pub part_of: Option<String>,
    /// The code of its indicator.
    pub indicator: Option<String>,
}

/// The residents of a jurisdiction in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedPopulation {
    /// The code of the jurisdiction.
    pub jurisdiction: String,
    /// The year; the number is as of its end.
    pub year: i32,
    /// In persons.
    pub residents: i64,
    /// By whom and how they were counted, in Chinese.
    pub source: String,
    /// The description in English.
    pub source_english: String,
}
