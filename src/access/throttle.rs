//! How long to wait before the next attempt to sign in. Delays grow with failures and are bounded; an attempt that is refused does
//! not lengthen them.
//!
//! Failures are counted by network, by account, and by both together. Strangers share the counts of an account, and could use them up to
//! keep its owner out. Therefore strangers share it in several parts, by their origin, and the waits are short. If the account has signed
//! in from a network before, the part of strangers does not apply there.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use chrono::{DateTime, Utc};
use fair::{network, prefix};
use sha2::{Digest as _, Sha256};

use crate::domain::{audit::fingerprint, people::account::Username};

/// The keys under which failures are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counters {
    account: String,
    networks: Vec<String>,
    both: String,
}

/// In how many parts strangers share the allowance of an account: with a few networks one reaches few of them.
const PARTS: u8 = 16;

/// Failures that cost nothing: people mistype, and a whole office may share an address.
const FREE_OF_BOTH: i32 = 4;
const FREE_OF_ACCOUNT: i32 = 10;
const FREE_OF_NETWORK: i32 = 30;
const FREE_OF_56: i32 = 60;
const FREE_OF_48: i32 = 120;

/// The longest waits. A shared wait is short: the whole of an office may stand behind a network, and an owner behind an account.
const LONGEST_OF_BOTH: Duration = Duration::from_mins(1);
const LONGEST_OF_ACCOUNT: Duration = Duration::from_secs(15);
const LONGEST_OF_NETWORK: Duration = Duration::from_secs(5);

impl Counters {
    /// The counters of an attempt to sign in as `name` from `address`. All texts that cannot be a name count as one name.
    #[must_use]
    pub fn of_sign_in(name: Option<&Username>, address: Option<IpAddr>) -> Self {
        // As fingerprints, because people type passwords where a name belongs.
        let name = fingerprint(name.map_or("", Username::key));
        let text = |address: Option<IpAddr>| address.map_or_else(|| "unknown".to_owned(), |address| address.to_string());
        // By the owner, who would reach every part with the many networks inside theirs.
        let part = Sha256::digest(text(address.map(owner))).first().map_or(0, |byte| byte % PARTS);
        let network = text(address.map(network));
        let wider = address.into_iter().flat_map(|address| {
            [("network56", prefix(address, 56)), ("network48", prefix(address, 48))]
                .into_iter()
                .filter_map(|(kind, network)| network.map(|network| format!("{kind}:{network}")))
        });
        Self {
            account: format!("account:{name}:{part}"),
            both: format!("both:{name}:{network}"),
            networks: std::iter::once(format!("network:{network}")).chain(wider).collect(),
        }
    }

    /// Those that apply: where the account has signed in from this network before, strangers' failures do not.
    #[must_use]
    pub fn applying(&self, known: bool) -> Vec<String> {
        // The network's own applies to all alike: else it would tell which accounts are known there.
        let of_all = std::iter::once(&self.both).chain(&self.networks).cloned();
        of_all.chain((!known).then(|| self.account.clone())).collect()
    }

    /// The one that a success clears.
    #[must_use]
    pub fn own(&self) -> &str {
        &self.both
    }
}

/// The remaining wait until an attempt under `counter` is let through, after `failures`, the last one at `last`.
#[must_use]
pub fn wait(counter: &str, failures: i32, last: DateTime<Utc>, now: DateTime<Utc>) -> Duration {
    let (free, longest) = match counter.split(':').next() {
        Some("account") => (FREE_OF_ACCOUNT, LONGEST_OF_ACCOUNT),
        Some("network") => (FREE_OF_NETWORK, LONGEST_OF_NETWORK),
        Some("network56") => (FREE_OF_56, LONGEST_OF_NETWORK),
        Some("network48") => (FREE_OF_48, LONGEST_OF_NETWORK),
        _ => (FREE_OF_BOTH, LONGEST_OF_BOTH),
    };
    let Ok(beyond) = u32::try_from(failures.saturating_sub(free)) else { return Duration::ZERO };
    let delay = Duration::from_secs(1_u64.checked_shl(beyond).unwrap_or(u64::MAX)).min(longest);
    // A clock that was set back must not prolong it.
    let passed = now.signed_duration_since(last).to_std().unwrap_or_default();
    delay.saturating_sub(passed)
}

