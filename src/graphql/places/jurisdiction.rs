//! 辖区: jurisdictions.

use async_graphql::{Context, Description, ID, InputObject, Object, Result};
use endpoint::heading;
use entity::JurisdictionId;

use crate::{
    domain::{self, language::Text, search},
    graphql::{
        connection::{self, NoticeConnection, UnitConnection},
        enumeration::{JurisdictionKind, Language},
        error::{self, Missing, OrFail as _},
        filter, id,
        inquiry::Inquiry,
        loader::{self, Notices, PageOf, PopulationsOf, RuleSetsOf, Units},
        progress::reporting::RuleSet,
    },
};

/// 辖区：市、区、县、县级市、开发区。
///
/// A government level: city, district, county, county-level city or development zone.
#[derive(Clone, Description)]
pub struct Jurisdiction(domain::places::jurisdiction::Jurisdiction);

#[Object(use_type_description)]
impl Jurisdiction {
    /// 全局 ID。
    ///
    /// The global id.
    #[graphql(directive = heading::apply("全局 ID".into()))]
    pub(in crate::graphql) async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// 代码，一经使用不再更改，例如 yanzhou。
    ///
    /// A slug that never changes, such as yanzhou.
    #[graphql(directive = heading::apply("代码".into()))]
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// 名称。
    ///
    /// The name.
    #[graphql(directive = heading::apply("名称".into()))]
    async fn name(
        &self,
        #[graphql(desc = "名称的语言。\n\nThe language of the name.", default_with = "Language::Chinese")] language: Language,
    ) -> &str {
        match language {
            Language::Chinese => &self.0.name,
            Language::English => &self.0.name_english,
        }
    }

    /// 类别。
    ///
    /// The kind.
    #[graphql(directive = heading::apply("类别".into()))]
    async fn kind(&self) -> JurisdictionKind {
        self.0.kind.into()
    }

    /// GB/T 2260 行政区划代码；没有的为 null。
    ///
    /// The division code of GB/T 2260; null where there is none.
    #[graphql(directive = heading::apply("GB/T 2260 行政区划代码".into()))]
    async fn division_code(&self) -> Option<&str> {
        self.0.division_code.as_deref()
    }

    /// 上级辖区；顶层为 null。
    ///
    /// The level above; null at the top.
    #[graphql(directive = heading::apply("上级辖区".into()))]
    async fn parent(&self, context: &Context<'_>) -> Option<Result<Jurisdiction>> {
        match self.0.parent_id {
            Some(parent) => by_id(context, parent).await.transpose(),
            None => None,
        }
    }

    /// 直接下级辖区，按规范顺序。
    ///
    /// The levels directly below, in the official order.
    #[graphql(directive = heading::apply("直接下级辖区".into()))]
    async fn children(&self, context: &Context<'_>) -> Result<Vec<Jurisdiction>> {
        let inquiry = Inquiry::of(context)?;
        let tree = inquiry.visible.jurisdictions().await.or_fail(context)?;
        let children: Vec<_> = tree.children(self.0.id).cloned().map(Self).collect();
        inquiry.spend(context, children.len().saturating_add(1))?;
        Ok(children)
    }

