//! 期: the periods for which something is owed.

use async_graphql::SimpleObject;
use endpoint::heading;

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

/// 一期：周、旬、月或季度。
///
/// A week, a ten-day period, a month or a quarter.
#[derive(SimpleObject, Clone)]
pub struct Period {
    /// 写法：2024-W15、2024-04-T2、2024-04、2024-Q2。
    ///
    /// How it is written: 2024-W15, 2024-04-T2, 2024-04, 2024-Q2.
    #[graphql(directive = heading::apply("写法".into()))]
    key: String,
    /// 频次。
    ///
    /// How often its kind comes round.
    #[graphql(directive = heading::apply("频次".into()))]
    cadence: Cadence,
    /// 首日。
    ///
    /// Its first day.
    #[graphql(directive = heading::apply("首日".into()))]
    starts_on: Date,
    /// 末日。
    ///
    /// Its last day.
    #[graphql(directive = heading::apply("末日".into()))]
    ends_on: Date,
    /// 报送期限：此刻及以前报送为按时；不涉及职责的为 null。
    ///
    /// Until when a report is on time, that instant included; null where no duty is meant.
    #[graphql(directive = heading::apply("报送期限".into()))]
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

/// 应报事项的情况。
///
/// How something that is owed stands.
#[derive(async_graphql::Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "calendar::DutyState", name = "DutyState")]
pub enum DutyState {
    /// 未到期。
    ///
    /// It has not come, and its time is not over.
    #[graphql(directive = heading::apply("未到期".into()))]
    NotYetDue,
    /// 按时。
    ///
    /// It came in time.
    #[graphql(directive = heading::apply("按时".into()))]
    OnTime,
    /// 迟报。
    ///
    /// It came late.
    #[graphql(directive = heading::apply("迟报".into()))]
    Late,
    /// 未报：已逾期。
    ///
    /// It has not come, and its time is over.
    #[graphql(directive = heading::apply("未报".into()))]
    Missing,
    /// 免报：任务已办结或暂停。
    ///
    /// It need not come: its task is closed or suspended.
    #[graphql(directive = heading::apply("免报".into()))]
    Released,
}

/// 一份填报所完成的一项职责。
///
/// A duty that a report discharges.
#[derive(SimpleObject)]
pub struct Discharge {
    /// 职责。
    ///
    /// The duty.
    #[graphql(directive = heading::apply("职责".into()))]
    pub(in crate::graphql) duty: ReportingDuty,
    /// 内容。
    ///
    /// What is owed.
    #[graphql(directive = heading::apply("内容".into()))]
    pub(in crate::graphql) kind: DutyKind,
    /// 哪一期。
    ///
    /// For which period.
    #[graphql(directive = heading::apply("哪一期".into()))]
    pub(in crate::graphql) period: Period,
}
