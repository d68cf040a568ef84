//! Where a task stands on a date, and why its light is what it is.

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use endpoint::heading;

use crate::{
    domain::{
        self,
        language::Language,
        progress::{
            completion::{Basis, TargetCompletion},
            dossier,
            light::{Need, Proof, Step},
            plan::{BackLoading, Curve},
        },
        share::Share,
    },
    graphql::{
        enumeration::StatusLight,
        inquiry::Inquiry,
        loader,
        notices::target::Target,
        scalar::{Date, Decimal},
    },
};

/// How many decimals of a share are shown.
const DECIMALS: u32 = 4;

/// A share as a decimal from 0 to 1.
pub(in crate::graphql) fn shown(share: &Share) -> Decimal {
    Decimal(share.rounded(DECIMALS).normalize())
}

/// Where a task stands on a date.
#[derive(Clone)]
pub struct TaskState(pub(in crate::graphql) dossier::TaskState);

/// 任务在某日的状态，据当日为止已接受的填报。
///
/// Where a task stands on a date, by what was accepted by then.
#[Object]
impl TaskState {
    /// 截至哪一天。
    ///
    /// As of which date.
    #[graphql(directive = heading::apply("截至哪一天".into()))]
    async fn on(&self) -> Date {
        Date(self.0.on)
    }

    /// 完成率，0 至 1。
    ///
    /// The completion, from 0 to 1.
    #[graphql(directive = heading::apply("完成率".into()))]
    async fn completion(&self) -> Decimal {
        shown(&self.0.completion.share)
    }

    /// 按规则所用的曲线应完成的比例，0 至 1。
    ///
    /// The share due by the curve that the rules go by, from 0 to 1.
    #[graphql(directive = heading::apply("按规则所用的曲线应完成的比例".into()))]
    async fn planned(&self) -> Decimal {
        shown(&self.0.verdict.proof.planned)
    }

    /// 差距：应完成减完成率，百分点；负数为超前。
    ///
    /// Planned less completed, in percentage points; below zero when ahead.
    #[graphql(directive = heading::apply("差距".into()))]
    async fn gap(&self) -> Decimal {
        Decimal(self.0.verdict.proof.gap.percent())
    }

    /// 是否达序时进度：完成率不低于应完成的比例。
    ///
    /// Whether it is on schedule: completion is no less than what is planned.
    #[graphql(directive = heading::apply("是否达序时进度".into()))]
    async fn on_schedule(&self) -> bool {
        self.0.completion.share >= self.0.verdict.proof.planned
    }

    /// 灯。
    ///
    /// The light.
    #[graphql(directive = heading::apply("灯".into()))]
    async fn light(&self) -> StatusLight {
        self.0.verdict.light.into()
    }

    /// 是否陈旧：连续两期以上应报未报，至多为黄灯；内部信息不可见时为 null，灯也不据此判定。
    ///
    /// Whether two or more due reports in a row are missing, so that it is at best yellow; null where internals are not for you, and then the light is judged without it.
    #[graphql(directive = heading::apply("是否陈旧".into()))]
    async fn stale(&self) -> Option<bool> {
        self.0.stale()
    }

    /// 各目标任务的完成情况。
    ///
    /// How much of each target is done.
    #[graphql(directive = heading::apply("各目标任务的完成情况".into()))]
    async fn targets(&self) -> Vec<TargetProgress> {
        self.0.completion.targets.iter().cloned().map(TargetProgress).collect()
    }

    /// 亮灯依据。
    ///
    /// Why the light is what it is.
    #[graphql(directive = heading::apply("亮灯依据".into()))]
    async fn proof(&self) -> LightProof {
        LightProof(self.0.clone())
    }

    /// 是否含演示用的虚构数据。
    ///
    /// Whether anything in it was invented for the demo.
    #[graphql(directive = heading::apply("是否含演示用的虚构数据".into()))]
    async fn invented(&self) -> bool {
        self.0.demonstration
    }
}

/// How much of a target is done.
#[derive(Clone)]
pub struct TargetProgress(pub(in crate::graphql) TargetCompletion);

/// 一项目标任务的完成情况。
///
/// How much of a target is done.
#[Object]
impl TargetProgress {
    /// 目标任务。
    ///
    /// The target.
    #[graphql(directive = heading::apply("目标任务".into()))]
    async fn target(&self, context: &Context<'_>) -> Result<Target> {
        Ok(loader::required(context, self.0.target_id).await?.into())
    }

    /// 完成数；没有被接受的填报的为 null。
    ///
    /// How much is achieved; null while nothing is accepted.
    #[graphql(directive = heading::apply("完成数".into()))]
    async fn achieved(&self) -> Option<Decimal> {
        self.0.achieved.map(Decimal)
    }

