//! 通知草稿: a notice by natural keys, exactly as it was written. Nothing in it is judged yet: numbers, dates and words are texts.
//!
//! Required values are optional here. So a fault in one field is one fault, not the end of the draft. The field names are those of the
//! seed files and of the inputs of the API.

use serde::Deserialize;

use crate::domain::written::{List, Records, Written};

/// A notice: its letter and its annex.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the fields are those of the seed files, which `seeds/README.md` explains")]
pub struct NoticeDraft {
    pub jurisdiction: Option<Written>,
    pub year: Option<Written>,
    pub title: Option<Written>,
    pub document_number: Option<Written>,
    pub issuer: Option<Written>,
    pub issued_on: Option<Written>,
    pub disclosure: Option<Written>,
    pub adoption: Option<AdoptionDraft>,
    pub supervisor: Option<Written>,
    pub addressees: List<Written>,
    pub carbon_copies: List<Written>,
    pub reporting_duties: Records<DutyDraft>,
    pub projects: Records<ProjectDraft>,
}

/// How the list was adopted.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the fields are those of the seed files, which `seeds/README.md` explains")]
pub struct AdoptionDraft {
    pub method: Option<Written>,
    pub meeting: Option<Written>,
}

/// A reporting duty.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the fields are those of the seed files, which `seeds/README.md` explains")]
pub struct DutyDraft {
    pub kind: Option<Written>,
    pub cadence: Option<Written>,
    pub obligor: Option<Written>,
    pub description: Option<Written>,
    pub description_english: Option<Written>,
    pub grace_days: Option<Written>,
}

/// A numbered line of the annex.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the fields are those of the seed files, which `seeds/README.md` explains")]
pub struct ProjectDraft {
    pub number: Option<Written>,
    pub title: Option<Written>,
    pub tasks: Records<TaskDraft>,
}

/// A row of the annex.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the fields are those of the seed files, which `seeds/README.md` explains")]
pub struct TaskDraft {
    pub number: Option<Written>,
    pub label: Option<Written>,
    pub title: Option<Written>,
    pub summary: Option<Written>,
    pub topics: List<Written>,
    pub lead: List<Written>,
    pub supporting: List<Written>,
    pub targets: Records<TargetDraft>,
}

/// A quantified commitment.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the fields are those of the seed files, which `seeds/README.md` explains")]
pub struct TargetDraft {
    pub label: Option<Written>,
    pub value: Option<Written>,
    pub baseline: Option<Written>,
    pub unit: Option<Written>,
    pub comparator: Option<Written>,
    pub kind: Option<Written>,
    pub indicator: Option<Written>,
    pub parts: Records<TargetDraft>,
}
