//! Keyset pages: the request of a caller, the page, and the cursor between the two.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The rows of a page when the caller names no number.
pub const DEFAULT_SIZE: u32 = 20;

/// Which end of the list a page is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// `first`: from the start, or after a cursor.
    Forward,
    /// `last`: from the end, or before a cursor.
    Backward,
}

/// A page that was asked for. Its size is checked; its cursors are read by the list that they belong to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PageRequest {
    /// Rows at most, 1 to what the limits allow. More is an error, not a shorter page: a caller that asked for more would take it for
    /// everything.
    pub size: u32,
    /// Which end to count from.
    pub direction: Direction,
    /// Only rows that come after this opaque cursor.
    pub after: Option<String>,
    /// Only rows that come before this opaque cursor.
    pub before: Option<String>,
    /// Whether the caller wants the number of all rows, which costs a statement.
    pub counted: bool,
}

impl PageRequest {
    /// The first so many rows.
    #[must_use]
    pub fn first(size: u32) -> Self {
        Self { size, direction: Direction::Forward, after: None, before: None, counted: false }
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in the order of the list, each with the cursor that leads back to it.
    pub rows: Vec<(Cursor, T)>,
    /// Whether rows come before the first of these.
    pub has_previous: bool,
    /// Whether rows come after the last of these.
    pub has_next: bool,
    /// The number of rows of the whole list, where it was asked for.
    pub total: Option<u64>,
}

impl<T> Page<T> {
    /// This page, with each row turned into another value.
    pub fn map<U>(self, mut make: impl FnMut(T) -> U) -> Page<U> {
        Page {
            rows: self.rows.into_iter().map(|(cursor, row)| (cursor, make(row))).collect(),
            has_previous: self.has_previous,
            has_next: self.has_next,
            total: self.total,
        }
    }

    /// A page of an empty list.
    #[must_use]
    pub fn empty(request: &PageRequest) -> Self {
        Self { rows: Vec::new(), has_previous: false, has_next: false, total: request.counted.then_some(0) }
    }
}

/// A place in a list, as callers never see it: the values by which the list is ordered, and the id that settles ties.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cursor {
    /// The list and its order; a cursor of one list means nothing in another.
    #[serde(rename = "l")]
    pub list: String,
    /// The values of the list's keys at this place, in their order.
    #[serde(rename = "k")]
    pub keys: Vec<i64>,
    /// The row at this place.
    #[serde(rename = "i")]
    pub id: Uuid,
}

impl Cursor {
    /// The opaque form that callers see.
    #[must_use]
    pub fn encode(&self) -> String {
        // A struct of numbers and strings always has a JSON form.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// The place that an opaque cursor names, if it is one of the list `list` with `keys` keys.
    #[must_use]
    pub fn decode(opaque: &str, list: &str, keys: usize) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(opaque).ok()?;
        let cursor: Self = serde_json::from_slice(&bytes).ok()?;
        (cursor.list == list && cursor.keys.len() == keys).then_some(cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_returns_only_to_its_own_list() {
        let cursor = Cursor { list: "tasks:NUMBER".into(), keys: vec![1, -2], id: Uuid::from_u128(7) };
        let opaque = cursor.encode();
        assert_eq!(Cursor::decode(&opaque, "tasks:NUMBER", 2), Some(cursor));
        assert_eq!(Cursor::decode(&opaque, "tasks:YEAR", 2), None);
        assert_eq!(Cursor::decode(&opaque, "tasks:NUMBER", 3), None);
        for broken in ["", "!", "bm9uc2Vuc2U", &opaque.replace('e', "")] {
            assert_eq!(Cursor::decode(broken, "tasks:NUMBER", 2), None, "{broken}");
        }
    }
}
