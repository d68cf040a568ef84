//! The standing of a task besides its reports: its dates, and whether it is suspended, claimed to be done, or closed.

use chrono::{DateTime, NaiveDate, Utc};
use entity::StatusLight;

use super::{audience::Lights, light::Standing};

/// 办理状态: how far a task has come, whatever was reported on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// 在办.
    Open,
    /// 暂停.
    Suspended,
    /// 已申请办结: the lead has claimed that it is done.
    Claimed,
    /// 办结.
    Closed,
}

/// How a task stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskStanding {
    /// Rises by one with every change of the fields below, from 0 before the first change.
    pub version: i32,
    /// Rises by one with every change to the task, its reports included.
    pub revision: i32,
    /// When work starts; `None` for the notice's issue.
    pub starts_on: Option<NaiveDate>,
    /// When it is due; `None` for the end of the notice's year.
    pub due_on: Option<NaiveDate>,
    /// 延期.
    pub extension: Option<Extension>,
    /// 暂停.
    pub suspension: Option<Suspension>,
    /// 申请办结.
    pub claim: Option<Claim>,
    /// 销号.
    pub closing: Option<Closing>,
    /// Why the last claim was sent back.
    pub return_reason: Option<String>,
    /// The office's light that was told last.
    pub light: Option<StatusLight>,
    /// The public light that was told last.
    pub public_light: Option<StatusLight>,
    /// The last change of the fields above, reports aside.
    pub changed_at: Option<DateTime<Utc>>,
    /// The name of the account that changed it.
    pub changed_by: Option<String>,
}

/// 延期: a later due date, which is shown; a late task is still judged by the original one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Until when.
    pub to: NaiveDate,
    /// Why.
    pub reason: String,
}

/// 暂停: no reports are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspension {
    /// Since when.
    pub on: NaiveDate,
    /// Why.
    pub reason: String,
}

/// 申请办结: the lead says that the task is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// When it said so.
    pub on: NaiveDate,
    /// Its text.
    pub note: Option<String>,
}

/// 销号: the office has accepted that the task is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// When the office accepted it.
    pub accepted_on: NaiveDate,
    /// From when it counts as done: duties end on that day.
    pub in_force_on: NaiveDate,
    /// The note of the office.
    pub note: Option<String>,
}

impl TaskStanding {
    /// The lights that were told last, where both were told.
    #[must_use]
    pub fn told(&self) -> Option<Lights> {
        Some(Lights { office: self.light?, public: self.public_light? })
    }

    /// Notes the lights that are told.
    pub fn tell(&mut self, lights: Lights) {
        self.light = Some(lights.office);
        self.public_light = Some(lights.public);
    }

    /// Whether work goes on, as far as lights are concerned.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match (&self.closing, &self.suspension) {
            (Some(closing), _) => Standing::Closed(closing.in_force_on),
            (None, Some(_)) => Standing::Suspended,
            (None, None) => Standing::Open,
        }
    }

    /// How far it has come by a date. A claim that is not accepted yet is the government's own business: without `is_internal` it is not
    /// shown.
    #[must_use]
    pub fn phase_on(&self, on: NaiveDate, is_internal: bool) -> Phase {
        let is_told = is_internal || self.closing.is_some();
        match self.standing_on(on) {
            Standing::Closed(in_force_on) if in_force_on <= on => Phase::Closed,
            Standing::Suspended => Phase::Suspended,
            Standing::Closed(_) | Standing::Open if is_told && self.claim.as_ref().is_some_and(|claim| claim.on <= on) => Phase::Claimed,
            Standing::Closed(_) | Standing::Open => Phase::Open,
        }
    }

    /// The standing as of a date before or after the decision.
    #[must_use]
    pub fn standing_on(&self, on: NaiveDate) -> Standing {
        match self.standing() {
            Standing::Suspended if self.suspension.as_ref().is_some_and(|suspension| on < suspension.on) => Standing::Open,
            standing => standing,
        }
    }
}
