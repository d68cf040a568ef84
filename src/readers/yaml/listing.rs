//! The files that a reader is given.

/// A YAML file as it lies there.
#[derive(Debug)]
pub struct SourceFile {
    /// Its path inside the source, parts separated by `/`.
    pub path: String,
    /// Its path for people: from where the program runs.
    pub shown: String,
    /// Its content; `None` if it could not be read, which is a fault already reported.
    pub text: Option<String>,
}

/// The YAML files of a source.
#[derive(Debug)]
pub struct Listing {
    /// The source itself, for people.
    pub shown: String,
    /// Sorted by path.
    pub files: Vec<SourceFile>,
    /// Whether every folder could be read: only then is a file that is not listed known to be missing.
    pub complete: bool,
}
