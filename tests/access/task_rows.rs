//! The rows of what is done to tasks: by the units with a part in them, and by their office.

use entity::{Action, AssignmentRole};
use minsheng::access::policy::{NoticeFacts, Resource, TaskFacts};

use super::rows::{Question, Row, row};

/// The part that the viewer's unit has in a task.
type Part = Option<AssignmentRole>;

const LEADS: [Part; 1] = [Some(AssignmentRole::Lead)];
const SUPPORTS: [Part; 1] = [Some(AssignmentRole::Supporting)];
const HAS_A_PART: [Part; 2] = [Some(AssignmentRole::Lead), Some(AssignmentRole::Supporting)];
const HAS_NONE: [Part; 1] = [None];
/// It makes no difference.
const WHATEVER: [Part; 3] = [Some(AssignmentRole::Lead), Some(AssignmentRole::Supporting), None];

/// Where a task stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Running,
    Claimed,
    Suspended,
    ClaimedAndSuspended,
    Closed,
    ClosedAndSuspended,
}

use Stage::{Claimed, ClaimedAndSuspended, Closed, ClosedAndSuspended, Running, Suspended};

const OPEN: [Stage; 4] = [Running, Claimed, Suspended, ClaimedAndSuspended];
const OVER: [Stage; 2] = [Closed, ClosedAndSuspended];
const ANY: [Stage; 6] = [Running, Claimed, Suspended, ClaimedAndSuspended, Closed, ClosedAndSuspended];

fn tasks(notices: impl IntoIterator<Item = NoticeFacts>, parts: &[Part], stages: &[Stage]) -> Vec<Resource> {
    let mut found = Vec::new();
    for notice in notices {
        for part in parts {
            for stage in stages {
                found.push(Resource::Task(TaskFacts {
                    notice,
                    part: *part,
                    // A task is closed by accepting the claim that it is done.
                    claimed: !matches!(stage, Running | Suspended),
                    closed: OVER.contains(stage),
                    suspended: matches!(stage, Suspended | ClaimedAndSuspended | ClosedAndSuspended),
                }));
            }
        }
    }
    found
}

/// Tasks of notices in force in the viewers' district.
fn here(asked: &Question<'_>, parts: &[Part], stages: &[Stage]) -> Vec<Resource> {
    tasks(Question::issued_notices(asked.places.district), parts, stages)
}

/// Tasks of published notices of the neighbour and of the place below.
fn beside_and_below(asked: &Question<'_>, parts: &[Part], stages: &[Stage]) -> Vec<Resource> {
    tasks([asked.places.neighbour, asked.places.below].into_iter().flat_map(Question::published_notices), parts, stages)
}

/// Tasks of published notices of the city.
fn of_the_city(asked: &Question<'_>, parts: &[Part], stages: &[Stage]) -> Vec<Resource> {
    tasks(Question::published_notices(asked.places.city), parts, stages)
}

/// Tasks of the neighbour's notices that are not published.
fn hidden(asked: &Question<'_>) -> Vec<Resource> {
    tasks(Question::internal_notices(asked.places.neighbour), &HAS_NONE, &ANY)
}

/// Tasks of the district's notices that are not in force.
fn idle(asked: &Question<'_>, parts: &[Part]) -> Vec<Resource> {
    tasks(Question::idle_notices(asked.places.district), parts, &ANY)
}

pub fn reporting() -> Vec<Row> {
    let submit = [Action::SubmitProgress];
    vec![
        row(
            &submit,
            "进行中（含已申请办结），本单位牵头或协办：本区的",
            "under way (a claim that it is done included), with one's own unit leading or supporting: of the district",
            |asked| here(asked, &HAS_A_PART, &[Running, Claimed]),
        ),
        row(
            &submit,
            "同上：市和其他辖区已公开的（如经集合单位承担）",
            "the same: published by the city or another place, as for a member of a collective unit",
            |asked| [of_the_city, beside_and_below].iter().flat_map(|find| find(asked, &HAS_A_PART, &[Running, Claimed])).collect(),
        ),
        row(
            &submit,
            "同上：市未公开的（不予公开、依申请公开、已撤回）",
            "the same: of a notice of the city that is not published (withheld, on request, withdrawn)",
            |asked| tasks(Question::internal_notices(asked.places.city), &HAS_A_PART, &[Running, Claimed]),
        ),
        row(&submit, "本单位没有分工", "one's own unit has no part in it", |asked| {
            [here, of_the_city, beside_and_below].iter().flat_map(|find| find(asked, &HAS_NONE, &ANY)).collect()
        }),
        row(&submit, "已暂停，本单位牵头或协办", "suspended, one's own unit leads or supports", |asked| {
            here(asked, &HAS_A_PART, &[Suspended, ClaimedAndSuspended])
        }),
        row(&submit, "已销号，本单位牵头或协办", "closed, one's own unit leads or supports", |asked| {
            here(asked, &HAS_A_PART, &OVER)
        }),
        row(
            &submit,
            "通知未印发或已撤回，本单位牵头或协办：本区的",
            "its notice is a draft or withdrawn, one's own unit leads or supports: of the district",
            |asked| idle(asked, &HAS_A_PART),
        ),
        row(&submit, "邻区未公开的", "of a neighbouring district, not published", hidden),
    ]
}

