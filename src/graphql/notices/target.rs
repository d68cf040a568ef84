//! 目标任务: the quantified commitments of tasks.

use async_graphql::{Context, Description, ID, Object, Result};
use endpoint::heading;

use super::task::Task;
use crate::{
    domain,
    graphql::{
        analysis::breakdown::Breakdown,
        catalogue::indicator::Indicator,
        enumeration::{Comparator, TargetKind},
        error::{self, Missing},
        id,
        loader::{self, AllocationsOf, DossierOf, TargetsOf},
        progress::{ledger::not_after_today, milestone::Allocation},
        scalar::{Date, Decimal},
    },
};

/// 目标任务：一项量化承诺。
///
/// A quantified commitment.
#[derive(Clone, Description)]
pub struct Target(domain::notices::target::Target);

#[Object(use_type_description)]
impl Target {
    /// 全局 ID。
    ///
    /// The global id.
    #[graphql(directive = heading::apply("全局 ID".into()))]
    pub(in crate::graphql) async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// 计什么。
    ///
    /// What is counted.
    #[graphql(directive = heading::apply("计什么".into()))]
    async fn label(&self) -> &str {
        &self.0.label
    }

    /// 目标值，按 unit 计，不带“万”：3.44万个 为 34400。
    ///
    /// How much, in the plain unit: 3.44万个 is 34400.
    #[graphql(directive = heading::apply("目标值".into()))]
    async fn value(&self) -> Decimal {
        Decimal(self.0.value)
    }

    /// 基数：比率或总数的起点，完成率从它算起；没有则为 null，从零算起。
    ///
    /// The value from which a rate or a level starts, and from which its completion runs; null where it runs from nothing.
    #[graphql(directive = heading::apply("基数".into()))]
    async fn baseline(&self) -> Option<Decimal> {
        self.0.baseline.map(Decimal)
    }

    /// 计量单位：个、处、户、人次、平方米、% 等。
    ///
    /// The counting unit.
    #[graphql(directive = heading::apply("计量单位".into()))]
    async fn unit(&self) -> &str {
        &self.0.unit
    }

    /// 目标值的含义。
    ///
    /// Whether the value is exact, a minimum, about or a maximum.
    #[graphql(directive = heading::apply("目标值的含义".into()))]
    async fn comparator(&self) -> Comparator {
        self.0.comparator.into()
    }

    /// 类别。
    ///
    /// The kind of figure.
    #[graphql(directive = heading::apply("类别".into()))]
    async fn kind(&self) -> TargetKind {
        self.0.kind.into()
    }

    /// 所属任务。
    ///
    /// The task.
    #[graphql(directive = heading::apply("所属任务".into()))]
    async fn task(&self, context: &Context<'_>) -> Result<Task> {
        Ok(loader::required(context, self.0.task_id).await?.into())
    }

    /// “其中”项所属的总项，不重复计数；没有则为 null。
    ///
    /// The target that this is part of and never counted twice with.
    #[graphql(directive = heading::apply("“其中”项所属的总项".into()))]
    async fn part_of(&self, context: &Context<'_>) -> Option<Result<Target>> {
        let whole = self.0.part_of_id?;
        let of_task = loader::list(context, TargetsOf(self.0.task_id)).await;
        of_task.map(|targets| targets.into_iter().find(|target| target.id == whole).map(Self)).transpose()
    }

    /// 本项的“其中”项。
    ///
    /// The parts of this target.
    #[graphql(directive = heading::apply("本项的“其中”项".into()))]
    async fn parts(&self, context: &Context<'_>) -> Result<Vec<Target>> {
        let targets = loader::list(context, TargetsOf(self.0.task_id)).await?;
        Ok(targets.into_iter().filter(|target| target.part_of_id == Some(self.0.id)).map(Self).collect())
    }

    /// 分解到各单位的份额；没有分解的为空。
    ///
    /// The shares that were handed to units; empty where none were.
    #[graphql(directive = heading::apply("分解到各单位的份额".into()))]
    async fn allocations(&self, context: &Context<'_>) -> Result<Vec<Allocation>> {
        Ok(loader::list(context, AllocationsOf(self.0.id)).await?.into_iter().map(Allocation).collect())
    }

    /// 分解落实情况：各单位的份额、填报数、差额，合计与重复之处；既没有分解也没有填报的为空。
    ///
    /// How it is split and what became of each share, with the sum and overlaps; without parts where nothing is split or reported.
    #[graphql(directive = heading::apply("分解落实情况".into()))]
    async fn breakdown(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "截至哪一天，不晚于今天；不写为今天。\n\nAs of which date, not after today; today when left out.")] on: Option<
            Date,
        >,
    ) -> Result<Breakdown> {
        let on = not_after_today(context, on)?;
        let known = loader::required(context, DossierOf(self.0.task_id)).await?;
        let goal = known.dossier.goals.iter().find(|goal| goal.target().id == self.0.id);
        let goal = goal.ok_or_else(|| error::internal(context, &Missing("target of a task")))?;
        let on = on.unwrap_or_else(|| known.reckoning.today());
        Ok(Breakdown {
            found: domain::analysis::breakdown::breakdown(&known.dossier, goal, on, &known.reckoning),
            target: self.0.clone(),
            year: known.dossier.notice.year,
            on,
            jurisdiction_id: known.dossier.notice.jurisdiction_id,
        })
    }

    /// 可与其他通知比较的指标；不可比的为 null。
    ///
    /// The indicator under which it is comparable; null where it is not.
    #[graphql(directive = heading::apply("可与其他通知比较的指标".into()))]
    async fn indicator(&self, context: &Context<'_>) -> Option<Result<Indicator>> {
        Some(loader::required(context, self.0.indicator_id?).await.map(Indicator::from))
    }
}

impl From<domain::notices::target::Target> for Target {
    fn from(target: domain::notices::target::Target) -> Self {
        Self(target)
    }
}
