//! 分组: tasks or reports in groups by common values, and one row of figures for each group.
//!
//! Everything is computed from the members. Each member is put into every group that it belongs to: a task with two topics is in the group
//! of each. The selection of groups (which, in which order, how many) is the same for tasks and reports.

mod listing;
mod placing;
mod report;
mod sum;
mod task;
#[cfg(test)]
mod tests;

pub use listing::{Bounds, Condition, Direction, Listed, Listing, Order, list};
pub use placing::{Group, Key, MOST_PLACES, Ranks, TooManyPlaces, groups};
pub use report::{ReportDimension, ReportFact, ReportFigures, ReportMeasure, ReportMember, Subject, Timeliness};
pub use sum::{Addend, NoSum, Promise, Sum, sum};
pub use task::{TaskDimension, TaskFigures, TaskMeasure, TaskMember};
