//! The progress of a promise: reports, plans, figures, lights, and the calendar of due reports.

pub mod audience;
pub mod blocker;
pub mod calendar;
pub mod completion;
pub mod dossier;
pub mod event;
pub mod light;
pub mod milestone;
pub mod period;
pub mod plan;
pub mod report;
pub mod standing;
