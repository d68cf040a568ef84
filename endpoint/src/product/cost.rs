//! What fields cost, as the product says.

use std::fmt;

/// What a field costs each time that it is called. In a list it is called for each row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Price {
    /// Calling it.
    pub call: u64,
    /// Selecting its `totalCount`.
    pub counted: u64,
    /// What it costs more where its argument `filter` has one of these fields.
    pub filters: &'static [(&'static str, u64)],
    /// Each of the given `ids`.
    pub id: u64,
}

impl Price {
    /// A field that costs so much each time that it is called.
    #[must_use]
    pub const fn call(call: u64) -> Self {
        Self { call, counted: 0, filters: &[], id: 0 }
    }

    /// And so much where its `totalCount` is selected.
    #[must_use]
    pub const fn counted(self, counted: u64) -> Self {
        Self { counted, ..self }
    }

    /// And so much for each of these fields that its `filter` has.
    #[must_use]
    pub const fn filtered(self, filters: &'static [(&'static str, u64)]) -> Self {
        Self { filters, ..self }
    }

    /// And so much for each of the given `ids`.
    #[must_use]
    pub const fn id(self, id: u64) -> Self {
        Self { id, ..self }
    }
}

/// What a product says of its fields before they run.
///
/// The endpoint knows these conventions: a page is a type whose name ends in `Connection`, with `nodes`, `edges`, `totalCount` and
/// `pageInfo`, and takes `first`, `last`, `after` and `before`; a field that takes `limit` gives the first so many groups, and tells by
/// `groupCount` how many there are.
#[derive(Clone, Copy)]
pub struct Costs {
    /// The rows of a page where nobody says how many.
    pub page: u32,
    /// The most groups of a field that takes `limit`.
    pub most_groups: u32,
    /// Usual lengths of lists that are no pages, by type and field. Any other list is taken to have ten things.
    pub lengths: &'static [(&'static str, &'static str, u64)],
    /// Prices by type and field, in units of which a thousand make a point. Any other field costs nothing beside the size of its answer.
    pub prices: &'static [(&'static str, &'static str, Price)],
    /// The points of a change, by its root field.
    pub change: fn(&str) -> u64,
}

/// How long a list is taken to be.
const USUAL: u64 = 10;

impl Costs {
    /// What a field of a type costs.
    #[must_use]
    pub fn price(&self, kind: &str, field: &str) -> Price {
        self.prices.iter().find(|(owner, name, _)| *owner == kind && *name == field).map_or_else(Price::default, |(_, _, price)| *price)
    }

    /// How long a list usually is.
    pub(crate) fn length(&self, kind: &str, field: &str) -> u64 {
        self.lengths.iter().find(|(owner, name, _)| *owner == kind && *name == field).map_or(USUAL, |(_, _, length)| *length)
    }
}

impl Default for Costs {
    fn default() -> Self {
        Self { page: 20, most_groups: 1_000, lengths: &[], prices: &[], change: |_| 0 }
    }
}

impl fmt::Debug for Costs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Costs").field("prices", &self.prices.len()).field("lengths", &self.lengths.len()).finish_non_exhaustive()
    }
}
