//! 单位: units.

use async_graphql::{Context, Description, ID, InputObject, Object, Result};
use endpoint::heading;

use super::jurisdiction::{self, Jurisdiction};
use crate::{
    domain,
    graphql::{
        connection::{self, AssignmentConnection, NoticeConnection, UnitConnection},
        enumeration::{AssignmentRole, UnitKind},
        error::{self, Missing, OrFail as _},
        filter, id,
        inquiry::Inquiry,
        loader::{self, AliasesOf, Assignments, CollectivesOf, IssuedNotices, MembersOf, PageOf, SupervisedNotices},
    },
    store,
};

/// 单位：部门、镇街、派驻机构、国企、群团、集合单位。
///
/// Who does work: a department, town, branch, enterprise, mass organisation or collective unit.
#[derive(Clone, Description)]
pub struct Unit(domain::places::unit::Unit);

#[Object(use_type_description)]
impl Unit {
    /// 全局 ID。
    ///
    /// The global id.
    #[graphql(directive = heading::apply("全局 ID".into()))]
    pub(in crate::graphql) async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// 通知所用的名称，同一辖区内不重复。
    ///
    /// The name that notices use, unique in its jurisdiction.
    #[graphql(directive = heading::apply("通知所用的名称".into()))]
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// 其他叫法。
    ///
    /// Other names it is known by.
    #[graphql(directive = heading::apply("其他叫法".into()))]
    async fn aliases(&self, context: &Context<'_>) -> Result<Vec<String>> {
        loader::list(context, AliasesOf(self.0.id)).await
    }

    /// 类别。
    ///
    /// The kind.
    #[graphql(directive = heading::apply("类别".into()))]
    async fn kind(&self) -> UnitKind {
        self.0.kind.into()
    }

    /// 所属辖区；市直部门派驻开发区的机构属于开发区。
    ///
    /// Its jurisdiction; a city bureau's branch in a zone is the zone's.
    #[graphql(directive = heading::apply("所属辖区".into()))]
    async fn jurisdiction(&self, context: &Context<'_>) -> Result<Jurisdiction> {
        jurisdiction::by_id(context, self.0.jurisdiction_id).await?.ok_or_else(|| error::internal(context, &Missing("jurisdiction")))
    }

    /// 集合单位的成员；其他单位、或通知未列明成员的为空。
    ///
    /// The members of a collective unit; empty for others, and where the notice names none.
    #[graphql(directive = heading::apply("集合单位的成员".into()))]
    async fn members(&self, context: &Context<'_>) -> Result<Vec<Unit>> {
        Ok(loader::list(context, MembersOf(self.0.id)).await?.into_iter().map(Self).collect())
    }

    /// 所属的集合单位。
    ///
    /// The collective units that it is a member of.
    #[graphql(directive = heading::apply("所属的集合单位".into()))]
    async fn member_of(&self, context: &Context<'_>) -> Result<Vec<Unit>> {
        Ok(loader::list(context, CollectivesOf(self.0.id)).await?.into_iter().map(Self).collect())
    }

