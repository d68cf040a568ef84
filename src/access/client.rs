//! Who shares an allowance and a place in a queue: the account that asks, or the network that an anonymous request comes from.

use std::net::{IpAddr, Ipv4Addr};

use entity::AccountId;

use super::{throttle::network, viewer::Viewer};

/// A client, as far as it can be told from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Client {
    /// An IPv4 address, or a /64 of IPv6.
    Network(IpAddr),
    /// An account.
    Account(AccountId),
}

impl Client {
    /// The client that queues for what all share. An account queues for itself: many accounts may stand behind one address.
    /// Requests of this machine, and those without an address, are one client each.
    #[must_use]
    pub fn queueing(viewer: &Viewer, address: Option<IpAddr>) -> Self {
        let address = address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        viewer.actor().map_or_else(|| Self::Network(network(address)), |actor| Self::Account(actor.id))
    }
}
