//! What many clients share: a queue that serves them in turn, and rates of requests. Both know a client by its account or its network.
//! No HTTP, no storage.

mod client;
mod queue;
mod rate;

pub use client::{Client, network, prefix};
pub use queue::{Fair, Turn};
pub use rate::Rate;
