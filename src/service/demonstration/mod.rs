//! The parts of the demo only: its accounts, and a year of invented progress for each of the five notices.

mod accounts;
mod progress;

pub use accounts::Demonstration;
pub use progress::Invented;
