//! 通知: the promises of a jurisdiction to its residents in one year, and the reporting duties.

use chrono::{Datelike as _, NaiveDate};
use entity::{
    AdoptionMethod, Cadence, Disclosure, DutyKind, DutyOrigin, JurisdictionId, NoticeId, NoticeState, Obligor, RecipientRole,
    ReportingDutyId, UnitId,
};

/// A notice with the content of its letter. A value that the letter leaves out is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// Whose promise it is.
    pub jurisdiction_id: JurisdictionId,
    /// The calendar year it is for.
    pub year: i32,
    /// The official title: issuer, subject, 通知.
    pub title: String,
    /// 发文字号.
    pub document_number: Option<String>,
    /// Drafted, issued or withdrawn.
    pub state: NoticeState,
    /// Rises by one with every change.
    pub version: i32,
    /// 发文机关.
    pub issuer_id: Option<UnitId>,
    /// 督查单位.
    pub supervisor_id: Option<UnitId>,
    /// How the list was adopted.
    pub adoption_method: Option<AdoptionMethod>,
    /// The meeting that adopted it.
    pub adoption_meeting: Option<String>,
    /// 成文日期 or 印发日期.
    pub issued_on: Option<NaiveDate>,
    /// 公开属性.
    pub disclosure: Option<Disclosure>,
}

impl Notice {
    /// Whether it had been issued by a day; from 1 January of its year where its day of issue is unknown.
    #[must_use]
    pub fn is_issued_by(&self, on: NaiveDate) -> bool {
        self.issued_on.map_or_else(|| self.year <= on.year(), |issued_on| issued_on <= on)
    }
}

/// Whom a notice is sent or copied to, as printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The notice.
    pub notice_id: NoticeId,
    /// 主送 or 抄送.
    pub role: RecipientRole,
    /// The name as printed.
    pub name: String,
}

/// The reporting duties of a notice: obligor, kind and cadence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportingDuty {
    /// Its id.
    pub id: ReportingDutyId,
    /// The notice.
    pub notice_id: NoticeId,
    /// The kind of duty.
    pub kind: DutyKind,
    /// How often.
    pub cadence: Cadence,
    /// The obligor.
    pub obligor: Obligor,
    /// The duty in our own words, in Chinese.
    pub description: String,
    /// The description in English.
    pub description_english: String,
    /// Days after the period's end, where the notice sets its own.
    pub grace_days: Option<i32>,
    /// The origin of the duty.
    pub origin: DutyOrigin,
    /// Whether it no longer runs.
    pub retired: bool,
}
