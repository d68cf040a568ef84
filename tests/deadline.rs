//! At a deadline everybody posts at once, and the machine may fail at that very moment: nothing that was acknowledged is lost, nothing
//! that was refused is there, no figure counts twice.

mod crowd;
mod kill;
mod late;
mod log;
mod scene;
mod tables;

use crate::cases;
use crowd::a_thousand_posts_are_there_once;
use kill::a_killed_process_loses_nothing;
use late::what_is_decided_while_a_post_waits_counts;

cases![a_thousand_posts_are_there_once, a_killed_process_loses_nothing, what_is_decided_while_a_post_waits_counts];
