//! How notices are reported on and judged: settings, meetings, rule sets.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use endpoint::heading;

use super::state::PlanCurve;
use crate::{
    domain::{
        self,
        progress::{
            dossier::AdoptedRuleSet,
            light::{Gauge as LightGauge, Tolerance, Written, WrittenBand},
        },
    },
    graphql::{
        enumeration::{Cadence, DutyKind, MeetingKind, Obligor, StatusLight},
        free_text::{Line, Prose},
        id,
        inquiry::Inquiry,
        notices::notice::Notice,
        refusal::{self, Fault},
        scalar::{Date, DateTime, Decimal},
    },
    service::progress::reporting::{NewDuty, NewRuleSet, ReportingChange},
};

/// 通知的填报设置，由督查室设定。
///
/// How the office has set the reporting of a notice.
#[derive(SimpleObject)]
pub struct NoticeSetting {
    /// 版本，修改时须作为 expectedVersion 提交。
    ///
    /// The version, to be given as expectedVersion with a change.
    #[graphql(directive = heading::apply("版本".into()))]
    version: i32,
    /// 周报是否无须审核、自动接受。
    ///
    /// Whether weekly reports are accepted without review.
    #[graphql(directive = heading::apply("周报是否无须审核、自动接受".into()))]
    accepts_weekly: bool,
    /// 期限遇节假日是否顺延到下一个工作日。
    ///
    /// Whether a due day that is no working day moves to the next one.
    #[graphql(directive = heading::apply("期限遇节假日是否顺延到下一个工作日".into()))]
    moved_by_holidays: bool,
}

impl From<domain::progress::dossier::NoticeSetting> for NoticeSetting {
    fn from(setting: domain::progress::dossier::NoticeSetting) -> Self {
        Self { version: setting.version, accepts_weekly: setting.accepts_weekly, moved_by_holidays: setting.moved_by_holidays }
    }
}

/// 一次调度、专题会议或专题调研。
///
/// A dispatch, a special meeting or a study on site that was held.
#[derive(SimpleObject)]
pub struct Meeting {
    /// 全局 ID。
    ///
    /// The global id.
    #[graphql(directive = heading::apply("全局 ID".into()))]
    id: ID,
    /// 类别。
    ///
    /// What was held.
    #[graphql(directive = heading::apply("类别".into()))]
    kind: MeetingKind,
    /// 日期。
    ///
    /// On which day.
    #[graphql(directive = heading::apply("日期".into()))]
    held_on: Date,
    /// 议定事项。
    ///
    /// What was decided.
    #[graphql(directive = heading::apply("议定事项".into()))]
    summary: String,
    /// 记录时间。
    ///
    /// When it was recorded.
    #[graphql(directive = heading::apply("记录时间".into()))]
    recorded_at: DateTime,
}

impl From<domain::supervision::meeting::Meeting> for Meeting {
    fn from(meeting: domain::supervision::meeting::Meeting) -> Self {
        Self {
            id: id::encode(meeting.id),
            kind: meeting.kind.into(),
            held_on: Date(meeting.held_on),
            summary: meeting.summary,
            recorded_at: DateTime(meeting.recorded_at),
        }
    }
}

/// 规则衡量什么。
///
/// What a rule set measures, in hundredths.
#[derive(async_graphql::Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "LightGauge", name = "LightGauge")]
pub enum Gauge {
    /// 差距：应完成减完成率，百分点。
    ///
    /// Planned less completed, in percentage points.
    #[graphql(directive = heading::apply("差距".into()))]
    Gap,
    /// 相对差距：差距 ÷ 应完成的比例，百分数。
    ///
    /// The gap as a share of what is planned, in percent.
    #[graphql(directive = heading::apply("相对差距".into()))]
    Shortfall,
    /// 完成率，百分数，不论日期。
    ///
    /// The completion alone, in percent, whatever the date.
    #[graphql(directive = heading::apply("完成率".into()))]
    Completion,
}

/// 亮灯规则的一档。
///
/// The numbers that get one light.
#[derive(SimpleObject, InputObject, Clone)]
#[graphql(input_name = "LightBandInput")]
pub struct LightBand {
    /// 灯：GREEN、YELLOW 或 RED。
    ///
    /// The light: GREEN, YELLOW or RED.
    light: StatusLight,
    /// 以上（含）。
    ///
    /// From this number on.
    // The derived code has a method for each field, and `from` is one already.
    #[graphql(name = "from")]
    at_least: Option<Decimal>,
    /// 超过。
    ///
    /// Above this number.
    above: Option<Decimal>,
    /// 以下（含）。
    ///
    /// Up to this number.
    up_to: Option<Decimal>,
    /// 不足。
    ///
    /// Below this number.
    below: Option<Decimal>,
}

