//! How many people live in jurisdictions.

use std::collections::HashMap;

use entity::{JurisdictionId, population};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};

use crate::{
    domain::places::population::Population,
    store::{StoreError, Visible},
};

impl Visible {
    /// The counts of these jurisdictions, by year.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn populations_of_jurisdictions(
        &self,
        jurisdictions: &[JurisdictionId],
    ) -> Result<HashMap<JurisdictionId, Vec<Population>>, StoreError> {
        let rows = self
            .reference::<population::Entity>()
            .filter(population::Column::JurisdictionId.is_in(jurisdictions.iter().copied()))
            .order_by_asc(population::Column::Year)
            .all(self.connection())
            .await?;
        let mut found: HashMap<JurisdictionId, Vec<Population>> = HashMap::new();
        for row in rows {
            found.entry(row.jurisdiction_id).or_default().push(row.into());
        }
        Ok(found)
    }
}

impl From<population::Model> for Population {
    fn from(row: population::Model) -> Self {
        Self {
            jurisdiction_id: row.jurisdiction_id,
            year: row.year,
            residents: row.residents,
            source: row.source,
            source_english: row.source_english,
        }
    }
}
