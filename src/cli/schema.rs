//! `minsheng schema`: prints the schema definition.

use super::{Problem, terminal};
use crate::graphql;

/// Print the GraphQL schema (SDL).
#[derive(Debug, clap::Args)]
pub(super) struct Schema {}

impl Schema {
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "all commands run alike")]
    pub(super) fn run(self) -> Result<(), Problem> {
        terminal::print(&graphql::sdl());
        Ok(())
    }
}
