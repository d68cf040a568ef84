//! 导出: tables as files that people open in a spreadsheet. Pure: what is in a table is somebody else's business, and so is where
//! the bytes go. No GraphQL, no SQL, no HTTP.

mod csv;
mod format;
mod table;
mod xlsx;

pub use self::{
    csv::Csv,
    format::Format,
    table::{Cell, Row},
    xlsx::{Workbook, WorkbookError},
};
