//! The work of the supervising office and leaders: meetings.

pub mod meeting;
