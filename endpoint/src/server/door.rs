//! How many connections there may be at once, in all and from one address.

use std::{
    collections::HashMap,
    io::Write as _,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use fair::network;
use tokio::net::TcpStream;

use super::Terms;
use crate::http::Proxies;

/// Counts connections.
#[derive(Clone)]
pub(crate) struct Door(Arc<Shared>);

struct Shared {
    most: u32,
    most_of_one: u32,
    proxies: Proxies,
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    all: u32,
    /// By network. Who has no connection is not in it.
    networks: HashMap<IpAddr, u32>,
    /// Whether the last one was turned away because there were too many in all.
    full: bool,
}

/// A connection, counted until this is dropped.
pub(crate) struct Entry {
    door: Door,
    network: Option<IpAddr>,
}

impl Door {
    pub(crate) fn new(terms: &Terms) -> Self {
        let proxies = terms.proxies.clone();
        Self(Arc::new(Shared { most: terms.connections, most_of_one: terms.address_connections, proxies, inside: Mutex::default() }))
    }

    /// Lets a connection in, unless there are too many. The machine itself and trusted proxies connect for others, and are
    /// counted in all alone.
    pub(crate) fn enter(&self, peer: IpAddr) -> Option<Entry> {
        let peer = peer.to_canonical();
        let counted = self.0.most_of_one > 0 && !peer.is_loopback() && !self.0.proxies.trust(peer);
        let network = counted.then(|| network(peer));
        let mut inside = self.0.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if inside.all >= self.0.most {
            // Told once, because a flood of connections must not become a flood of lines.
            if !std::mem::replace(&mut inside.full, true) {
                tracing::warn!(connections = inside.all, "there are too many connections; new ones are turned away");
            }
            return None;
        }
        if let Some(network) = network {
            let count = inside.networks.entry(network).or_default();
            if *count >= self.0.most_of_one {
                tracing::debug!(%network, connections = *count, "an address has too many connections");
                return None;
            }
            *count = count.saturating_add(1);
        }
        inside.all = inside.all.saturating_add(1);
        inside.full = false;
        Some(Entry { door: self.clone(), network })
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut inside = self.door.0.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.all = inside.all.saturating_sub(1);
        let Some(network) = self.network else { return };
        if let Some(count) = inside.networks.get_mut(&network) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                inside.networks.remove(&network);
            }
        }
    }
}

/// Says that there are too many connections, as far as that goes out at once. Nobody waits for whoever is not let in.
pub(crate) fn turn_away(stream: TcpStream) {
    // The runtime does not know yet that the stream can be written, but the system does.
    if let Ok(mut stream) = stream.into_std() {
        let _ = stream.write(b"HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Length: 0\r\nRetry-After: 1\r\n\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::Limits;

    fn door(connections: u32, address_connections: u32) -> Door {
        let limits = Limits { connections, address_connections, ..Limits::default() };
        Door::new(&Terms::of(&limits, "10.0.0.0/8".parse().unwrap(), None))
    }

    fn enter(door: &Door, peer: &str) -> Option<Entry> {
        door.enter(peer.parse().unwrap())
    }

    #[test]
    fn an_address_has_so_many_connections() {
        let door = door(100, 2);
        let (first, second) = (enter(&door, "2001:db8::1"), enter(&door, "2001:db8::2"));
        assert!(first.is_some() && second.is_some());
        assert!(enter(&door, "2001:db8::3").is_none(), "the same /64");
        assert!(enter(&door, "2001:db8:0:1::1").is_some(), "another");
        drop(first);
        let third = enter(&door, "2001:db8::3");
        assert!(third.is_some());
        drop((second, third));
        assert!(door.0.inside.lock().unwrap().networks.is_empty(), "nothing is kept of who has gone");
        assert_eq!(door.0.inside.lock().unwrap().all, 0);
    }

    #[test]
    fn those_who_connect_for_others_are_counted_in_all_alone() {
        let door = door(9, 1);
        let peers = ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.1.2.3", "::ffff:10.1.2.3", "127.0.0.1", "10.1.2.3", "10.1.2.3"];
        let inside: Vec<_> = peers.iter().map(|peer| enter(&door, peer)).collect();
        assert!(inside.iter().all(Option::is_some));
        let last = enter(&door, "192.0.2.1");
        assert!(last.is_some() && enter(&door, "127.0.0.1").is_none(), "full");
        drop(last);
        assert!(enter(&door, "127.0.0.1").is_some());
    }

    #[test]
    fn connections_leave_descriptors_for_the_rest() {
        let of =
            |connections, descriptors| Terms::of(&Limits { connections, ..Limits::default() }, Proxies::default(), descriptors).connections;
        assert_eq!((of(4_096, Some(1_024)), of(4_096, Some(1_000_000)), of(4_096, None)), (768, 4_096, 4_096));
        assert_eq!((of(4_096, Some(u64::MAX)), of(4_096, Some(1))), (4_096, 0));
    }
}
