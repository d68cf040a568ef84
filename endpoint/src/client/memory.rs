//! How many bytes are held for clients: bodies while they come in, and answers until they have been sent.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use fair::Client;

use super::{Clients, SOON, TooMuch, all_of, of_network};
use crate::{asked::Asked, limit::Limits};

/// What is held at the moment.
#[derive(Default)]
pub struct Memory {
    all: u64,
    /// By client. Who has nothing is not in it.
    clients: HashMap<Client, u64>,
}

/// Bytes of one client, counted until this is dropped.
pub struct Held {
    memory: Arc<Mutex<Memory>>,
    of: Vec<Client>,
    bytes: u64,
}

impl Clients {
    /// Counts bytes of a body from an address.
    ///
    /// # Errors
    /// The client, or all clients together, have too many.
    pub fn receive(&self, limits: &Limits, address: Option<IpAddr>, bytes: u64) -> Result<Held, TooMuch> {
        Held::none(self, address.and_then(of_network).into_iter().collect()).with(limits, bytes)
    }

    /// Counts bytes of an answer.
    ///
    /// # Errors
    /// The client, or all clients together, have too many.
    pub fn hold(&self, limits: &Limits, asked: &Asked, bytes: u64) -> Result<Held, TooMuch> {
        Held::none(self, all_of(asked).collect()).with(limits, bytes)
    }
}

impl Held {
    fn none(clients: &Clients, of: Vec<Client>) -> Self {
        Self { memory: Arc::clone(clients.memory()), of, bytes: 0 }
    }

    /// Counts so many bytes in place of those before. Whoever has nothing else gets them in any case, so that nobody waits for ever.
    ///
    /// # Errors
    /// The client, or all clients together, would have too many.
    pub fn with(mut self, limits: &Limits, bytes: u64) -> Result<Self, TooMuch> {
        let too_much = |limit, value| Err(TooMuch { limit, value, wait: SOON });
        let fits = |held: u64, most: u32| {
            let others = held.saturating_sub(self.bytes);
            others == 0 || others.saturating_add(bytes) <= u64::from(most)
        };
        let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.of.iter().all(|client| fits(memory.clients.get(client).copied().unwrap_or_default(), limits.client_bytes)) {
            return too_much("clientBytes", limits.client_bytes);
        }
        if !fits(memory.all, limits.held_bytes) {
            return too_much("heldBytes", limits.held_bytes);
        }
        drop(memory);
        self.set(bytes);
        Ok(self)
    }

    /// Counts so many bytes in place of those before, without asking.
    pub fn set(&mut self, bytes: u64) {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut self.bytes, bytes);
        let moved = |held: u64| held.saturating_sub(before).saturating_add(bytes);
        memory.all = moved(memory.all);
        for client in &self.of {
            let held = memory.clients.entry(*client).or_default();
            *held = moved(*held);
            if *held == 0 {
                memory.clients.remove(client);
            }
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.set(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits { client_bytes: 1_000, held_bytes: 2_500, ..Limits::default() }
    }

    fn receive(clients: &Clients, address: &str, bytes: u64) -> Result<Held, TooMuch> {
        clients.receive(&limits(), Some(address.parse().unwrap()), bytes)
    }

    #[test]
    fn a_client_has_so_many_bytes() {
        let clients = Clients::new(&limits());
        let first = receive(&clients, "192.0.2.1", 600).expect("room");
        let refused = receive(&clients, "192.0.2.1", 401).err().expect("too many");
        assert_eq!((refused.limit, refused.value), ("clientBytes", 1_000));
        let second = receive(&clients, "192.0.2.1", 400).expect("as many as there may be");
        assert!(receive(&clients, "192.0.2.2", 1_000).is_ok(), "another");
        drop(second);
        let first = first.with(&limits(), 900).expect("its own bytes do not count against it");
        assert!(receive(&clients, "192.0.2.1", 101).is_err());
        drop(first);
        assert!(receive(&clients, "192.0.2.1", 5_000).is_ok(), "one that is alone");
        assert!(clients.memory().lock().unwrap().clients.is_empty(), "nothing is kept of who has gone");
        assert_eq!(clients.memory().lock().unwrap().all, 0);
    }

    #[test]
    fn all_clients_have_so_many_bytes() {
        let clients = Clients::new(&limits());
        // The machine itself is no client, and counts in all.
        let held: Vec<_> = ["192.0.2.1", "192.0.2.2", "127.0.0.1"].map(|address| receive(&clients, address, 800)).into();
        assert!(held.iter().all(Result::is_ok));
        let refused = receive(&clients, "127.0.0.1", 101).err().expect("too many");
        assert_eq!((refused.limit, refused.value), ("heldBytes", 2_500));
        assert!(receive(&clients, "127.0.0.1", 100).is_ok());
        let refused = held.into_iter().next().expect("one").expect("room").with(&limits(), 901).err().expect("too many");
        assert_eq!(refused.limit, "heldBytes");
        assert!(receive(&clients, "192.0.2.1", 900).is_ok(), "what is refused is given back");
    }
}
