//! `minsheng config`: prints the settings, and the source of each.

use super::{Problem, serve::Flags, terminal};
use crate::config::Layers;

/// Print the settings in effect and where each comes from, secrets masked.
#[derive(Debug, clap::Args)]
pub(super) struct Show {
    #[command(flatten)]
    flags: Flags,
}

impl Show {
    pub(super) fn run(&self, layers: Layers) -> Result<(), Problem> {
        terminal::print(&layers.with(self.flags.given()).finish()?.listing());
        Ok(())
    }
}
