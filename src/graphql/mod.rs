//! What callers see: one file a noun. No SQL, no HTTP; a resolver asks a loader or a use case and shapes the answer.

mod assignment;
mod batch;
mod connection;
mod enumeration;
mod error;
mod filter;
mod id;
mod indicator;
mod inquiry;
mod jurisdiction;
mod limit;
mod loader;
mod node;
mod notice;
mod order;
mod project;
mod query;
mod scalar;
mod schema;
mod target;
mod task;
mod topic;
mod unit;

pub use error::{Code, refusal};
pub use schema::{Accepts, Answer, Endpoint, Outcome, sdl};
