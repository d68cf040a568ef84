//! Jurisdictions are few and change about once in a decade: they are read whole.

use std::sync::Arc;

use entity::{JurisdictionId, jurisdiction};
use sea_orm::QueryOrder as _;

use crate::{
    domain::places::jurisdiction::{Jurisdiction, Tree},
    store::{StoreError, Visible},
};

pub(in crate::store) async fn tree(visible: &Visible) -> Result<Arc<Tree>, StoreError> {
    let rows = visible
        .reference::<jurisdiction::Entity>()
        .order_by_asc(jurisdiction::Column::Position)
        .order_by_asc(jurisdiction::Column::Id)
        .all(visible.connection())
        .await?;
    Ok(Arc::new(Tree::new(rows.into_iter().map(Jurisdiction::from).collect())))
}

impl Visible {
    /// The ids that a filter by jurisdiction means: these codes, with all below them where `descendants` says so. A code that
    /// nobody has means nothing.
    pub(in crate::store) async fn jurisdiction_ids(&self, codes: &[String], descendants: bool) -> Result<Vec<JurisdictionId>, StoreError> {
        let tree = self.jurisdictions().await?;
        let chosen = codes.iter().filter_map(|code| tree.by_code(code)).map(|jurisdiction| jurisdiction.id);
        let mut ids: Vec<JurisdictionId> = if descendants { chosen.flat_map(|id| tree.subtree(id)).collect() } else { chosen.collect() };
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }
}

impl From<jurisdiction::Model> for Jurisdiction {
    fn from(row: jurisdiction::Model) -> Self {
        Self {
            id: row.id,
            code: row.code,
            name: row.name,
            name_english: row.name_english,
            kind: row.kind,
            division_code: row.division_code,
            parent_id: row.parent_id,
            position: row.position,
        }
    }
}
