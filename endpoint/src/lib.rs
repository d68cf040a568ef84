//! GraphQL over HTTP, for any product that has a schema.
//!
//! A product implements one trait, [`Product`]: which engine executes its operations, who is behind a token, what the data are called
//! at the moment. The endpoint does all else that lies between a socket and a resolver, and between a resolver and a socket:
//!
//! - `server` listens, bounds heads and connections, and stops cleanly. `http` negotiates the form of an answer, reads bodies and JSON,
//!   knows the address of a client behind proxies, and keeps pages of other sites away. `socket` and `event_stream` carry subscriptions.
//! - `examine` decides about a document before the engine sees it: size, cost, merges, closed fields. `engine` makes up for what the
//!   engine does otherwise than the specification wants. `limit` has every bound; `client` counts what each client spends.
//! - `endpoint` runs an operation within its time; `answer` is what comes of it, with its errors, its bytes and its `ETag`.
//!   `subscription` runs an operation again for each event. `document` knows what is registered by its hash.
//! - `table` makes a table of the answer to any query, page after page, and `export` a file of a table.
//! - `telemetry` and `health` tell the operator how it goes.
//!
//! Nothing here knows what is served. `tests/toy` is a small product for tests: begin there.

mod answer;
mod asked;
mod client;
mod directive;
mod document;
mod endpoint;
mod engine;
mod event_stream;
mod examine;
mod export;
mod health;
mod http;
mod limit;
pub mod product;
mod schema_index;
mod server;
mod socket;
mod subscription;
mod table;
mod telemetry;

pub use answer::{
    Accepts, Answer, Holding, Outcome, Started, Written,
    error::{Code, at, away, refusal, unavailable},
};
pub use asked::{Asked, Spending};
pub use client::{Allowance, Held, Running};
pub use directive::heading;
pub use document::check_document;
pub use endpoint::Endpoint;
pub use engine::batch::{NoDelay, Queue};
pub use examine::{Complexity, Cost, estimate};
pub use health::Health;
pub use http::{Gate, LIVE, Metrics, Origins, OriginsError, ProbeError, Proxies, ProxiesError, READY, Surface, own_url, probe, router};
pub use limit::Limits;
pub use product::Product;
pub use schema_index::{FieldShape, Input, SchemaIndex, bottom, is_list};
pub use server::{ServeError, Terms, bind, raise_descriptors, serve, serve_on};
pub use subscription::{Notification, Prover};
pub use table::columns;
pub use telemetry::{Observation, Observer};
