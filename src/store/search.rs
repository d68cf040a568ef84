//! Text search: the condition that finds subjects by any substring, answered from the index of each database.

use entity::search_entry;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait as _, DatabaseBackend, QueryFilter as _, QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, ExprTrait as _},
};

use super::{Visible, reader::Reader};
use crate::domain::search;

impl Visible {
    /// The rows whose searchable text contains `text`, in any spelling that counts as the same. A text of nothing but white
    /// space is contained in all.
    pub(super) fn matches(&self, id: impl ColumnTrait, text: &str) -> Condition {
        let query = search::normalise(text);
        if query.is_empty() {
            return Condition::all();
        }
        // The grams find candidates through the index; the text itself decides, since neighbours may be apart in a candidate.
        let subjects = self
            .narrowing::<search_entry::Entity>()
            .select_only()
            .column(search_entry::Column::SubjectId)
            .filter(has_grams(self.connection(), &search::query_grams(&query)))
            .filter(contains(self.connection(), &query))
            .into_query();
        Condition::all().add(id.in_subquery(subjects))
    }
}

fn has_grams(connection: &Reader, grams: &[String]) -> Expr {
    match connection.get_database_backend() {
        // Grams are hexadecimal words: nothing in them has a meaning to FTS5, whose implied operator is AND.
        DatabaseBackend::Sqlite => Expr::cust_with_values(
            "\"search_entry\".\"rowid_alias\" IN (SELECT rowid FROM search_gram WHERE search_gram MATCH ?)",
            [grams.join(" ")],
        ),
        _ => Expr::cust_with_values("string_to_array(\"search_entry\".\"grams\", ' ') @> string_to_array($1, ' ')", [grams.join(" ")]),
    }
}

fn contains(connection: &Reader, query: &str) -> Expr {
    let position = match connection.get_database_backend() {
        DatabaseBackend::Sqlite => Expr::cust_with_values("instr(\"search_entry\".\"text\", ?)", [query]),
        _ => Expr::cust_with_values("strpos(\"search_entry\".\"text\", $1)", [query]),
    };
    position.gt(0)
}