/// What one owner has at most without much effort: the /48 of an IPv6 address, the /24 of an IPv4 address. Many strangers may share it,
/// so it bounds what they hold at once, and never makes anybody wait for long.
#[must_use]
pub fn owner(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits() & !0xff).into(),
        address @ IpAddr::V6(_) => prefix(address, 48).unwrap_or(address),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn delays_double_up_to_a_minute_and_pass() {
        let now = DateTime::UNIX_EPOCH;
        let waits: Vec<u64> = (0..14).map(|failures| wait("both:a:b", failures, now, now).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
        assert_eq!(wait("both:a:b", i32::MAX, now, now), LONGEST_OF_BOTH);
        assert_eq!(wait("account:a:1", i32::MAX, now, now), LONGEST_OF_ACCOUNT);
        assert_eq!(wait("network:a", i32::MAX, now, now), LONGEST_OF_NETWORK);
        assert_eq!(wait("both:a:b", 9, now, now + TimeDelta::seconds(31)).as_secs(), 1);
        assert_eq!(wait("both:a:b", 9, now, now + TimeDelta::seconds(33)), Duration::ZERO);
        assert!(wait("account:a", 9, now, now).is_zero() && wait("network:a", 29, now, now).is_zero());
        for (kind, free) in [("network", 30), ("network56", 60), ("network48", 120)] {
            let key = format!("{kind}:2001:db8::");
            assert!(wait(&key, free - 1, now, now).is_zero(), "{kind}");
            assert_eq!(wait(&key, free, now, now).as_secs(), 1, "{kind}");
            assert_eq!(wait(&key, i32::MAX, now, now), LONGEST_OF_NETWORK, "{kind}");
        }
    }

    #[test]
    fn where_an_account_is_known_strangers_do_not_count() {
        let name = Username::new("office").expect("a name");
        let at_home = Counters::of_sign_in(Some(&name), Some(ip("198.51.100.1")));
        let elsewhere = Counters::of_sign_in(Some(&name), Some(ip("203.0.113.9")));
        let applying = at_home.applying(true);
        assert!(elsewhere.applying(false).iter().all(|key| !applying.contains(key)));
    }

    #[test]
    fn an_ipv6_client_is_counted_by_its_64_its_56_and_its_48() {
        let name = Username::new("office").expect("a name");
        let counted = |address| Counters::of_sign_in(Some(&name), Some(ip(address))).applying(false);
        let shared = |one, other| counted(one).into_iter().filter(|key| counted(other).contains(key)).count();
        assert_eq!(counted("2001:db8:1:2::1").len(), 5);
        assert_eq!(counted("198.51.100.1").len(), 3);
        assert_eq!(shared("2001:db8:1:2::1", "2001:db8:1:2::2"), 5, "one client");
        assert_eq!(shared("2001:db8:1:2::1", "2001:db8:1:3::1"), 3, "one /56: its counter, that of the /48, one part of the strangers");
        assert_eq!(shared("2001:db8:1:2::1", "2001:db8:1:102::1"), 2, "one /48");
        assert_eq!(shared("198.51.100.1", "198.51.100.2"), 1, "one part of the strangers");
    }

    #[test]
    fn an_owner_has_a_48_or_a_24() {
        assert_eq!(owner(ip("198.51.100.77")), ip("198.51.100.0"));
        assert_eq!(owner(ip("::ffff:198.51.100.77")), ip("198.51.100.0"));
        assert_eq!(owner(ip("2001:db8:1:2:3:4:5:6")), ip("2001:db8:1::"));
    }

    #[test]
    fn an_ipv6_client_is_its_64() {
        assert_eq!(network(ip("198.51.100.1")), ip("198.51.100.1"));
        assert_eq!(network(ip("::ffff:198.51.100.1")), ip("198.51.100.1"));
        assert_eq!(network(ip("2001:db8:1:2:3:4:5:6")), ip("2001:db8:1:2::"));
        assert_ne!(network(ip("2001:db8:1:3::1")), network(ip("2001:db8:1:2::1")));
    }
}