    /// 本单位的分工，按通知与编号排序；经集合单位落实的分工见 memberOf。
    ///
    /// Its assignments, by notice and number; those that reach it through a collective unit are found by memberOf.
    #[graphql(directive = heading::apply("本单位的分工".into()))]
    async fn assignments(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "只取此角色。\n\nOnly this role.")] role: Option<AssignmentRole>,
        #[graphql(
            desc = "取开头若干条，至多 budget.limits.pageSize 条，不写为 20。\n\nThe first so many rows, at most `budget.limits.pageSize`; 20 when left out."
        )]
        first: Option<i32>,
        #[graphql(desc = "取此游标之后的记录。\n\nRows after this cursor.")] after: Option<String>,
        #[graphql(desc = "取末尾若干条，至多 budget.limits.pageSize 条。\n\nThe last so many rows, at most `budget.limits.pageSize`.")]
        last: Option<i32>,
        #[graphql(desc = "取此游标之前的记录。\n\nRows before this cursor.")] before: Option<String>,
    ) -> Result<AssignmentConnection> {
        let request = connection::request(context, first, after, last, before)?;
        Ok(loader::page(context, PageOf { parent: self.0.id, scope: Assignments { role: role.map(Into::into) }, request }).await?.into())
    }

    /// 本单位印发的通知，按年份升序。
    ///
    /// The notices that it issued, by year.
    #[graphql(directive = heading::apply("本单位印发的通知".into()))]
    async fn issued_notices(
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
        Ok(loader::page(context, PageOf { parent: self.0.id, scope: IssuedNotices, request }).await?.into())
    }

    /// 本单位督查的通知，按年份升序。
    ///
    /// The notices that it supervises, by year.
    #[graphql(directive = heading::apply("本单位督查的通知".into()))]
    async fn supervised_notices(
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
        Ok(loader::page(context, PageOf { parent: self.0.id, scope: SupervisedNotices, request }).await?.into())
    }
}

impl From<domain::places::unit::Unit> for Unit {
    fn from(unit: domain::places::unit::Unit) -> Self {
        Self(unit)
    }
}

/// 单位筛选条件；各条件同时成立。
///
/// Which units to list; all conditions hold at once.
#[derive(InputObject, Default)]
pub struct UnitFilter {
    /// 名称或其他叫法中的任意文字，不分全角半角、大小写、空格。
    ///
    /// Any substring of a name; width, case and spaces do not matter.
    text: Option<String>,
    /// 辖区代码之一；空列表不选任何记录。
    ///
    /// One of these codes of jurisdictions; an empty list chooses nothing.
    jurisdiction: Option<Vec<String>>,
    /// 所选辖区是否包括其全部下级。
    ///
    /// Whether the chosen jurisdictions include all below them.
    #[graphql(default = true)]
    include_descendants: bool,
    /// 类别之一；空列表不选任何记录。
    ///
    /// One of these kinds; an empty list chooses nothing.
    kind: Option<Vec<UnitKind>>,
}

impl UnitFilter {
    fn checked(self, context: &Context<'_>) -> Result<store::UnitFilter> {
        Ok(store::UnitFilter {
            text: filter::text(context, self.text)?,
            jurisdictions: filter::choices(context, "jurisdiction", self.jurisdiction)?,
            descendants: self.include_descendants,
            kinds: filter::choices(context, "kind", self.kind)?,
        })
    }
}

/// Queries for units.
#[derive(Default)]
pub struct UnitQuery;

#[Object]
impl UnitQuery {
    /// 按辖区代码和名称（或其他叫法）查单位；没有则为 null。
    ///
    /// The unit that a jurisdiction knows by this name; null if there is none.
    #[graphql(directive = heading::apply("按辖区代码和名称".into()))]
    async fn unit(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "辖区代码。\n\nThe code of its jurisdiction.")] jurisdiction: String,
        #[graphql(desc = "名称或其他叫法。\n\nIts name, or another name it is known by.")] name: String,
    ) -> Option<Result<Unit>> {
        let find = async {
            let Some(jurisdiction) = jurisdiction::by_code(context, &jurisdiction).await? else { return Ok(None) };
            Inquiry::of(context)?.visible.unit_by_name(jurisdiction.id, &name).await.or_fail(context)
        };
        Some(find.await.transpose()?.map(Unit))
    }

    /// 单位列表，按辖区和规范顺序。
    ///
    /// Units, by jurisdiction in the official order.
    #[graphql(directive = heading::apply("单位列表".into()))]
    async fn units(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "筛选条件。\n\nWhich to list.")] filter: Option<UnitFilter>,
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
        let filter = filter.unwrap_or_default().checked(context)?;
        Ok(Inquiry::of(context)?.visible.unit_page(&filter, &request).await.or_fail(context)?.into())
    }
}
