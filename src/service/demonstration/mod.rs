//! What exists in demo mode alone: its accounts, and a year of progress that is invented for each of the five notices.

mod accounts;
mod progress;

pub use accounts::Demonstration;
pub use progress::Invented;
