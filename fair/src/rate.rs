//! How often somebody may ask, in memory that does not grow with how many ask.
//!
//! Each client has an allowance that refills steadily. It is kept in two cells of a table of fixed size, found by two secret hashes of
//! who the client is; the cell with more left counts. So a client is kept from asking only where it, or others that share *both* its
//! cells, have asked too often: somebody with addresses without number fills the table, not the memory, and a client among them keeps
//! what is left of its better cell.

use std::{
    hash::{BuildHasher as _, Hash, RandomState},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How many cells a table has: half a mebibyte of them.
const CELLS: usize = 65_536;

/// How much of a minute's points may be used at once.
const AT_ONCE: Duration = Duration::from_secs(30);

/// The most that a client can owe.
const LONGEST_DEBT: Duration = Duration::from_mins(5);

/// The allowances of one kind of client.
pub struct Rate {
    /// For each cell, when its allowance will be full again, in nanoseconds since the beginning.
    cells: Mutex<Box<[u64]>>,
    secrets: [RandomState; 2],
    /// How many nanoseconds a point takes to come back.
    per_point: u64,
    beginning: Instant,
}

impl Rate {
    /// Allowances of so many points a minute; `None` for any number.
    #[must_use]
    pub fn of(points_a_minute: u32, now: Instant) -> Option<Self> {
        let per_point = NANOSECONDS_OF_A_MINUTE.checked_div(points_a_minute.into())?;
        let cells = Mutex::new(vec![0; CELLS].into_boxed_slice());
        Some(Self { cells, secrets: [RandomState::new(), RandomState::new()], per_point, beginning: now })
    }

    /// Takes points from a client's allowance. More than may be used at once count as that.
    ///
    /// # Errors
    /// How long to wait until there are so many.
    pub fn take(&self, client: impl Hash, points: u64, now: Instant) -> Result<(), Duration> {
        let most = self.most();
        let wanted = self.per_point.saturating_mul(points).min(most);
        self.try_take(&client, wanted, most, now, true)
    }

    /// How long to wait until so many points can be taken while so many others are left. More than there can ever be count as that.
    pub fn wait(&self, client: impl Hash, points: u64, leaving: u64, now: Instant) -> Duration {
        let most = self.most().saturating_sub(self.per_point.saturating_mul(leaving));
        let wanted = self.per_point.saturating_mul(points).min(most);
        self.try_take(&client, wanted, most, now, false).err().unwrap_or_default()
    }

    fn most(&self) -> u64 {
        nanoseconds(AT_ONCE).max(self.per_point)
    }

    /// Takes time from a client's cells, or only looks whether it could be taken, where no more than `most` is to be used up then.
    fn try_take(&self, client: &impl Hash, wanted: u64, most: u64, now: Instant, takes: bool) -> Result<(), Duration> {
        let now = nanoseconds(now.saturating_duration_since(self.beginning));
        let places = self.places(client);
        let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        let full = places.iter().filter_map(|place| cells.get(*place).copied()).min().unwrap_or_default();
        let after = full.max(now).saturating_add(wanted);
        let beyond = after.saturating_sub(now).saturating_sub(most);
        if beyond > 0 {
            return Err(Duration::from_nanos(beyond));
        }
        for cell in places.into_iter().filter(|_| takes) {
            if let Some(cell) = cells.get_mut(cell) {
                *cell = after.max(*cell);
            }
        }
        Ok(())
    }

    /// Takes points that were used already, also where there are not so many left: the client waits until they have come back, for
    /// five minutes at most.
    pub fn owe(&self, client: impl Hash, points: u64, now: Instant) {
        let now = nanoseconds(now.saturating_duration_since(self.beginning));
        let owed = self.per_point.saturating_mul(points);
        let latest = now.saturating_add(nanoseconds(LONGEST_DEBT));
        let places = self.places(&client);
        let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        let full = places.iter().filter_map(|place| cells.get(*place).copied()).min().unwrap_or_default();
        let after = full.max(now).saturating_add(owed).min(latest);
        for place in places {
            if let Some(cell) = cells.get_mut(place) {
                *cell = after.max(*cell);
            }
        }
    }

    /// How many points a client can use at once that has used none.
    #[must_use]
    pub fn at_once(&self) -> u64 {
        self.most().checked_div(self.per_point).unwrap_or(u64::MAX)
    }

    /// How many points a client could use at once now.
    pub fn left(&self, client: impl Hash, now: Instant) -> u64 {
        let now = nanoseconds(now.saturating_duration_since(self.beginning));
        let places = self.places(&client);
        let cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        let full = places.iter().filter_map(|place| cells.get(*place).copied()).min().unwrap_or_default();
        let left = self.most().saturating_sub(full.saturating_sub(now));
        left.checked_div(self.per_point).unwrap_or(u64::MAX)
    }

    fn places(&self, client: &impl Hash) -> [usize; 2] {
        self.secrets.each_ref().map(|secret| {
            let hash = secret.hash_one(client);
            usize::try_from(hash).unwrap_or_default() % CELLS
        })
    }
}

const NANOSECONDS_OF_A_MINUTE: u64 = 60_000_000_000;

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn half_a_minutes_points_may_be_used_at_once_and_come_back() {
        let start = Instant::now();
        let rate = Rate::of(60, start).expect("a rate");
        assert_eq!(rate.left("a", start), 30);
        for _ in 0..30 {
            assert_eq!(rate.take("a", 1, start), Ok(()));
        }
        assert_eq!(rate.left("a", start), 0);
        assert_eq!(rate.take("a", 1, start), Err(seconds(1)));
        assert_eq!(rate.take("a", 5, start), Err(seconds(5)));
        // Who is refused pays nothing.
        assert_eq!(rate.take("a", 1, start + seconds(1)), Ok(()));
        assert_eq!(rate.take("a", 1, start + seconds(1)), Err(seconds(1)));
        assert_eq!(rate.take("b", 1, start), Ok(()), "another client");
        assert_eq!(rate.left("a", start + seconds(600)), 30, "no more than that");
    }

    #[test]
    fn what_costs_more_than_there_ever_is_can_be_had_once() {
        let start = Instant::now();
        let rate = Rate::of(60, start).expect("a rate");
        assert_eq!(rate.take("a", u64::MAX, start), Ok(()));
        assert_eq!(rate.take("a", 1, start), Err(seconds(1)));
        assert_eq!(rate.take("a", u64::MAX, start + seconds(30)), Ok(()));
        let slow = Rate::of(1, start).expect("a rate");
        assert_eq!(slow.take("a", 1, start), Ok(()));
        assert_eq!(slow.take("a", 1, start), Err(seconds(60)));
    }

    #[test]
    fn what_was_used_beyond_the_allowance_is_paid_back() {
        let start = Instant::now();
        let rate = Rate::of(60, start).expect("a rate");
        rate.owe("a", 40, start);
        assert_eq!((rate.left("a", start), rate.take("a", 1, start)), (0, Err(seconds(11))));
        assert_eq!(rate.take("a", 1, start + seconds(11)), Ok(()));
        rate.owe("b", u64::MAX, start);
        assert_eq!(rate.take("b", 30, start), Err(LONGEST_DEBT), "and for no longer");
        assert_eq!(rate.left("c", start), 30, "another client");
    }

    #[test]
    fn whoever_leaves_a_part_waits_for_the_rest() {
        let start = Instant::now();
        let rate = Rate::of(60, start).expect("a rate");
        assert_eq!(rate.wait("a", 20, 10, start), Duration::ZERO);
        assert_eq!(rate.wait("a", 1_000, 10, start), Duration::ZERO, "all that there can be");
        assert_eq!(rate.left("a", start), 30, "waiting takes nothing");
        rate.owe("a", 20, start);
        assert_eq!(rate.left("a", start), 10);
        assert_eq!(rate.wait("a", 3, 10, start), seconds(3));
        assert_eq!(rate.take("a", 10, start), Ok(()), "the rest is there for others");
        rate.owe("a", 5, start);
        assert_eq!(rate.take("a", 1, start), Err(seconds(6)));
    }

    #[test]
    fn no_rate_is_any_number() {
        assert!(Rate::of(0, Instant::now()).is_none());
    }

    #[test]
    fn a_crowd_does_not_take_the_allowance_of_one() {
        let start = Instant::now();
        let rate = Rate::of(60, start).expect("a rate");
        for other in 0..100_000 {
            let _ = rate.take(other, 30, start);
        }
        // All cells are used up by now; those of a crowd that asks for as much as anybody may are not.
        let rate = Rate::of(60, start).expect("a rate");
        for other in 0..100_000 {
            let _ = rate.take(other, 1, start);
        }
        assert_eq!(rate.take("one", 10, start), Ok(()));
    }
}