impl From<WrittenBand> for LightBand {
    fn from(band: WrittenBand) -> Self {
        Self {
            light: band.light.into(),
            at_least: band.from.map(Decimal),
            above: band.above.map(Decimal),
            up_to: band.up_to.map(Decimal),
            below: band.below.map(Decimal),
        }
    }
}

impl From<LightBand> for WrittenBand {
    fn from(band: LightBand) -> Self {
        Self {
            light: band.light.into(),
            from: band.at_least.map(|number| number.0),
            above: band.above.map(|number| number.0),
            up_to: band.up_to.map(|number| number.0),
            below: band.below.map(|number| number.0),
        }
    }
}

/// 亮灯规则的一个版本。
///
/// A version of a rule set for lights.
#[derive(SimpleObject)]
pub struct RuleSet {
    /// 代码，各版本相同。
    ///
    /// The code, the same in all versions.
    #[graphql(directive = heading::apply("代码".into()))]
    code: String,
    /// 版本，从 1 起。
    ///
    /// Which version, from 1.
    #[graphql(directive = heading::apply("版本".into()))]
    version: u32,
    /// 中文名称。
    ///
    /// What it is called in Chinese.
    #[graphql(directive = heading::apply("中文名称".into()))]
    name: String,
    /// 英文名称。
    ///
    /// What it is called in English.
    #[graphql(directive = heading::apply("英文名称".into()))]
    name_english: String,
    /// 衡量什么。
    ///
    /// What it measures.
    #[graphql(directive = heading::apply("衡量什么".into()))]
    gauge: Gauge,
    /// 应完成比例所用的曲线。
    ///
    /// By which curve something is planned.
    #[graphql(directive = heading::apply("应完成比例所用的曲线".into()))]
    curve: PlanCurve,
    /// 各档，从绿到红。
    ///
    /// The bands, from green to red.
    #[graphql(directive = heading::apply("各档".into()))]
    bands: Vec<LightBand>,
    /// 约数的容差，百分数：“约”500 的目标，容差 5 时 475 即为完成。
    ///
    /// How far below its value an approximate target is met, in percent: of about 500, 475 with a tolerance of 5.
    #[graphql(directive = heading::apply("约数的容差".into()))]
    about_tolerance: Decimal,
    /// 施行日期；随服务提供而未采用的为 null。
    ///
    /// From when it judges; null where it comes with the service and was not adopted.
    #[graphql(directive = heading::apply("施行日期".into()))]
    in_force_from: Option<Date>,
}

impl RuleSet {
    pub(in crate::graphql) fn of(rule_set: domain::progress::light::RuleSet, in_force_from: Option<chrono::NaiveDate>) -> Self {
        let written = Written::from(rule_set);
        Self {
            code: written.code,
            version: written.version,
            name: written.name,
            name_english: written.name_english,
            gauge: written.gauge.into(),
            curve: written.curve.into(),
            bands: written.bands.into_iter().map(LightBand::from).collect(),
            about_tolerance: Decimal(written.about_tolerance),
            in_force_from: in_force_from.map(Date),
        }
    }
}

impl From<AdoptedRuleSet> for RuleSet {
    fn from(adopted: AdoptedRuleSet) -> Self {
        Self::of(adopted.rule_set, Some(adopted.in_force_from))
    }
}

/// 要设定的内容；不写的不变。
///
/// What to set for a notice; what is left out stays.
#[derive(InputObject)]
pub struct ChangeReportingInput {
    /// 通知。
    ///
    /// The notice.
    notice_id: ID,
    /// 所依据的版本（setting.version）；已被他人修改则拒绝。
    ///
    /// The version that the change builds on; refused where it has changed since.
    expected_version: i64,
    /// 周报是否无须审核、自动接受。
    ///
    /// Whether weekly reports are accepted without review.
    accepts_weekly: Option<bool>,
    /// 期限遇节假日是否顺延。
    ///
    /// Whether a due day that is no working day moves to the next one.
    moved_by_holidays: Option<bool>,
    /// 督查室在通知之外规定的职责，取代此前规定的；通知没有规定频次的由此设定。
    ///
    /// The duties that the office sets besides those of the letter, in place of those it had set.
    duties: Option<Vec<ReportingDutyInput>>,
}