pub fn planning() -> Vec<Row> {
    let plan = [Action::SavePlan, Action::AllocateTarget];
    vec![
        row(
            &plan,
            "未销号（含已暂停），本单位牵头：本区的",
            "not closed, suspended or not, led by one's own unit: of the district",
            |asked| here(asked, &LEADS, &OPEN),
        ),
        row(&plan, "同上，本单位协办", "the same, supported by one's own unit", |asked| here(asked, &SUPPORTS, &OPEN)),
        row(&plan, "同上，本单位没有分工", "the same, one's own unit has no part in it", |asked| here(asked, &HAS_NONE, &OPEN)),
        row(&plan, "未销号，本单位牵头：市的", "not closed, led by one's own unit: of the city", |asked| {
            of_the_city(asked, &LEADS, &OPEN)
        }),
        row(
            &plan,
            "未销号，本单位没有分工：邻区的、下级的",
            "not closed, one's own unit has no part in it: of a neighbour, or below",
            |asked| beside_and_below(asked, &HAS_NONE, &OPEN),
        ),
        row(&plan, "已销号，本单位牵头：本区的", "closed, led by one's own unit: of the district", |asked| {
            here(asked, &LEADS, &OVER)
        }),
        row(
            &plan,
            "通知未印发或已撤回，本单位牵头：本区的",
            "its notice is a draft or withdrawn, led by one's own unit: of the district",
            |asked| idle(asked, &LEADS),
        ),
        row(&plan, "邻区未公开的", "of a neighbouring district, not published", hidden),
    ]
}

pub fn closing() -> Vec<Row> {
    let claim = [Action::ClaimCompletion];
    let settle = [Action::AcceptCompletion, Action::ReturnCompletion];
    vec![
        row(
            &claim,
            "进行中，本单位牵头：本区的、市的",
            "under way, led by one's own unit: of the district or the city",
            |asked| [here, of_the_city].iter().flat_map(|find| find(asked, &LEADS, &[Running])).collect(),
        ),
        row(&claim, "本单位协办", "supported by one's own unit", |asked| here(asked, &SUPPORTS, &ANY)),
        row(&claim, "本单位没有分工", "one's own unit has no part in it", |asked| {
            [here, of_the_city, beside_and_below].iter().flat_map(|find| find(asked, &HAS_NONE, &ANY)).collect()
        }),
        row(&claim, "已申请办结，本单位牵头", "claimed already, led by one's own unit", |asked| here(asked, &LEADS, &[Claimed])),
        row(&claim, "已暂停，本单位牵头", "suspended, led by one's own unit", |asked| {
            here(asked, &LEADS, &[Suspended, ClaimedAndSuspended])
        }),
        row(&claim, "已销号，本单位牵头", "closed, led by one's own unit", |asked| here(asked, &LEADS, &OVER)),
        row(&claim, "通知未印发或已撤回，本单位牵头", "its notice is a draft or withdrawn, led by one's own unit", |asked| {
            idle(asked, &LEADS)
        }),
        row(&settle, "已申请办结（含已暂停）：本区的", "claimed to be done, suspended or not: of the district", |asked| {
            here(asked, &WHATEVER, &[Claimed, ClaimedAndSuspended])
        }),
        row(&settle, "没有申请办结：本区的", "not claimed to be done: of the district", |asked| {
            here(asked, &WHATEVER, &[Running, Suspended])
        }),
        row(&settle, "已销号：本区的", "closed: of the district", |asked| here(asked, &WHATEVER, &OVER)),
        row(&settle, "通知未印发或已撤回：本区的", "its notice is a draft or withdrawn: of the district", |asked| {
            idle(asked, &WHATEVER)
        }),
        row(&settle, "已申请办结：邻区的、下级的", "claimed to be done: of a neighbour, or below", |asked| {
            beside_and_below(asked, &WHATEVER, &[Claimed])
        }),
        row(&settle, "已申请办结：市的", "claimed to be done: of the city", |asked| of_the_city(asked, &WHATEVER, &[Claimed])),
        row(&settle, "邻区未公开的", "of a neighbouring district, not published", hidden),
    ]
}

/// The stages in which an action makes sense: what is suspended is resumed, and what is not is suspended.
fn fitting(action: Action) -> Vec<Stage> {
    match action {
        Action::SuspendTask => vec![Running, Claimed],
        Action::ResumeTask => vec![Suspended, ClaimedAndSuspended],
        _ => OPEN.to_vec(),
    }
}

pub fn dates() -> Vec<Row> {
    let all = [Action::SuspendTask, Action::ResumeTask, Action::ExtendTask];
    vec![
        row(
            &all,
            "暂停进行中的，恢复已暂停的，延期未销号的：本区的",
            "one under way is suspended, a suspended one resumed, one not closed extended: of the district",
            |asked| here(asked, &WHATEVER, &fitting(asked.action)),
        ),
        row(&all, "同上：邻区的、下级的", "the same: of a neighbour, or below", |asked| {
            beside_and_below(asked, &WHATEVER, &fitting(asked.action))
        }),
        row(&all, "同上：市的", "the same: of the city", |asked| of_the_city(asked, &WHATEVER, &fitting(asked.action))),
        row(&[Action::SuspendTask], "已暂停的：本区的", "suspended already: of the district", |asked| {
            here(asked, &WHATEVER, &[Suspended, ClaimedAndSuspended])
        }),
        row(&[Action::ResumeTask], "没有暂停的：本区的", "not suspended: of the district", |asked| {
            here(asked, &WHATEVER, &[Running, Claimed])
        }),
        row(&all, "已销号的：本区的", "closed: of the district", |asked| here(asked, &WHATEVER, &OVER)),
        row(&all, "通知未印发或已撤回：本区的", "its notice is a draft or withdrawn: of the district", |asked| {
            idle(asked, &WHATEVER)
        }),
        row(&all, "邻区未公开的", "of a neighbouring district, not published", hidden),
    ]
}
