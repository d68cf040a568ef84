//! Use cases of notices: reading seeds.

pub mod seed;
