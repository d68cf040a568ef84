//! `minsheng` serves a city's livelihood projects (民生实事) over GraphQL: what the city, its districts and its zones promise
//! their residents each year, who delivers it, and where it stands.
//!
//! Knowledge flows one way: `cli → graphql → {service, events} → store → {access, domain}`, `store → entity`. The crate `endpoint` serves
//! what `graphql` hands it over HTTP, and knows nothing of it. Each module says in a line what lives there and what must not; `docs/ARCHITECTURE.md` draws the picture.

pub mod access;
pub mod cli;
pub mod config;
pub mod domain;
pub mod events;
pub mod graphql;
pub mod readers;
pub mod service;
pub mod store;
