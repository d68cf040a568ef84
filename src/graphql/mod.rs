//! What callers see: one file a noun. No SQL, no HTTP; a resolver asks a loader or a use case and shapes the answer.

mod account;
mod api_key;
mod assignment;
mod audit;
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
mod permission;
mod project;
mod refusal;
mod root;
mod scalar;
mod schema;
mod session;
mod target;
mod task;
mod topic;
mod unit;
mod viewer;

pub use error::{Code, refusal};
pub use inquiry::Asked;
pub use schema::{Accepts, Answer, Endpoint, Outcome, sdl};
