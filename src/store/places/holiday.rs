//! Public holidays.

use entity::{holiday, holiday_year};

use crate::{
    domain::places::holiday::Holidays,
    store::{StoreError, Visible},
};

impl Visible {
    /// The holidays of all years that are known.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn holidays(&self) -> Result<Holidays, StoreError> {
        // The years first: one that is loaded meanwhile then counts as not published yet, and not as published without its days.
        let years = self.reference::<holiday_year::Entity>().all(self.connection()).await?;
        let days = self.reference::<holiday::Entity>().all(self.connection()).await?;
        let (rest, work): (Vec<_>, Vec<_>) = days.into_iter().partition(|row| row.name.is_some());
        let day = |row: holiday::Model| row.day;
        Ok(Holidays::from_stored(years.into_iter().map(|row| row.year), rest.into_iter().map(day), work.into_iter().map(day)))
    }
}
