//! The output of the commands. A closed terminal is no reason to fail.

use std::{
    fmt::Display,
    io::{Write as _, stderr, stdout},
};

/// A line of a command's result.
pub(super) fn say(line: impl Display) {
    let _ = writeln!(stdout(), "{line}");
}

/// A result that other programs read, as it is.
pub(super) fn print(text: &str) {
    let _ = stdout().write_all(text.as_bytes());
}

/// The failure.
pub(super) fn complain(line: impl Display) {
    let _ = writeln!(stderr(), "minsheng: {line}");
}