/// 一项职责。
///
/// A duty.
#[derive(InputObject)]
pub struct ReportingDutyInput {
    /// 内容。
    ///
    /// What is owed.
    kind: DutyKind,
    /// 频次。
    ///
    /// How often.
    cadence: Cadence,
    /// 承担者。
    ///
    /// Who owes it.
    obligor: Obligor,
    /// 期末后宽限天数，0 至 90；不写按惯例。
    ///
    /// Days of grace after the period's end, 0 to 90; the usual ones when left out.
    grace_days: Option<i32>,
}

/// 记录一次调度或会议。
///
/// A dispatch or meeting to record.
#[derive(InputObject)]
pub struct RecordMeetingInput {
    /// 通知。
    ///
    /// The notice.
    notice_id: ID,
    /// 类别。
    ///
    /// What was held.
    kind: MeetingKind,
    /// 日期，不晚于今天。
    ///
    /// On which day, not after today.
    held_on: Date,
    /// 议定事项，至多 1000 个字。
    ///
    /// What was decided, in at most 1000 characters.
    summary: Prose,
}

/// 采用亮灯规则：给出 builtIn，或自定规则的其余各项。
///
/// A rule set to adopt: give `builtIn`, or the rest for rules of your own.
#[derive(InputObject)]
pub struct AdoptRuleSetInput {
    /// 辖区代码。
    ///
    /// The code of the jurisdiction.
    jurisdiction: String,
    /// 施行日期，今天或以后；不写为今天。
    ///
    /// From when it judges, today or later; today when left out.
    in_force_from: Option<Date>,
    /// 内置规则的代码：gap-points、relative-shortfall、completion-bands。
    ///
    /// The code of one that comes with the service: gap-points, relative-shortfall or completion-bands.
    built_in: Option<String>,
    /// 自定规则。
    ///
    /// Rules of your own.
    own: Option<RuleSetInput>,
}

/// 自定亮灯规则。
///
/// Rules of a jurisdiction's own.
#[derive(InputObject)]
pub struct RuleSetInput {
    /// 代码：小写字母、数字和连字符；同一代码再次采用即为新版本。
    ///
    /// The code: lower-case letters, digits and hyphens; adopting it again makes the next version.
    code: String,
    /// 中文名称。
    ///
    /// What it is called in Chinese.
    name: Line,
    /// 英文名称。
    ///
    /// What it is called in English.
    name_english: Line,
    /// 衡量什么。
    ///
    /// What it measures.
    gauge: Gauge,
    /// 应完成比例所用的曲线。
    ///
    /// By which curve something is planned.
    curve: PlanCurve,
    /// 各档，从绿到红，首尾相接、不留空当。
    ///
    /// The bands from green to red, without a hole between them.
    bands: Vec<LightBand>,
    /// 约数的容差，百分数，0 至 50；不写为 5。
    ///
    /// How far below its value an approximate target is met, in percent, 0 to 50; 5 when left out.
    about_tolerance: Option<Decimal>,
}

/// 设置的结果。
///
/// What came of setting how a notice is reported on.
#[derive(SimpleObject)]
pub struct NoticePayload {
    /// 通知现状；输入有误则为 null。
    ///
    /// The notice as it is now; null where the input was wrong.
    #[graphql(directive = heading::apply("通知现状".into()))]
    notice: Option<Notice>,
    /// 输入有误之处，全部列出。
    ///
    /// All that is wrong with the input.
    errors: Vec<Fault>,
}

/// 记录的结果。
///
/// What came of recording a meeting.
#[derive(SimpleObject)]
pub struct MeetingPayload {
    /// 记录；输入有误则为 null。
    ///
    /// The record; null where the input was wrong.
    #[graphql(directive = heading::apply("记录".into()))]
    meeting: Option<Meeting>,
    /// 输入有误之处，全部列出。
    ///
    /// All that is wrong with the input.
    errors: Vec<Fault>,
}

/// 采用规则的结果。
///
/// What came of adopting a rule set.
#[derive(SimpleObject)]
pub struct RuleSetPayload {
    /// 采用的规则；输入有误则为 null。
    ///
    /// The rule set as adopted; null where the input was wrong.
    #[graphql(directive = heading::apply("采用的规则".into()))]
    rule_set: Option<RuleSet>,
    /// 输入有误之处，全部列出。
    ///
    /// All that is wrong with the input.
    errors: Vec<Fault>,
}

/// Queries for rule sets.
#[derive(Default)]
pub struct ReportingQuery;

