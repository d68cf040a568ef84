//! What the supervising office and leaders do: meetings.

pub mod meeting;
