//! Places of those whose password is checked, or who wait for it. They are few, because a check costs a core for a while.
//!
//! Strangers come from networks that nobody has signed in from. They have their own places, so a crowd of them takes no place from callers
//! of a known network. Among either, one network holds a part of the places at most.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use crate::access::throttle;

/// Whether the caller comes from a network with an earlier sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rank {
    /// Yes.
    Known,
    /// No.
    Stranger,
}

impl Rank {
    /// How many places there are: about as many checks as are done within a second.
    #[must_use]
    pub const fn places(self) -> usize {
        match self {
            Self::Known => 60,
            Self::Stranger => 30,
        }
    }

    /// How many of them one network holds at most.
    #[must_use]
    pub const fn most_of_one(self) -> usize {
        match self {
            Self::Known => 20,
            Self::Stranger => 10,
        }
    }
}

/// The places that are taken. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Places(Arc<Mutex<Taken>>);

#[derive(Debug, Default)]
struct Taken {
    of_rank: HashMap<Rank, usize>,
    of_network: HashMap<(Rank, Option<IpAddr>), usize>,
}

/// A place, until it is dropped.
#[derive(Debug)]
#[must_use]
pub struct Place {
    places: Places,
    rank: Rank,
    network: Option<IpAddr>,
}

impl Places {
    /// A place for a caller at `address`; `None` if their rank or their network has used up its places.
    #[must_use]
    pub fn take(&self, rank: Rank, address: Option<IpAddr>) -> Option<Place> {
        // A stranger with many networks of one owner counts as one. A known network may be a whole office, so it counts by itself.
        let network = address.map(match rank {
            Rank::Known => fair::network,
            Rank::Stranger => throttle::owner,
        });
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_rank = taken.of_rank.get(&rank).copied().unwrap_or_default();
        let of_network = taken.of_network.get(&(rank, network)).copied().unwrap_or_default();
        if of_rank >= rank.places() || of_network >= rank.most_of_one() {
            return None;
        }
        taken.of_rank.insert(rank, of_rank.saturating_add(1));
        taken.of_network.insert((rank, network), of_network.saturating_add(1));
        drop(taken);
        Some(Place { places: self.clone(), rank, network })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Taken { of_rank, of_network } = &mut *taken;
        if let Some(number) = of_rank.get_mut(&self.rank) {
            *number = number.saturating_sub(1);
        }
        // A network without places is forgotten, so that the memory is bounded by the places.
        let key = (self.rank, self.network);
        if let Some(number) = of_network.get_mut(&key) {
            *number = number.saturating_sub(1);
            if *number == 0 {
                of_network.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    /// As many places as are to be had from these addresses, one after the other.
    fn all(places: &Places, rank: Rank, addresses: impl Iterator<Item = String>) -> Vec<Place> {
        addresses.filter_map(|text| places.take(rank, Some(address(&text)))).collect()
    }

    #[test]
    fn strangers_take_no_place_of_known_networks() {
        let places = Places::default();
        let strangers = all(&places, Rank::Stranger, (0..=255).map(|part| format!("{part}.0.2.1")));
        assert_eq!(strangers.len(), 30);
        assert!(places.take(Rank::Stranger, Some(address("198.51.100.1"))).is_none());
        let known = all(&places, Rank::Known, (0..=255).map(|part| format!("198.51.100.{part}")));
        assert_eq!(known.len(), 60);
        drop((strangers, known));
        assert!(places.take(Rank::Stranger, Some(address("198.51.100.1"))).is_some());
        assert!(places.0.lock().expect("no panic").of_network.is_empty(), "nothing is kept of networks that are gone");
    }

    #[test]
    fn one_owner_holds_a_part_of_the_places() {
        for (rank, networks, number) in [
            (Rank::Stranger, "2001:db8:1:{}::1", 10),
            (Rank::Stranger, "192.0.2.{}", 10),
            (Rank::Known, "2001:db8:1:{}::1", 60),
            (Rank::Known, "2001:db9:1:1::{}", 20),
        ] {
            let places = Places::default();
            let held = all(&places, rank, (1..100).map(|part| networks.replace("{}", &part.to_string())));
            assert_eq!(held.len(), number, "{rank:?} {networks}");
            assert!(places.take(Rank::Stranger, Some(address("198.51.100.1"))).is_some(), "others have places left");
        }
    }
}
