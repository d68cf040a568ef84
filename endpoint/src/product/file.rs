//! Files that have a name and an address of their own, such as `/export/name.xlsx?year=2024`.

use async_graphql::Request;
use futures_util::future::BoxFuture;
use language::Text;

use crate::{answer::Answer, asked::Asked};

/// A file with a name: a query, and what its table is called.
pub struct NamedFile {
    /// The query, with its variables.
    pub request: Request,
    /// The title of the table.
    pub title: String,
    /// Headings of columns by their paths. Any other column is called by the description of its field.
    pub headings: Vec<(&'static str, Text)>,
}

/// Files that have a name.
pub trait Files: Send + Sync {
    /// Their names.
    fn names(&self) -> Vec<&'static str>;

    /// The file of a name, for parameters as an address has them; `None` where nothing has the name. Who asks may be noted anew, so that
    /// what was read about them is not read again.
    fn file<'a>(
        &'a self,
        name: &'a str,
        parameters: &'a [(String, String)],
        asked: &'a mut Asked,
    ) -> Option<BoxFuture<'a, Result<NamedFile, Box<Answer>>>>;
}
