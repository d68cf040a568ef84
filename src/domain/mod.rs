//! Pure rules and the records they speak of. No input or output, no clock of its own, no SQL, no GraphQL.

pub mod analysis;
pub mod audit;
pub mod catalogue;
pub mod document;
pub mod fault;
pub mod figure;
pub mod nearest;
pub mod notices;
pub mod page;
pub mod people;
pub mod places;
pub mod progress;
pub mod search;
pub mod share;
pub mod supervision;
pub mod words;
pub mod written;

pub use ::language;
