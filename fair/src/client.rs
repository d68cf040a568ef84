//! Who shares an allowance and a place in a queue: the account that asks, or the network that an anonymous request comes from.

use std::net::{IpAddr, Ipv6Addr};

use uuid::Uuid;

/// A client, as far as it can be told from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Client {
    /// An IPv4 address, or a /64 of IPv6.
    Network(IpAddr),
    /// An account, by its id.
    Account(Uuid),
}

/// What shares one allowance where clients are throttled: an IPv4 address, but the /64 of an IPv6 address, because that is what one
/// client is given, and it could ask from a new address each time.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    prefix(address, 64).unwrap_or_else(|| address.to_canonical())
}

/// The first bits of an IPv6 address; none of an IPv4 address.
#[must_use]
pub fn prefix(address: IpAddr, bits: u32) -> Option<IpAddr> {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let rest = u128::MAX.checked_shr(bits).unwrap_or_default();
            Some(Ipv6Addr::from_bits(address.to_bits() & !rest).into())
        }
        IpAddr::V4(_) => None,
    }
}
