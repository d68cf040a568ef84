//! Around the engine: what it does not do by itself, or does otherwise than the specification wants.

pub(crate) mod absent_variables;
pub(crate) mod batch;
pub(crate) mod coercion;
pub(crate) mod message;
pub(crate) mod unescape;
