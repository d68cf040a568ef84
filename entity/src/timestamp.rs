//! Points in time that both databases keep and order alike.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// A point in time, to the microsecond.
///
/// Stored as microseconds since 1970 in UTC: `SQLite` has no type for time and would order texts of different precision wrongly,
/// and what is hashed into the audit chain must be read back as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Microseconds since 1970 in UTC.
    #[must_use]
    pub fn microseconds(self) -> i64 {
        self.0
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time.timestamp_micros())
    }
}

impl From<Timestamp> for DateTime<Utc> {
    fn from(timestamp: Timestamp) -> Self {
        // Only values beyond the year 262000 are no point in time; nothing writes one.
        DateTime::from_timestamp_micros(timestamp.0).unwrap_or(DateTime::UNIX_EPOCH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_returns_the_time_it_was_made_of() {
        let time: DateTime<Utc> = "2026-11-22T10:44:08.123456Z".parse().expect("a time");
        assert_eq!(DateTime::<Utc>::from(Timestamp::from(time)), time);
    }
}
