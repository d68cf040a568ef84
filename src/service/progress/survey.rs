//! 清点: the tasks that a filter chooses, each with where it stands. What lights are chosen by and groups are made of, because no
//! statement can tell either: a light is judged, not stored.

use chrono::NaiveDate;
use entity::StatusLight;

use super::state::{judged, reckoning};
use crate::{
    domain::{
        language::Text,
        progress::dossier::{Dossier, Reckoning, TaskState},
    },
    service::{Call, Refusal, Service},
    store::{TaskFilter, Visible},
};

/// How many tasks one request may judge: fewer than a statement of either database can name, and what takes a few seconds.
pub const MOST_TASKS: u32 = 10_000;

/// Tasks with where they stand.
#[derive(Clone, Debug)]
pub struct Survey {
    /// As of which date.
    pub on: NaiveDate,
    /// How time is reckoned.
    pub reckoning: Reckoning,
    /// How many tasks were looked at.
    pub judged: usize,
    /// Those of them that are wanted, in the order of the annexes.
    pub tasks: Vec<Surveyed>,
}

/// A task with where it stands.
#[derive(Clone, Debug)]
pub struct Surveyed {
    /// All that is known of it.
    pub dossier: Dossier,
    /// Where it stands.
    pub state: TaskState,
}

impl Service {
    /// The tasks that a filter chooses, with where they stand; of these `lights`, where some are given.
    ///
    /// # Errors
    /// They are more than one request may judge, or a fault of ours.
    pub async fn survey(
        &self,
        call: &Call,
        visible: &Visible,
        filter: &TaskFilter,
        lights: Option<&[StatusLight]>,
        on: Option<NaiveDate>,
    ) -> Result<Survey, Refusal> {
        let found = if lights.is_some_and(<[StatusLight]>::is_empty) {
            Some(Vec::new())
        } else {
            visible.dossiers_of_filter(filter, MOST_TASKS).await?
        };
        let dossiers = found.ok_or_else(too_many)?;
        let reckoning = reckoning(visible, self.zone, call.occasion.at, dossiers.iter()).await?;
        let on = on.unwrap_or_else(|| reckoning.today());
        let found = judged(dossiers, on, &reckoning).await?;
        let judged = found.len();
        let is_wanted = |state: &TaskState| lights.is_none_or(|lights| lights.contains(&state.verdict.light));
        let tasks = found.into_iter().filter(|(_, state)| is_wanted(state)).map(|(dossier, state)| Surveyed { dossier, state }).collect();
        Ok(Survey { on, reckoning, judged, tasks })
    }
}

fn too_many() -> Refusal {
    Refusal::TooWide(Text::new(
        format!("一次至多判定 {MOST_TASKS} 项任务的灯和状态：请在 filter 中限定辖区、年份、领域等，缩小范围。"),
        format!("One request judges at most {MOST_TASKS} tasks: narrow the filter by jurisdiction, year, topic or the like."),
    ))
}
