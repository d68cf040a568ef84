//! What one request and one client may ask for, and what the engine gets wrong of the specification by itself.

mod conform;
mod documented;
mod edge;
mod fuzz;
mod held;
mod price;

use crate::support::{Case, PlainCase};

pub fn cases() -> Vec<Case> {
    [edge::cases(), conform::cases(), fuzz::cases(), held::cases(), price::cases()].concat()
}

pub fn plain_cases() -> Vec<PlainCase> {
    documented::cases()
}
