//! Which client a viewer is where clients queue for what all share.

use std::net::{IpAddr, Ipv4Addr};

use fair::{Client, network};

use super::viewer::Viewer;

/// The client that queues for what all share. An account queues for itself: many accounts may stand behind one address.
/// Requests of this machine, and those without an address, are one client each.
#[must_use]
pub fn queueing(viewer: &Viewer, address: Option<IpAddr>) -> Client {
    let address = address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    viewer.actor().map_or_else(|| Client::Network(network(address)), |actor| Client::Account(actor.id.0))
}