    /// 常住人口：该年或之前最近一次的数，没有则为之后最早一次的；没有数据的为 null。
    ///
    /// Permanent residents: the latest count until that year, else the first after it; null where none is known.
    #[graphql(directive = heading::apply("常住人口".into()))]
    async fn population(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "年份；不写为最近一次。\n\nThe year; the latest count when left out.")] year: Option<i32>,
    ) -> Option<Result<Population>> {
        in_year(context, self.0.id, year.unwrap_or(i32::MAX)).await.transpose().map(|found| found.map(Population))
    }

    /// 采用过的亮灯规则，按施行日期；没有采用过的按默认规则亮灯。
    ///
    /// The rule sets for lights that it has adopted, by the day from which they judge; where there are none, the default judges.
    #[graphql(directive = heading::apply("采用过的亮灯规则".into()))]
    async fn rule_sets(&self, context: &Context<'_>) -> Result<Vec<RuleSet>> {
        Ok(loader::list(context, RuleSetsOf(self.0.id)).await?.into_iter().map(RuleSet::from).collect())
    }

    /// 本辖区的通知，按年份升序。
    ///
    /// The notices of this jurisdiction, by year.
    #[graphql(directive = heading::apply("本辖区的通知".into()))]
    async fn notices(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "取开头若干条，至多 budget.limits.pageSize 条，不写为 20。\n\nThe first so many rows, at most `budget.limits.pageSize`; 20 when left out."
        )]
        first: Option<i32>,
        #[graphql(desc = "取此游标之后的记录。\n\nRows after this cursor.")] after: Option<String>,
        #[graphql(desc = "取末尾若干条，至多 budget.limits.pageSize 条。\n\nThe last so many rows, at most `budget.limits.pageSize`.")]
        last: Option<i32>,
        #[graphql(desc = "取此游标之前的记录。\n\nRows before this cursor.")] before: Option<String>,
    ) -> Result<NoticeConnection> {
        let request = connection::request(context, first, after, last, before)?;
        Ok(loader::page(context, PageOf { parent: self.0.id, scope: Notices, request }).await?.into())
    }

    /// 本辖区的单位，按规范顺序。
    ///
    /// The units of this jurisdiction, in the official order.
    #[graphql(directive = heading::apply("本辖区的单位".into()))]
    async fn units(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "取开头若干条，至多 budget.limits.pageSize 条，不写为 20。\n\nThe first so many rows, at most `budget.limits.pageSize`; 20 when left out."
        )]
        first: Option<i32>,
        #[graphql(desc = "取此游标之后的记录。\n\nRows after this cursor.")] after: Option<String>,
        #[graphql(desc = "取末尾若干条，至多 budget.limits.pageSize 条。\n\nThe last so many rows, at most `budget.limits.pageSize`.")]
        last: Option<i32>,
        #[graphql(desc = "取此游标之前的记录。\n\nRows before this cursor.")] before: Option<String>,
    ) -> Result<UnitConnection> {
        let request = connection::request(context, first, after, last, before)?;
        Ok(loader::page(context, PageOf { parent: self.0.id, scope: Units, request }).await?.into())
    }
}

impl From<domain::places::jurisdiction::Jurisdiction> for Jurisdiction {
    fn from(jurisdiction: domain::places::jurisdiction::Jurisdiction) -> Self {
        Self(jurisdiction)
    }
}

/// How many people live in a jurisdiction.
pub struct Population(pub(in crate::graphql) domain::places::population::Population);

/// 常住人口及其来源。
///
/// Permanent residents, and by whom they were counted.
#[Object]
impl Population {
    /// 哪一年年末。
    ///
    /// At the end of which year.
    #[graphql(directive = heading::apply("哪一年年末".into()))]
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// 人数。
    ///
    /// How many persons.
    #[graphql(directive = heading::apply("人数".into()))]
    async fn residents(&self) -> i64 {
        self.0.residents
    }

    /// 来源。
    ///
    /// By whom and how they were counted.
    #[graphql(directive = heading::apply("来源".into()))]
    async fn source(
        &self,
        #[graphql(desc = "文字的语言。\n\nThe language of the text.", default_with = "Language::Chinese")] language: Language,
    ) -> &str {
        match language {
            Language::Chinese => &self.0.source,
            Language::English => &self.0.source_english,
        }
    }
}

/// The count of a jurisdiction's residents to go by in a year.
pub(in crate::graphql) async fn in_year(
    context: &Context<'_>,
    id: JurisdictionId,
    year: i32,
) -> Result<Option<domain::places::population::Population>> {
    let counts = loader::list(context, PopulationsOf(id)).await?;
    Ok(domain::places::population::in_year(&counts, year).cloned())
}

/// The jurisdiction with this id.
pub(in crate::graphql) async fn by_id(context: &Context<'_>, id: JurisdictionId) -> Result<Option<Jurisdiction>> {
    let inquiry = Inquiry::of(context)?;
    inquiry.spend(context, 1)?;
    let tree = inquiry.visible.jurisdictions().await.or_fail(context)?;
    Ok(tree.by_id(id).cloned().map(Jurisdiction))
}

