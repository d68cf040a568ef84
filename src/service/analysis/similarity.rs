//! 相似任务、任务对照: tasks of other notices that promise the same thing, and tasks side by side.

use chrono::NaiveDate;
use entity::{IndicatorId, TaskId};

use crate::{
    domain::{
        analysis::{
            comparison::{Combined, combined, counted},
            similarity::{Likeness, similar},
        },
        catalogue::indicator::Indicator,
        notices::task::Task,
        progress::{
            completion::TooLarge,
            dossier::{Dossier, TaskState},
        },
    },
    service::{
        Call, Refusal, Service,
        progress::state::{judged, reckoning},
    },
    store::{StoreError, Visible},
};

/// What is similar to a task.
#[derive(Clone, Debug)]
pub struct Similar {
    /// How many tasks were looked at.
    pub looked_at: usize,
    /// The tasks, the most similar first; `None` where the task itself is not there.
    pub tasks: Option<Vec<Likeness>>,
}

/// Tasks side by side.
#[derive(Clone, Debug)]
pub struct SideBySide {
    /// As of which date.
    pub on: NaiveDate,
    /// The tasks, in the order asked for, and where they stand.
    pub tasks: Vec<(Task, TaskState)>,
    /// Every indicator that any of them has a target under, in the order of the catalogue.
    pub indicators: Vec<Line>,
}

/// What tasks say under an indicator.
#[derive(Clone, Debug)]
pub struct Line {
    /// The indicator.
    pub indicator: Indicator,
    /// The figures of each task, in the order of the tasks; `None` where it has none.
    pub figures: Vec<Option<Combined>>,
}

impl Service {
    /// The visible tasks of other notices that promise something similar.
    ///
    /// # Errors
    /// A fault of ours.
    pub async fn similar_tasks(&self, visible: &Visible, task: TaskId) -> Result<Similar, Refusal> {
        let profiles = visible.profiles().await?;
        let this = profiles.iter().find(|(_, profile)| profile.task_id == task);
        let tasks = this.map(|(notice, profile)| {
            let others = profiles.iter().filter(|(other, _)| other != notice).map(|(_, profile)| profile);
            similar(profile, others)
        });
        Ok(Similar { looked_at: profiles.len(), tasks })
    }

    /// These tasks side by side.
    ///
    /// # Errors
    /// The places of those that are not there, or a fault of ours.
    pub async fn compare_tasks(
        &self,
        call: &Call,
        visible: &Visible,
        ids: &[TaskId],
        on: Option<NaiveDate>,
    ) -> Result<Result<SideBySide, Vec<usize>>, Refusal> {
        let dossiers = visible.dossiers(ids).await?;
        let missing: Vec<usize> = ids.iter().enumerate().filter(|(_, id)| !dossiers.contains_key(id)).map(|(place, _)| place).collect();
        if !missing.is_empty() {
            return Ok(Err(missing));
        }
        let reckoning = reckoning(visible, self.zone, call.occasion.at, dossiers.values()).await?;
        let on = on.unwrap_or_else(|| reckoning.today());
        let judged: Vec<(&Dossier, TaskState)> = judged(ids.iter().filter_map(|id| dossiers.get(id)).collect(), on, &reckoning).await?;
        let indicators = named(visible, &judged).await?;
        let line = |indicator: Indicator| {
            let figures = judged.iter().map(|(dossier, state)| {
                let targets = counted(indicator.id, dossier, &state.completion);
                if targets.is_empty() { Ok(None) } else { combined(&indicator, &targets).map(Some) }
            });
            Ok::<Line, TooLarge>(Line { figures: figures.collect::<Result<_, _>>()?, indicator })
        };
        let lines = indicators.into_iter().map(line).collect::<Result<Vec<_>, _>>().map_err(StoreError::from)?;
        let tasks = judged.into_iter().map(|(dossier, state)| (dossier.task.clone(), state)).collect();
        Ok(Ok(SideBySide { on, tasks, indicators: lines }))
    }
}

/// Every indicator that any of these tasks has a target under, in the order of the catalogue.
async fn named(visible: &Visible, judged: &[(&Dossier, TaskState)]) -> Result<Vec<Indicator>, StoreError> {
    let ids: Vec<IndicatorId> =
        judged.iter().flat_map(|(dossier, _)| &dossier.goals).filter_map(|goal| goal.target().indicator_id).collect();
    let mut indicators: Vec<Indicator> = visible.indicators_by_id(&ids).await?.into_values().collect();
    indicators.sort_by_key(|indicator| indicator.position);
    Ok(indicators)
}
