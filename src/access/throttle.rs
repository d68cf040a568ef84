//! How long to wait before the next attempt to sign in. Delays grow with failures and are bounded; an attempt that is refused does
//! not lengthen them.
//!
//! Failures are counted by network, by account, and by both together. Strangers share the counts of an account, and could use them
//! up to keep its owner out. Therefore they share it in several parts, by where they come from, whose waits are short; and where the
//! account has signed in before, the part of strangers does not apply at all.

use std::{
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use crate::domain::{account::Username, audit::fingerprint};

/// What failures are counted under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counters {
    account: String,
    network: String,
    both: String,
}

/// In how many parts strangers share the allowance of an account: with a few networks one reaches few of them.
const PARTS: u8 = 16;

/// Failures that cost nothing: people mistype, and a whole office may share an address.
const FREE_OF_BOTH: i32 = 4;
const FREE_OF_ACCOUNT: i32 = 10;
const FREE_OF_NETWORK: i32 = 30;

/// The longest waits. What others share is short: the whole of an office may stand behind a network, and an owner behind an account.
const LONGEST_OF_BOTH: Duration = Duration::from_mins(1);
const LONGEST_OF_ACCOUNT: Duration = Duration::from_secs(15);
const LONGEST_OF_NETWORK: Duration = Duration::from_secs(5);

impl Counters {
    /// The counters of an attempt to sign in as `name` from `address`. What cannot be a name counts like one name.
    #[must_use]
    pub fn of_sign_in(name: Option<&Username>, address: Option<IpAddr>) -> Self {
        // As fingerprints, because people type passwords where a name belongs.
        let name = fingerprint(name.map_or("", Username::key));
        let network = address.map_or_else(|| "unknown".to_owned(), |address| network(address).to_string());
        let part = Sha256::digest(network.as_bytes()).first().map_or(0, |byte| byte % PARTS);
        Self { account: format!("account:{name}:{part}"), both: format!("both:{name}:{network}"), network: format!("network:{network}") }
    }

    /// Those that apply: where the account has signed in from this network before, strangers' failures do not.
    #[must_use]
    pub fn applying(&self, known: bool) -> Vec<String> {
        // The network's own applies to all alike: else it would tell which accounts are known there.
        let of_all = [&self.both, &self.network].map(String::clone);
        of_all.into_iter().chain((!known).then(|| self.account.clone())).collect()
    }

    /// The one that a success clears.
    #[must_use]
    pub fn own(&self) -> &str {
        &self.both
    }
}

/// How long it still is until an attempt under `counter` is let through, after `failures` of which the last was at `last`.
#[must_use]
pub fn wait(counter: &str, failures: i32, last: DateTime<Utc>, now: DateTime<Utc>) -> Duration {
    let (free, longest) = match counter.split(':').next() {
        Some("account") => (FREE_OF_ACCOUNT, LONGEST_OF_ACCOUNT),
        Some("network") => (FREE_OF_NETWORK, LONGEST_OF_NETWORK),
        _ => (FREE_OF_BOTH, LONGEST_OF_BOTH),
    };
    let Ok(beyond) = u32::try_from(failures.saturating_sub(free)) else { return Duration::ZERO };
    let delay = Duration::from_secs(1_u64.checked_shl(beyond).unwrap_or(u64::MAX)).min(longest);
    // A clock that was set back must not prolong it.
    let passed = now.signed_duration_since(last).to_std().unwrap_or_default();
    delay.saturating_sub(passed)
}

/// What shares one allowance where clients are throttled: an IPv4 address, but the /64 of an IPv6 address, because that is what one
/// client is given, and it could ask from a new address each time.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        address @ IpAddr::V4(_) => address,
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
    fn an_ipv6_client_is_its_64() {
        assert_eq!(network(ip("198.51.100.1")), ip("198.51.100.1"));
        assert_eq!(network(ip("::ffff:198.51.100.1")), ip("198.51.100.1"));
        assert_eq!(network(ip("2001:db8:1:2:3:4:5:6")), ip("2001:db8:1:2::"));
        assert_ne!(network(ip("2001:db8:1:3::1")), network(ip("2001:db8:1:2::1")));
    }
}
