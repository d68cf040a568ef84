//! Units, their other names, and the members of collective units.

use std::collections::HashMap;

use entity::{JurisdictionId, UnitId, UnitKind, jurisdiction, unit, unit_alias, unit_member};
use sea_orm::{
    ColumnTrait as _, ExprTrait as _, IntoSimpleExpr as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
    RelationTrait as _, Select,
};

use crate::{
    domain::{
        page::{Page, PageRequest},
        places::unit::Unit,
    },
    store::{
        StoreError, Visible,
        keyset::{self, OrderDirection, Ordering},
        visible::comparable,
    },
};

/// Which units a list holds. An empty list of choices chooses nothing.
#[derive(Clone, Debug, Default)]
pub struct UnitFilter {
    /// A substring of the name or of another name.
    pub text: Option<String>,
    /// Codes of jurisdictions.
    pub jurisdictions: Option<Vec<String>>,
    /// Whether those below the chosen jurisdictions count too.
    pub descendants: bool,
    /// Kinds.
    pub kinds: Option<Vec<UnitKind>>,
}

/// The official order: by jurisdiction, then as its units are listed.
fn official_order() -> Ordering {
    let keys = vec![
        (jurisdiction::Column::Position.into_simple_expr(), OrderDirection::Ascending),
        (unit::Column::Position.into_simple_expr(), OrderDirection::Ascending),
    ];
    Ordering::new("units", keys, unit::Column::Id.into_simple_expr())
}

impl Visible {
    /// A page of the units that a filter chooses, in the official order.
    ///
    /// # Errors
    /// A cursor is not of this list, or a statement failed.
    pub async fn unit_page(&self, filter: &UnitFilter, request: &PageRequest) -> Result<Page<Unit>, StoreError> {
        let mut select = self.units_in_jurisdictions();
        if let Some(text) = &filter.text {
            select = select.filter(self.matches(unit::Column::Id, text));
        }
        if let Some(codes) = &filter.jurisdictions {
            let chosen = self.jurisdiction_ids(codes, filter.descendants).await?;
            select = select.filter(unit::Column::JurisdictionId.is_in(chosen));
        }
        if let Some(kinds) = &filter.kinds {
            select = select.filter(unit::Column::Kind.is_in(kinds.iter().copied()));
        }
        Ok(keyset::page(self.connection(), select, &official_order(), request).await?.map(Unit::from))
    }

    /// A page of the units of each jurisdiction.
    ///
    /// # Errors
    /// A cursor is not of this list, or a statement failed.
    pub async fn units_of_jurisdictions(
        &self,
        jurisdictions: &[JurisdictionId],
        request: &PageRequest,
    ) -> Result<HashMap<JurisdictionId, Page<Unit>>, StoreError> {
        let select = self.units_in_jurisdictions();
        let ordering = official_order().of_list("jurisdiction.units");
        let pages = keyset::pages(self.connection(), select, unit::Column::JurisdictionId, jurisdictions, &ordering, request).await?;
        Ok(pages.into_iter().map(|(id, page)| (id, page.map(Unit::from))).collect())
    }

    /// The unit that a jurisdiction knows by this name, its own or another.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn unit_by_name(&self, jurisdiction: JurisdictionId, name: &str) -> Result<Option<Unit>, StoreError> {
        let Some(name) = comparable(name) else { return Ok(None) };
        let by_alias = self
            .reference::<unit_alias::Entity>()
            .select_only()
            .column(unit_alias::Column::UnitId)
            .filter(unit_alias::Column::JurisdictionId.eq(jurisdiction))
            .filter(unit_alias::Column::Name.eq(name));
        let row = self
            .reference::<unit::Entity>()
            .filter(unit::Column::JurisdictionId.eq(jurisdiction))
            .filter(unit::Column::Name.eq(name).or(unit::Column::Id.in_subquery(by_alias.into_query())))
            .one(self.connection())
            .await?;
        Ok(row.map(Unit::from))
    }

    /// The units with these ids.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn units_by_id(&self, ids: &[UnitId]) -> Result<HashMap<UnitId, Unit>, StoreError> {
        let rows = self.reference::<unit::Entity>().filter(unit::Column::Id.is_in(ids.iter().copied())).all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| (row.id, Unit::from(row))).collect())
    }

    /// The other names of these units, in the order in which they were given.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn aliases_of_units(&self, units: &[UnitId]) -> Result<HashMap<UnitId, Vec<String>>, StoreError> {
        let rows = self
            .reference::<unit_alias::Entity>()
            .filter(unit_alias::Column::UnitId.is_in(units.iter().copied()))
            .order_by_asc(unit_alias::Column::Position)
            .all(self.connection())
            .await?;
        let mut found: HashMap<UnitId, Vec<String>> = HashMap::new();
        for row in rows {
            found.entry(row.unit_id).or_default().push(row.name);
        }
        Ok(found)
    }

    /// The names of all units and jurisdictions, also their other names.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn names_of_all(&self) -> Result<Vec<String>, StoreError> {
        let units = self.reference::<unit::Entity>().select_only().column(unit::Column::Name);
        let aliases = self.reference::<unit_alias::Entity>().select_only().column(unit_alias::Column::Name);
        let mut names: Vec<String> = units.into_tuple().all(self.connection()).await?;
        names.extend(aliases.into_tuple::<String>().all(self.connection()).await?);
        names.extend(self.jurisdictions().await?.all().iter().map(|jurisdiction| jurisdiction.name.clone()));
        Ok(names)
    }

    /// The members of these collective units.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn members_of_collectives(&self, collectives: &[UnitId]) -> Result<HashMap<UnitId, Vec<Unit>>, StoreError> {
        let links = self.reference::<unit_member::Entity>().filter(unit_member::Column::CollectiveId.is_in(collectives.iter().copied()));
        self.linked_units(links, unit_member::Relation::Member, |link| link.collective_id).await
    }

    /// The collective units that these units are members of.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn collectives_of_units(&self, units: &[UnitId]) -> Result<HashMap<UnitId, Vec<Unit>>, StoreError> {
        let links = self.reference::<unit_member::Entity>().filter(unit_member::Column::MemberId.is_in(units.iter().copied()));
        self.linked_units(links, unit_member::Relation::Collective, |link| link.member_id).await
    }

    async fn linked_units(
        &self,
        links: Select<unit_member::Entity>,
        far_end: unit_member::Relation,
        near_end: impl Fn(&unit_member::Model) -> UnitId,
    ) -> Result<HashMap<UnitId, Vec<Unit>>, StoreError> {
        let rows = links
            .join(JoinType::InnerJoin, far_end.def())
            .order_by_asc(unit_member::Column::Position)
            .select_also(unit::Entity)
            .all(self.connection())
            .await?;
        let mut found: HashMap<UnitId, Vec<Unit>> = HashMap::new();
        for (link, linked) in rows {
            found.entry(near_end(&link)).or_default().extend(linked.map(Unit::from));
        }
        Ok(found)
    }

    fn units_in_jurisdictions(&self) -> Select<unit::Entity> {
        self.reference::<unit::Entity>().join(JoinType::InnerJoin, unit::Relation::Jurisdiction.def())
    }
}

impl From<unit::Model> for Unit {
    fn from(row: unit::Model) -> Self {
        Self { id: row.id, jurisdiction_id: row.jurisdiction_id, name: row.name, kind: row.kind, position: row.position }
    }
}
