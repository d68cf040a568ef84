//! 期: the periods for which something is owed.

use async_graphql::SimpleObject;

use crate::{
    domain::{
        self,
        progress::calendar::{self, Occurrence},
    },
    graphql::{
        enumeration::{Cadence, DutyKind},
        notices::notice::ReportingDuty,
        scalar::{Date, DateTime},
    },
};

/// 一期：周、旬、月或季度。 A week, a ten-day period, a month or a quarter.
#[derive(SimpleObject, Clone)]
pub struct Period {
    /// 写法：2024-W15、2024-04-T2、2024-04、2024-Q2。 How it is written: 2024-W15, 2024-04-T2, 2024-04, 2024-Q2.
    key: String,
    /// 频次。 How often its kind comes round.
    cadence: Cadence,
    /// 首日。 Its first day.
    starts_on: Date,
    /// 末日。 Its last day.
    ends_on: Date,
    /// 报送期限：此刻及以前报送为按时；不涉及职责的为 null。 Until when a report is on time, that instant included; null where no duty is meant.
    due_at: Option<DateTime>,
}

impl From<domain::progress::period::Period> for Period {
    fn from(period: domain::progress::period::Period) -> Self {
        Self {
            key: period.key(),
            cadence: period.cadence().into(),
            starts_on: Date(period.starts_on()),
            ends_on: Date(period.ends_on()),
            due_at: None,
        }
    }
}

impl From<&Occurrence> for Period {
    fn from(occurrence: &Occurrence) -> Self {
        Self { due_at: Some(DateTime(occurrence.due_at)), ..Self::from(occurrence.period) }
    }
}

/// 应报事项的情况。 How something that is owed stands.
#[derive(async_graphql::Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "calendar::DutyState", name = "DutyState")]
pub enum DutyState {
    /// 未到期。 It has not come, and its time is not over.
    NotYetDue,
    /// 按时。 It came in time.
    OnTime,
    /// 迟报。 It came late.
    Late,
    /// 未报：已逾期。 It has not come, and its time is over.
    Missing,
    /// 免报：任务已办结或暂停。 It need not come: its task is closed or suspended.
    Released,
}

/// 一份填报所完成的一项职责。 A duty that a report discharges.
#[derive(SimpleObject)]
pub struct Discharge {
    /// 职责。 The duty.
    pub(in crate::graphql) duty: ReportingDuty,
    /// 内容。 What is owed.
    pub(in crate::graphql) kind: DutyKind,
    /// 哪一期。 For which period.
    pub(in crate::graphql) period: Period,
}
