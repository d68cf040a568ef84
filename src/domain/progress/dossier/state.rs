//! Where a task stands on a date: completion, planned share, gap, light, and the proof of it.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Utc};
use entity::MilestoneId;

use super::{Dossier, Reckoning};
use crate::domain::progress::{
    audience::{Audience, Lights},
    calendar::end_of_day,
    completion::{AcceptedReport, MilestoneState, RollUp, TaskCompletion, TooLarge, Weight, Work, complete, is_in_words},
    light::{Facts, RuleSet, Verdict, judge},
    plan::Plan,
};

/// Where a task stands on a date.
#[derive(Clone, Debug)]
pub struct TaskState {
    /// The date.
    pub on: NaiveDate,
    /// The completion, by the reports accepted by then.
    pub completion: TaskCompletion,
    /// The light, with its proof.
    pub verdict: Verdict,
    /// Whether anything in it was invented for a demo.
    pub demonstration: bool,
    /// For whom it was judged.
    pub audience: Audience,
}

impl TaskState {
    /// Whether two or more due reports in a row are missing; `None` if the viewer may not know.
    #[must_use]
    pub fn stale(&self) -> Option<bool> {
        match self.audience {
            Audience::Office => Some(self.verdict.is_stale),
            Audience::Public => None,
        }
    }
}

impl Dossier {
    /// Where it stands on a date: at the end of a day that is over, and now on the day that it is.
    ///
    /// # Errors
    /// A sum of figures is larger than any decimal.
    pub fn state(&self, on: NaiveDate, reckoning: &Reckoning) -> Result<TaskState, TooLarge> {
        let at = instant(on, reckoning);
        let completion = self.completion(on, at)?;
        let verdict = self.judged(self.audience, &completion, on, reckoning);
        let demonstration = self.acceptances.iter().any(|acceptance| acceptance.demonstration && acceptance.is_in_force(at));
        Ok(TaskState { on, completion, verdict, demonstration, audience: self.audience })
    }

    /// The two lights that it has today.
    ///
    /// # Errors
    /// A sum of figures is larger than any decimal.
    pub fn lights(&self, reckoning: &Reckoning) -> Result<Lights, TooLarge> {
        let on = reckoning.today();
        let completion = self.completion(on, instant(on, reckoning))?;
        let [office, public] = [Audience::Office, Audience::Public].map(|audience| self.judged(audience, &completion, on, reckoning).light);
        Ok(Lights { office, public })
    }

    fn judged(&self, audience: Audience, completion: &TaskCompletion, on: NaiveDate, reckoning: &Reckoning) -> Verdict {
        let at = instant(on, reckoning);
        let plan = self.plan();
        let missing_in_a_row = match audience {
            Audience::Office => self.missing_in_a_row(reckoning, at),
            Audience::Public => 0,
        };
        // Nobody asks where everything is reported.
        let is_silent = completion.share.is_none() || completion.unreported().next().is_some();
        let due = if is_silent { self.fallen_due(reckoning, at) } else { 0 };
        let facts = Facts { standing: self.standing.standing_on(on), completion, plan: &plan, missing_in_a_row, due };
        judge(&self.rule_set(on), &facts, on)
    }

    /// The figures that counted at an instant.
    #[must_use]
    pub fn figures(&self, at: DateTime<Utc>) -> RollUp {
        let in_force = self.acceptances.iter().filter(|acceptance| acceptance.is_in_force(at));
        RollUp::of(in_force.map(|acceptance| AcceptedReport {
            id: acceptance.report_id,
            unit_id: acceptance.unit_id,
            ends_on: acceptance.ends_on,
            figures: acceptance.figures.clone(),
        }))
    }

    /// What is done as of a date, by what counted at an instant.
    ///
    /// # Errors
    /// A sum of figures is larger than any decimal.
    pub fn completion(&self, on: NaiveDate, at: DateTime<Utc>) -> Result<TaskCompletion, TooLarge> {
        let in_force = || self.acceptances.iter().filter(|acceptance| acceptance.is_in_force(at));
        let figures = self.figures(at);
        let leads = self.leads();
        let milestones = self.milestone_states(|id| in_force().any(|acceptance| acceptance.milestones.contains(&id)));
        let stated = in_force().filter(|acceptance| leads.contains(&acceptance.unit_id) && acceptance.stated_percent.is_some());
        let stated_percent =
            stated.max_by_key(|acceptance| (acceptance.ends_on, acceptance.report_id)).and_then(|acceptance| acceptance.stated_percent);
        let is_reported = in_force().next().is_some();
        let is_due = on >= self.plan().due_on();
        let tolerance = self.rule_set(on).about_tolerance();
        let work = Work {
            goals: &self.goals,
            leads: &leads,
            allocations: &self.allocations,
            milestones: &milestones,
            stated_percent,
            is_reported,
            is_due,
            tolerance,
        };
        complete(&work, &figures)
    }

    /// Whether the task is in words alone, so that how much is done is what its lead states.
    #[must_use]
    pub fn is_in_words(&self) -> bool {
        is_in_words(&self.goals, &self.milestone_states(|_| false))
    }

    fn milestone_states(&self, is_reached: impl Fn(MilestoneId) -> bool) -> Vec<MilestoneState> {
        let state = |id| MilestoneState { id, weight: Weight::default(), is_reached: is_reached(id) };
        self.milestones.iter().map(|milestone| state(milestone.id)).collect()
    }

    /// The planned share: from the notice's issue to the end of its year, unless the task has its own dates.
    #[must_use]
    pub fn plan(&self) -> Plan {
        let first = NaiveDate::from_ymd_opt(self.notice.year, 1, 1).unwrap_or_default();
        let last = first.with_month(12).and_then(|day| day.with_day(31)).unwrap_or(first);
        let due_on = self.standing.due_on.unwrap_or(last);
        let starts_on = self.standing.starts_on.unwrap_or_else(|| self.notice.issued_on.map_or(first, |issued_on| issued_on.max(first)));
        let shares = self.milestones.iter().filter_map(|milestone| Some((milestone.due_on, milestone.planned_share?)));
        // A notice that was issued after its year has a plan of one day.
        let straight = || Plan::new(starts_on.min(due_on), due_on);
        let plan = straight().and_then(|plan| plan.through(shares)).or_else(|_| straight());
        let extended = |plan: Plan| match &self.standing.extension {
            Some(extension) => plan.clone().extended(extension.to).unwrap_or(plan),
            None => plan,
        };
        plan.map_or_else(|_| Plan::of_a_day(due_on), extended)
    }

    /// The rules that judge it on a date: those that its jurisdiction last brought into force, else the default.
    #[must_use]
    pub fn rule_set(&self, on: NaiveDate) -> RuleSet {
        let in_force = self.reporting.rule_sets.iter().rev().find(|adopted| adopted.in_force_from <= on);
        in_force.map_or_else(RuleSet::default, |adopted| adopted.rule_set.clone())
    }
}

/// The instant as of which a date is judged: the last instant of a past day, otherwise now.
#[must_use]
pub fn instant(on: NaiveDate, reckoning: &Reckoning) -> DateTime<Utc> {
    let over = on.checked_add_days(Days::new(1)).is_some_and(|next| next <= reckoning.today());
    let end = over.then(|| end_of_day(reckoning.zone, on)).flatten().and_then(|end| end.checked_sub_signed(TimeDelta::microseconds(1)));
    end.unwrap_or(reckoning.now)
}
