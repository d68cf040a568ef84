//! Where a task stands on a date, and why its light is what it is.

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use endpoint::heading;

use crate::{
    domain::{
        self,
        language::Language,
        progress::{
            completion::{Basis, Ceiling, Makeup, TargetCompletion},
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
        scalar::{self, Date, Decimal},
    },
};

/// How many decimals of a share are shown.
const DECIMALS: u32 = 4;

/// A share as a decimal from 0 to 1: cut, so that what is below the whole never reads as the whole.
pub(in crate::graphql) fn shown(share: &Share) -> scalar::Share {
    scalar::Share(share.cut(DECIMALS).normalize())
}

/// A figure that is no share, such as one for ten thousand residents.
pub(in crate::graphql) fn rounded(figure: &Share) -> Decimal {
    Decimal(figure.rounded(DECIMALS).normalize())
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

    /// 完成率，0 至 1：已报目标的平均；没有已接受的数可据以计算的为 null。
    ///
    /// The completion, from 0 to 1: the mean over the targets that are reported; null while nothing accepted says how much is done.
    #[graphql(directive = heading::apply("完成率".into()))]
    async fn completion(&self) -> Option<scalar::Share> {
        self.0.completion.share.as_ref().map(shown)
    }

    /// 计入完成率的目标数，“其中”项、上限和条款不计。
    ///
    /// How many targets are in the completion once they are reported; parts, ceilings and terms are not.
    #[graphql(directive = heading::apply("计入完成率的目标数".into()))]
    async fn target_count(&self) -> usize {
        self.0.completion.counted()
    }

    /// 其中已有已接受的数的目标数；少于 targetCount 的，任务不能算完成。
    ///
    /// How many of these are reported; while they are fewer, the task is not complete.
    #[graphql(directive = heading::apply("其中已有已接受的数的目标数".into()))]
    async fn reported_count(&self) -> usize {
        self.0.completion.reported()
    }

    /// 按规则所用的曲线应完成的比例，0 至 1。
    ///
    /// The share due by the curve that the rules go by, from 0 to 1.
    #[graphql(directive = heading::apply("按规则所用的曲线应完成的比例".into()))]
    async fn planned(&self) -> scalar::Share {
        shown(&self.0.verdict.proof.planned)
    }

    /// 差距：应完成减完成率，百分点；负数为超前，没有完成率的为 null。
    ///
    /// Planned less completed, in percentage points; below zero when ahead, null where there is no completion.
    #[graphql(directive = heading::apply("差距".into()))]
    async fn gap(&self) -> Option<Decimal> {
        self.0.verdict.proof.gap.as_ref().map(|gap| Decimal(gap.points()))
    }

    /// 是否达序时进度：完成率不低于应完成的比例；没有完成率的为 null。
    ///
    /// Whether it is on schedule: completion is no less than what is planned; null where there is no completion.
    #[graphql(directive = heading::apply("是否达序时进度".into()))]
    async fn on_schedule(&self) -> Option<bool> {
        self.0.completion.share.as_ref().map(|share| *share >= self.0.verdict.proof.planned)
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

    /// 完成率，可超过 1；没有被接受的填报的为 null，上限和条款没有完成率，也为 null。
    ///
    /// Achieved ÷ value, above 1 where more was done; null while nothing is accepted, and of ceilings and terms, which have none.
    #[graphql(directive = heading::apply("完成率".into()))]
    async fn completion(&self) -> Option<scalar::Share> {
        self.0.share.as_ref().map(shown)
    }

    /// 是否由“其中”项相加而来：总项没报，各“其中”项都报了，且其目标值之和等于总项的。
    ///
    /// Whether its parts make that: nobody reported it, all of them are reported, and they promise as much together.
    #[graphql(directive = heading::apply("是否由“其中”项相加而来".into()))]
    async fn made_of_parts(&self) -> bool {
        self.0.is_made_of_parts
    }

    /// 完成数怎么来的：谁的数计入。
    ///
    /// How that comes about: whose figures are counted.
    #[graphql(directive = heading::apply("完成数怎么来的".into()))]
    async fn makeup(&self) -> FigureMakeup {
        self.0.makeup.into()
    }

    /// 是否完成：完成率达到 1；上限在时限当日及以后守住为是、突破为否。尚无已接受的数、未到时限的上限和条款为 null。
    ///
    /// Whether it is met: its completion is 1, or it is a ceiling that is kept when it is due; a broken one is not. Null while nothing is accepted, of a ceiling that is kept and not yet due, and of a term.
    #[graphql(directive = heading::apply("是否完成".into()))]
    async fn met(&self) -> Option<bool> {
        self.0.met
    }

    /// 上限守住还是突破；不是上限，或尚无已接受的数的为 null。
    ///
    /// Whether a ceiling is kept or broken; null of anything else, and while nothing is accepted.
    #[graphql(directive = heading::apply("上限守住还是突破".into()))]
    async fn ceiling(&self) -> Option<CeilingState> {
        self.0.ceiling().map(Into::into)
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

/// 目标的完成数怎么来。
///
/// How the figure of a target comes about.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "Makeup", name = "FigureMakeup")]
pub enum FigureMakeup {
    /// 牵头单位的数即全部；其他单位的数只供核对。
    ///
    /// The lead's figure is the whole; those of others are checks.
    #[graphql(directive = heading::apply("牵头单位的数即全部".into()))]
    Lead,
    /// 几个牵头单位、没有分解：各牵头单位的数相加。
    ///
    /// Several units lead it and nothing is split: theirs are added.
    #[graphql(directive = heading::apply("几个牵头单位、没有分解".into()))]
    Leads,
    /// 有分解：有份额的单位的数相加；没有份额的不计，牵头单位的总数也不计。
    ///
    /// It is split: those of the units with a share are added; whoever has none is not, the lead's total included.
    #[graphql(directive = heading::apply("有分解".into()))]
    Shares,
    /// 比率、总数或标准：牵头单位最近的数，不相加。
    ///
    /// A rate, a level or a standard: the latest figure of a lead, and no sum.
    #[graphql(directive = heading::apply("比率、总数或标准".into()))]
    Latest,
}

/// 上限的情况。
///
/// How a ceiling stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "Ceiling", name = "CeilingState")]
pub enum CeilingState {
    /// 守住。
    ///
    /// Kept.
    #[graphql(directive = heading::apply("守住".into()))]
    Kept,
    /// 突破。
    ///
    /// Broken.
    #[graphql(directive = heading::apply("突破".into()))]
    Broken,
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
    /// 上限是否守住：任务只有上限。
    ///
    /// By its ceilings, which are all that it has.
    #[graphql(directive = heading::apply("上限是否守住".into()))]
    Ceilings,
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
    async fn planned(&self) -> scalar::Share {
        shown(&self.proof().planned)
    }

    /// 按时间进度（直线）应完成的比例，0 至 1。
    ///
    /// The share due along the straight line, from 0 to 1.
    #[graphql(directive = heading::apply("按时间进度".into()))]
    async fn straight_line(&self) -> scalar::Share {
        shown(&self.proof().straight_line)
    }

    /// 按任务自己的计划应完成的比例，0 至 1；没有计划比例的为 null。
    ///
    /// The share due by the task's own plan, from 0 to 1; null where it plans none.
    #[graphql(directive = heading::apply("按任务自己的计划应完成的比例".into()))]
    async fn own_plan(&self) -> Option<scalar::Share> {
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

    /// 完成率，0 至 1；没有已接受的数可据以计算的为 null。
    ///
    /// The completion, from 0 to 1; null while nothing accepted says how much is done.
    #[graphql(directive = heading::apply("完成率".into()))]
    async fn completion(&self) -> Option<scalar::Share> {
        self.proof().completion.as_ref().map(shown)
    }

    /// 完成率的计算依据。
    ///
    /// By what the completion was found.
    #[graphql(directive = heading::apply("完成率的计算依据".into()))]
    async fn basis(&self) -> CompletionBasis {
        self.proof().basis.into()
    }

    /// 差距，百分点；精确到足以与界限区分；没有完成率的为 null。
    ///
    /// The gap in percentage points, as precise as it takes to tell it from a threshold; null where there is no completion.
    #[graphql(directive = heading::apply("差距".into()))]
    async fn gap(&self) -> Option<String> {
        let proof = self.proof();
        proof.gap.as_ref().map(|gap| gap.points_beside(&proof.thresholds).to_string())
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
    planned: scalar::Share,
    /// 直线届时完成的比例，0 至 1。
    ///
    /// What the straight line asks for, from 0 to 1.
    #[graphql(directive = heading::apply("直线届时完成的比例".into()))]
    straight: scalar::Share,
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
