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
/// In this order: closed is blue; suspended, not started, and nothing to measure by yet are grey; past due and not complete is red; the
/// rest goes by the bands. The due date is the original one throughout.
///
/// Silence is no shelter. Once two reports have been due and nothing says how much is done, it is measured as if nothing were, and is at
/// best yellow; so is it while one of its targets is unreported then. Both are public facts. It is at best yellow, too, while two or more
/// due reports in a row are missing, which only those are told who may know it.
///
/// A ceiling is kept or broken. With ceilings alone a task is green while they are kept. A broken one is at best yellow where its figure can
/// come back, and red where it cannot, whatever else is done.
#[must_use]
pub fn judge(rule_set: &RuleSet, facts: &Facts<'_>, as_of: NaiveDate) -> Verdict {
    let planned = facts.plan.by(rule_set.curve(), as_of);
    let mut steps = done(facts);
    steps.push(Step::Planned { on: as_of, planned: planned.clone() });
    let done = facts.completion.share.as_ref();
    let measured = measure(rule_set.gauge(), &planned, &done.cloned().unwrap_or_else(Share::nothing));
    let lack = lack(facts, as_of);
    let is_judged = matches!(lack, None | Some(Lack::Time));
    let is_stale = is_judged && facts.missing_in_a_row >= STALE_AFTER;
    let is_by_ceilings = facts.completion.is_by_ceilings();
    let is_unanswered = is_judged && done.is_none() && !is_by_ceilings && facts.due >= UNANSWERED_AFTER;
    let is_partial = is_judged && (done.is_some() || is_by_ceilings) && is_partial(facts);
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
            if done.is_none() && !is_unanswered {
                // What is known are ceilings.
                light = StatusLight::Green;
                steps.extend(facts.completion.exceeded().next().is_none().then_some(Step::CeilingsKept));
            } else if let Some(band) = rule_set.band(&measured) {
                light = band.light;
                steps.push(Step::Measured { gauge: rule_set.gauge(), measured: measured.clone(), band: *band });
            }
            if (is_stale || is_unanswered || is_partial || facts.completion.exceeded().next().is_some()) && light == StatusLight::Green {
                light = StatusLight::Yellow;
            }
            if facts.completion.exceeded().any(|ceiling| !ceiling.can_come_back) { StatusLight::Red } else { light }
        }
    };
    if is_stale {
        steps.push(Step::Missing { reports: facts.missing_in_a_row });
    }
    if is_unanswered {
        steps.push(Step::Unanswered { reports: facts.due });
    }
    if is_partial {
        steps.push(Step::Partial { reports: facts.due });
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
        gap: done.map(|done| planned.share.minus(done)),
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
    // A report in words alone, on a task without targets and milestones, leaves open how much is done, as no report does.
    let completion = facts.completion;
    let is_unknown = completion.share.is_none() && !completion.is_by_ceilings() && completion.exceeded().next().is_none();
    let is_awaited = facts.due >= UNANSWERED_AFTER || is_past_due && facts.due > 0;
    if is_unknown && !is_awaited {
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
            let (label, unit) = (target.label.clone(), target.unit.clone());
            if target.is_unreported() {
                return Some(Step::TargetUnreported { label });
            }
            let (achieved, value) = (target.achieved?, target.value);
            match (&target.share, target.measure) {
                (Some(share), Measure::Progress) if target.counts => Some(Step::Target {
                    label,
                    unit,
                    achieved,
                    value,
                    baseline: target.baseline,
                    weight: target.weight.value(),
                    share: share.clone().capped(),
                    met_from: Some(target.met_from.clone()).filter(|least| *least <= *share && *share < Share::whole()),
                }),
                _ if target.is_exceeded() => {
                    Some(Step::CeilingExceeded { label, unit, achieved, value, can_come_back: target.can_come_back })
                }
                _ => None,
            }
        })
        .collect();
    match &completion.share {
        Some(share) => steps.push(Step::Completion {
            basis: completion.basis,
            share: share.clone(),
            reported: completion.reported(),
            counted: completion.counted(),
        }),
        None if completion.basis == Basis::Nothing => steps.push(Step::NotStated),
        None => {}
    }
    steps
}

/// Whether a target that should be reported by now is not, while others are.
pub(super) fn is_partial(facts: &Facts<'_>) -> bool {
    facts.due >= UNANSWERED_AFTER && facts.completion.unreported().next().is_some()
}

fn measure(gauge: Gauge, planned: &Planned, completion: &Share) -> Share {
    let gap = planned.share.minus(completion);
    match gauge {
        Gauge::Gap => gap,
        Gauge::Shortfall => gap.over(&planned.share).unwrap_or_else(Share::nothing),
        Gauge::Completion => completion.clone(),
    }
}