#[Object]
impl ReportingQuery {
    /// 随服务提供的亮灯规则，首个为默认。
    ///
    /// The rule sets that come with the service, the default first.
    #[graphql(directive = heading::apply("随服务提供的亮灯规则".into()))]
    async fn built_in_rule_sets(&self) -> Vec<RuleSet> {
        domain::progress::light::RuleSet::built_in().into_iter().map(|rule_set| RuleSet::of(rule_set, None)).collect()
    }
}

/// Changes of how notices are reported on.
#[derive(Default)]
pub struct ReportingMutation;

#[Object]
impl ReportingMutation {
    /// 设定通知的填报要求。需要：通知所属辖区的督查室。
    ///
    /// Sets how a notice is reported on. Needs: the office of its jurisdiction.
    #[graphql(directive = heading::apply("设定通知的填报要求".into()))]
    async fn change_reporting(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "设置。\n\nWhat to set.")] input: ChangeReportingInput,
    ) -> Option<Result<NoticePayload>> {
        let change = async {
            let inquiry = Inquiry::of(context)?;
            let duty = |duty: ReportingDutyInput| NewDuty {
                kind: duty.kind.into(),
                cadence: duty.cadence.into(),
                obligor: duty.obligor.into(),
                grace_days: duty.grace_days,
            };
            let change = ReportingChange {
                accepts_weekly: input.accepts_weekly,
                moved_by_holidays: input.moved_by_holidays,
                duties: input.duties.map(|duties| duties.into_iter().map(duty).collect()),
            };
            let notice = id::or_nothing(&input.notice_id);
            let done = inquiry.service.change_reporting(&inquiry.call, notice, input.expected_version, change).await;
            let (notice, errors) = refusal::payload(context, done)?;
            inquiry.forget();
            Ok(NoticePayload { notice: notice.map(Notice::from), errors })
        };
        Some(change.await)
    }

    /// 记录领导的调度、专题会议或专题调研，由此完成当期的职责。需要：通知所属辖区的领导或督查室。
    ///
    /// Records what leaders held, which discharges their duty for that period. Needs: a leader or the office of the notice's jurisdiction.
    #[graphql(directive = heading::apply("记录领导的调度、专题会议或专题调研".into()))]
    async fn record_meeting(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "记录。\n\nWhat was held.")] input: RecordMeetingInput,
    ) -> Option<Result<MeetingPayload>> {
        let record = async {
            let inquiry = Inquiry::of(context)?;
            let notice = id::or_nothing(&input.notice_id);
            let done =
                inquiry.service.record_meeting(&inquiry.call, notice, input.kind.into(), input.held_on.0, input.summary.into()).await;
            let (meeting, errors) = refusal::payload(context, done)?;
            Ok(MeetingPayload { meeting: meeting.map(Meeting::from), errors })
        };
        Some(record.await)
    }

    /// 为一个辖区采用亮灯规则，不追溯。需要：该辖区的督查室。
    ///
    /// Adopts a rule set for the lights of a jurisdiction, which does not judge what is past. Needs: its office.
    #[graphql(directive = heading::apply("为一个辖区采用亮灯规则".into()))]
    async fn adopt_rule_set(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "规则。\n\nThe rule set.")] input: AdoptRuleSetInput,
    ) -> Option<Result<RuleSetPayload>> {
        let adopt = async {
            let inquiry = Inquiry::of(context)?;
            let rules = match (input.built_in, input.own) {
                (None, Some(own)) => NewRuleSet::Own(Written {
                    code: own.code,
                    version: 1,
                    name: own.name.into(),
                    name_english: own.name_english.into(),
                    gauge: own.gauge.into(),
                    curve: own.curve.into(),
                    bands: own.bands.into_iter().map(WrittenBand::from).collect(),
                    about_tolerance: own.about_tolerance.map_or_else(|| Tolerance::default().percent(), |percent| percent.0),
                }),
                // Neither, and both, name no rule set that there is.
                (built_in, _) => NewRuleSet::BuiltIn(built_in.unwrap_or_default()),
            };
            let in_force_from = input.in_force_from.map(|date| date.0);
            let done = inquiry.service.adopt_rule_set(&inquiry.call, &input.jurisdiction, rules, in_force_from).await;
            let (adopted, errors) = refusal::payload(context, done)?;
            inquiry.forget();
            Ok(RuleSetPayload { rule_set: adopted.map(RuleSet::from), errors })
        };
        Some(adopt.await)
    }
}