/// The jurisdiction with this id, which must be there because a visible row refers to it.
pub(in crate::graphql) async fn required(context: &Context<'_>, id: JurisdictionId) -> Result<Jurisdiction> {
    by_id(context, id).await?.ok_or_else(|| error::internal(context, &Missing("jurisdiction")))
}

/// The ids of the jurisdictions with these codes. One that is not there is told: left out in silence, it would look as if it had nothing.
pub(in crate::graphql) async fn ids(context: &Context<'_>, argument: &str, codes: &[String]) -> Result<Vec<JurisdictionId>> {
    let tree = Inquiry::of(context)?.visible.jurisdictions().await.or_fail(context)?;
    let id = |(place, code): (usize, &String)| {
        tree.by_code(code).map(|jurisdiction| jurisdiction.id).ok_or_else(|| {
            let message = Text::new(
                "没有这个辖区：请用 jurisdictions 查询代码，例如 yanzhou。",
                "There is no such jurisdiction: `jurisdictions` tells the codes, such as yanzhou.",
            );
            error::bad_input(context, &format!("{argument}.{place}"), &message)
        })
    };
    codes.iter().enumerate().map(id).collect()
}

/// The jurisdiction with this code.
pub(in crate::graphql) async fn by_code(context: &Context<'_>, code: &str) -> Result<Option<domain::places::jurisdiction::Jurisdiction>> {
    let tree = Inquiry::of(context)?.visible.jurisdictions().await.or_fail(context)?;
    Ok(tree.by_code(code).cloned())
}

/// 辖区筛选条件；各条件同时成立。
///
/// Which jurisdictions to list; all conditions hold at once.
#[derive(InputObject, Default)]
pub struct JurisdictionFilter {
    /// 名称或代码中的任意文字。
    ///
    /// Any substring of the name or code.
    text: Option<String>,
    /// 类别之一；空列表不选任何记录。
    ///
    /// One of these kinds; an empty list chooses nothing.
    kind: Option<Vec<JurisdictionKind>>,
    /// 这些代码的辖区及其全部下级。
    ///
    /// The jurisdictions with these codes and all below them.
    within: Option<Vec<String>>,
}

/// Queries for jurisdictions.
#[derive(Default)]
pub struct JurisdictionQuery;

#[Object]
impl JurisdictionQuery {
    /// 按代码查辖区；没有则为 null。
    ///
    /// The jurisdiction with this code; null if there is none.
    #[graphql(directive = heading::apply("按代码查辖区".into()))]
    async fn jurisdiction(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "辖区代码，例如 jining。\n\nA code such as jining.")] code: String,
    ) -> Option<Result<Jurisdiction>> {
        Some(by_code(context, &code).await.transpose()?.map(Jurisdiction))
    }

    /// 辖区列表，按规范顺序。
    ///
    /// Jurisdictions, in the official order.
    #[graphql(directive = heading::apply("辖区列表".into()))]
    async fn jurisdictions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "筛选条件。\n\nWhich to list.")] filter: Option<JurisdictionFilter>,
    ) -> Result<Vec<Jurisdiction>> {
        let tree = Inquiry::of(context)?.visible.jurisdictions().await.or_fail(context)?;
        let filter = filter.unwrap_or_default();
        let text = filter::text(context, filter.text)?.as_deref().map(search::normalise);
        let within: Option<Vec<String>> = filter::choices(context, "within", filter.within)?;
        let within: Option<Vec<JurisdictionId>> = within.map(|codes| {
            codes.iter().filter_map(|code| tree.by_code(code)).flat_map(|jurisdiction| tree.subtree(jurisdiction.id)).collect()
        });
        let chosen = tree.all().iter().filter(|jurisdiction| {
            filter.kind.as_ref().is_none_or(|kinds| kinds.contains(&jurisdiction.kind.into()))
                && within.as_ref().is_none_or(|ids| ids.contains(&jurisdiction.id))
                && text.as_ref().is_none_or(|text| {
                    [&jurisdiction.name, &jurisdiction.name_english, &jurisdiction.code]
                        .iter()
                        .any(|name| search::normalise(name).contains(text.as_str()))
                })
        });
        let chosen: Vec<_> = chosen.cloned().map(Jurisdiction).collect();
        Inquiry::of(context)?.spend(context, chosen.len().saturating_add(1))?;
        Ok(chosen)
    }
}