    /// 完成率，可超过 1；上限和条款没有完成率，为 null。
    ///
    /// Achieved ÷ value, above 1 where more was done; null of ceilings and terms, which have none.
    #[graphql(directive = heading::apply("完成率".into()))]
    async fn completion(&self) -> Option<Decimal> {
        self.0.share.as_ref().map(shown)
    }

    /// 是否计入任务的完成率：“其中”项和上限不计。
    ///
    /// Whether it is in the mean of its task: parts and ceilings are not.
    #[graphql(directive = heading::apply("是否计入任务的完成率".into()))]
    async fn counts(&self) -> bool {
        self.0.counts
    }

    /// 是否突破上限。
    ///
    /// Whether it is a ceiling that is broken.
    #[graphql(directive = heading::apply("是否突破上限".into()))]
    async fn exceeded(&self) -> bool {
        self.0.is_exceeded()
    }
}

/// 完成率的计算依据。
///
/// By what a completion was found.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "Basis", name = "CompletionBasis")]
pub enum CompletionBasis {
    /// 目标任务。
    ///
    /// By its targets.
    #[graphql(directive = heading::apply("目标任务".into()))]
    Targets,
    /// 时间节点。
    ///
    /// By its milestones.
    #[graphql(directive = heading::apply("时间节点".into()))]
    Milestones,
    /// 牵头单位自报。
    ///
    /// As its lead states.
    #[graphql(directive = heading::apply("牵头单位自报".into()))]
    Stated,
    /// 尚无依据。
    ///
    /// Nothing to measure it by.
    #[graphql(directive = heading::apply("尚无依据".into()))]
    Nothing,
}

/// 应完成比例的曲线。
///
/// The curve of what is planned.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "Curve", name = "PlanCurve")]
pub enum PlanCurve {
    /// 时间进度：从开始到时限的直线。
    ///
    /// The straight line from start to due date.
    #[graphql(directive = heading::apply("时间进度".into()))]
    StraightLine,
    /// 计划进度：经过各时间节点的计划比例。
    ///
    /// Through the milestones' planned shares.
    #[graphql(directive = heading::apply("计划进度".into()))]
    OwnPlan,
}

/// Why a light is what it is.
pub struct LightProof(dossier::TaskState);

impl LightProof {
    fn proof(&self) -> &Proof {
        &self.0.verdict.proof
    }
}

fn language(context: &Context<'_>) -> Result<Language> {
    Ok(Inquiry::of(context)?.language)
}

/// 亮灯依据：规则及版本、计划曲线、截至日期、两个数、算式，以及怎样才能转绿。
///
/// Why a light is what it is: the rules and their version, the curve, the date, the two numbers, the arithmetic, and what would turn it green.
#[Object]
impl LightProof {
    /// 规则代码。
    ///
    /// The code of the rule set.
    #[graphql(directive = heading::apply("规则代码".into()))]
    async fn rule_set_code(&self) -> &str {
        &self.proof().rule_set_code
    }

    /// 规则版本。
    ///
    /// The version of the rule set.
    #[graphql(directive = heading::apply("规则版本".into()))]
    async fn rule_set_version(&self) -> u32 {
        self.proof().rule_set_version
    }

    /// 规则名称。
    ///
    /// What the rule set is called.
    #[graphql(directive = heading::apply("规则名称".into()))]
    fn rule_set_name(&self, context: &Context<'_>) -> Result<&str> {
        Ok(self.proof().rule_set_name.in_language(language(context)?))
    }

    /// 截至哪一天。
    ///
    /// As of which date.
    #[graphql(directive = heading::apply("截至哪一天".into()))]
    async fn as_of(&self) -> Date {
        Date(self.proof().as_of)
    }

    /// 原定时限，据此判定逾期。
    ///
    /// The original due date, by which a task is late.
    #[graphql(directive = heading::apply("原定时限".into()))]
    async fn due_on(&self) -> Date {
        Date(self.proof().due_on)
    }

    /// 延期至；只作显示。
    ///
    /// Until when it was extended, which is shown only.
    #[graphql(directive = heading::apply("延期至".into()))]
    async fn extended_to(&self) -> Option<Date> {
        self.proof().extended_to.map(Date)
    }

    /// 应完成比例所用的曲线。
    ///
    /// The curve that the planned share was read from.
    #[graphql(directive = heading::apply("应完成比例所用的曲线".into()))]
    async fn curve(&self) -> PlanCurve {
        self.proof().curve.into()
    }

    /// 按该曲线应完成的比例，0 至 1。
    ///
    /// The share planned by that curve, from 0 to 1.
    #[graphql(directive = heading::apply("按该曲线应完成的比例".into()))]
    async fn planned(&self) -> Decimal {
        shown(&self.proof().planned)
    }

    /// 按时间进度（直线）应完成的比例，0 至 1。
    ///
    /// The share due along the straight line, from 0 to 1.
    #[graphql(directive = heading::apply("按时间进度".into()))]
    async fn straight_line(&self) -> Decimal {
        shown(&self.proof().straight_line)
    }

