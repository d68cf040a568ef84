//! Use cases: what a caller can have done, one file a noun. The only place that opens a transaction.

pub mod seed;
