//! Rows of meetings.

pub(in crate::store) mod meeting;
