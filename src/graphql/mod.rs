//! What callers see: one file a noun. No SQL, no HTTP; a resolver asks a loader or a use case and shapes the answer.
//! `product` hands all of it to the endpoint.

mod analysis;
mod audit;
mod budget;
mod catalogue;
mod connection;
mod enumeration;
mod error;
mod file;
mod filter;
mod free_text;
mod health;
mod id;
mod inquiry;
mod loader;
mod node;
mod notices;
mod order;
mod people;
mod places;
mod price;
mod product;
mod progress;
mod refusal;
mod root;
mod scalar;
mod schema;

pub use schema::{check_document, sdl};
