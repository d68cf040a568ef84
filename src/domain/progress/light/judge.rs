//! From facts to a light.

use chrono::NaiveDate;

use super::{
    Facts, Proof, RuleSet, STALE_AFTER, Standing, StatusLight, Step, UNANSWERED_AFTER, Verdict,
    remedy::{Lack, needs},
    rule_set::Gauge,
};
use crate::domain::{
    progress::{
        completion::{Basis, Measure},
        plan::Planned,
    },
    share::Share,
};

/// The light of a task as of a date.
///
/// The order of the rules: closed is blue. Suspended, not started, and nothing to measure by yet are grey. Past due and not complete is
/// red. For the rest the bands decide, and the light is at best yellow while two or more due reports in a row are missing. There is
/// something to measure by as soon as a report was accepted, or a due one is missing. Silence counts as nothing done, and cannot keep a
/// task grey. The due date is the original one throughout.
///
/// The public does not know which reports are missing. Its light leaves grey once two reports were due and no report is accepted, and is
/// then at best yellow.
#[must_use]
pub fn judge(rule_set: &RuleSet, facts: &Facts<'_>, as_of: NaiveDate) -> Verdict {
    let planned = facts.plan.by(rule_set.curve(), as_of);
    let mut steps = done(facts);
    steps.push(Step::Planned { on: as_of, planned: planned.clone() });
    let measured = measure(rule_set.gauge(), &planned, &facts.completion.share);
    let lack = lack(facts, as_of);
    let is_judged = matches!(lack, None | Some(Lack::Time));
    let is_stale = is_judged && facts.missing_in_a_row >= STALE_AFTER;
    let is_unanswered = is_judged && facts.unanswered >= UNANSWERED_AFTER;
    let light = match lack {
        Some(Lack::Nothing { closed_on }) => {
            steps.push(Step::Closed { on: closed_on });
            StatusLight::Blue
        }
        Some(Lack::Work) => {
            steps.push(Step::Suspended);
            StatusLight::Grey
        }
        Some(Lack::Start) => {
            steps.push(Step::NotStarted { starts_on: facts.plan.starts_on() });
            StatusLight::Grey
        }
        Some(Lack::Report) => {
            steps.push(Step::NothingYet);
            StatusLight::Grey
        }
        Some(Lack::Time) => {
            steps.push(Step::PastDue { due_on: facts.plan.due_on() });
            StatusLight::Red
        }
        None => {
            let mut light = StatusLight::Red;
            if let Some(band) = rule_set.band(&measured) {
                light = band.light;
                steps.push(Step::Measured { gauge: rule_set.gauge(), measured: measured.clone(), band: *band });
            }
            if (is_stale || is_unanswered) && light == StatusLight::Green { StatusLight::Yellow } else { light }
        }
    };
    if is_stale {
        steps.push(Step::Missing { reports: facts.missing_in_a_row });
    }
    if is_unanswered {
        steps.push(Step::Unanswered { reports: facts.unanswered });
    }
    let remedy = needs(rule_set, facts, &planned.share, as_of > facts.plan.due_on(), lack);
    let proof = Proof {
        rule_set_code: rule_set.code().to_owned(),
        rule_set_version: rule_set.version(),
        rule_set_name: rule_set.name().clone(),
        as_of,
        due_on: facts.plan.due_on(),
        extended_to: facts.plan.extended_to(),
        curve: planned.curve,
        straight_line: facts.plan.straight_line(as_of).share,
        own_plan: facts.plan.own(as_of).map(|own| own.share),
        back_loading: facts.plan.back_loading(),
        gap: planned.share.minus(&facts.completion.share),
        planned: planned.share,
        completion: facts.completion.share.clone(),
        basis: facts.completion.basis,
        thresholds: rule_set.thresholds(),
        steps,
        remedy: (!matches!(light, StatusLight::Blue | StatusLight::Green)).then_some(remedy),
    };
    Verdict { light, is_stale, proof }
}

/// The cases in which the bands do not judge a task.
fn lack(facts: &Facts<'_>, as_of: NaiveDate) -> Option<Lack> {
    match facts.standing {
        // Asked about a date before its closing, a task was still open.
        Standing::Closed(on) if on <= as_of => return Some(Lack::Nothing { closed_on: on }),
        Standing::Suspended => return Some(Lack::Work),
        Standing::Closed(_) | Standing::Open => {}
    }
    if as_of < facts.plan.starts_on() {
        return Some(Lack::Start);
    }
    let is_past_due = as_of > facts.plan.due_on();
    let is_silent = !facts.is_reported && facts.completion.share.is_nothing();
    // A report in words alone, on a task without targets and milestones, leaves open how much is done, until all should be.
    let is_vague = facts.completion.basis == Basis::Nothing && !is_past_due;
    let is_awaited = facts.missing_in_a_row > 0 || facts.unanswered >= UNANSWERED_AFTER;
    if !is_awaited && (is_silent || is_vague) {
        return Some(Lack::Report);
    }
    (is_past_due && !facts.completion.is_complete()).then_some(Lack::Time)
}

/// How the completion was found.
fn done(facts: &Facts<'_>) -> Vec<Step> {
    let completion = facts.completion;
    let mut steps: Vec<Step> = completion
        .targets
        .iter()
        .filter_map(|target| {
            let achieved = target.achieved.unwrap_or_default();
            match (&target.share, target.measure) {
                (Some(share), Measure::Progress) if target.counts => Some(Step::Target {
                    label: target.label.clone(),
                    unit: target.unit.clone(),
                    achieved,
                    value: target.value,
                    weight: target.weight.value(),
                    share: share.clone().capped(),
                }),
                _ if target.is_exceeded() => {
                    Some(Step::CeilingExceeded { label: target.label.clone(), unit: target.unit.clone(), achieved, value: target.value })
                }
                _ => None,
            }
        })
        .collect();
    steps.push(Step::Completion { basis: completion.basis, share: completion.share.clone() });
    steps
}

fn measure(gauge: Gauge, planned: &Planned, completion: &Share) -> Share {
    let gap = planned.share.minus(completion);
    match gauge {
        Gauge::Gap => gap,
        Gauge::Shortfall => gap.over(&planned.share).unwrap_or_else(Share::nothing),
        Gauge::Completion => completion.clone(),
    }
}