    /// 按任务自己的计划应完成的比例，0 至 1；没有计划比例的为 null。
    ///
    /// The share due by the task's own plan, from 0 to 1; null where it plans none.
    #[graphql(directive = heading::apply("按任务自己的计划应完成的比例".into()))]
    async fn own_plan(&self) -> Option<Decimal> {
        self.proof().own_plan.as_ref().map(shown)
    }

    /// 计划前松后紧之处；没有则为 null。
    ///
    /// Where the plan is back-loaded; null where it is not.
    #[graphql(directive = heading::apply("计划前松后紧之处".into()))]
    async fn back_loading(&self, context: &Context<'_>) -> Option<Result<PlanBackLoading>> {
        let loading = self.proof().back_loading.as_ref()?;
        Some(language(context).map(|language| PlanBackLoading::of(loading, language)))
    }

    /// 完成率，0 至 1。
    ///
    /// The completion, from 0 to 1.
    #[graphql(directive = heading::apply("完成率".into()))]
    async fn completion(&self) -> Decimal {
        shown(&self.proof().completion)
    }

    /// 完成率的计算依据。
    ///
    /// By what the completion was found.
    #[graphql(directive = heading::apply("完成率的计算依据".into()))]
    async fn basis(&self) -> CompletionBasis {
        self.proof().basis.into()
    }

    /// 差距，百分点；精确到足以与界限区分。
    ///
    /// The gap in percentage points, as precise as it takes to tell it from a threshold.
    #[graphql(directive = heading::apply("差距".into()))]
    async fn gap(&self) -> String {
        let proof = self.proof();
        proof.gap.percent_beside(&proof.thresholds).to_string()
    }

    /// 算式，按先后；最后几步决定灯色。
    ///
    /// The arithmetic, in order; the last steps decide.
    #[graphql(directive = heading::apply("算式".into()))]
    fn steps(&self, context: &Context<'_>) -> Result<Vec<ProofStep>> {
        let language = language(context)?;
        let proof = self.proof();
        let step = |step: &Step| ProofStep { kind: step.word(), text: step.text(&proof.thresholds).in_language(language).to_owned() };
        Ok(proof.steps.iter().map(step).collect())
    }

    /// 怎样才能在当日转绿；绿灯和蓝灯为 null。
    ///
    /// What would turn it green by the same date; null when it is green or blue.
    #[graphql(directive = heading::apply("怎样才能在当日转绿".into()))]
    async fn to_turn_green(&self, context: &Context<'_>) -> Option<Result<Vec<String>>> {
        let needs = self.proof().remedy.as_ref()?;
        let basis = self.proof().basis;
        let told = |language| needs.iter().map(|need: &Need| need.text(basis).in_language(language).to_owned()).collect();
        Some(language(context).map(told))
    }

    /// 全部依据，一段话。
    ///
    /// All of it as one paragraph.
    #[graphql(directive = heading::apply("全部依据".into()))]
    fn explanation(&self, context: &Context<'_>) -> Result<String> {
        Ok(self.0.verdict.explanation().in_language(language(context)?).to_owned())
    }
}

/// 算式的一步。
///
/// A step of the arithmetic.
#[derive(SimpleObject)]
pub struct ProofStep {
    /// 代码，供程序判断。
    ///
    /// A word for programs.
    #[graphql(directive = heading::apply("代码".into()))]
    kind: &'static str,
    /// 文字。
    ///
    /// In words.
    #[graphql(directive = heading::apply("文字".into()))]
    text: String,
}

/// 计划前松后紧之处。
///
/// Where a plan is furthest below the straight line.
#[derive(SimpleObject)]
pub struct PlanBackLoading {
    /// 哪个日期。
    ///
    /// The date of the milestone.
    #[graphql(directive = heading::apply("哪个日期".into()))]
    on: Date,
    /// 计划届时完成的比例，0 至 1。
    ///
    /// What the plan asks for by then, from 0 to 1.
    #[graphql(directive = heading::apply("计划届时完成的比例".into()))]
    planned: Decimal,
    /// 直线届时完成的比例，0 至 1。
    ///
    /// What the straight line asks for, from 0 to 1.
    #[graphql(directive = heading::apply("直线届时完成的比例".into()))]
    straight: Decimal,
    /// 说明。
    ///
    /// In words.
    #[graphql(directive = heading::apply("说明".into()))]
    message: String,
}

impl PlanBackLoading {
    fn of(loading: &BackLoading, language: Language) -> Self {
        Self {
            on: Date(loading.on),
            planned: shown(&loading.planned),
            straight: shown(&loading.straight),
            message: loading.text().in_language(language).to_owned(),
        }
    }
}

impl From<dossier::TaskState> for TaskState {
    fn from(state: domain::progress::dossier::TaskState) -> Self {
        Self(state)
    }
}
