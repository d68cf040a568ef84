//! Rows of reports, plans, events and standings, and the dossiers that are built from them.

pub(in crate::store) mod blocker;
pub(in crate::store) mod dossier;
pub(in crate::store) mod event;
pub(in crate::store) mod plan;
pub(in crate::store) mod report;
pub(in crate::store) mod reporting;
pub(in crate::store) mod standing;
pub(in crate::store) mod watch;
