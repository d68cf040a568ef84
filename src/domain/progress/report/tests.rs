#![expect(clippy::arithmetic_side_effects, reason = "a test that panics has failed, as it should")]

use chrono::TimeDelta;
use entity::{ProgressReportId, TargetId, UnitId};
use proptest::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::*;
use crate::domain::{
    progress::completion::{AcceptedReport, Change, RollUp},
    share::Share,
};

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
}

fn why() -> Reason {
    Reason::new(" 数据与台账不符 ").expect("a reason")
}

fn number(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

fn target(id: u128) -> TargetId {
    TargetId(Uuid::from_u128(id))
}

fn figure(id: u128, value: &str, explanation: Option<&str>) -> PostedFigure {
    PostedFigure { target_id: target(id), value: number(value), explanation: explanation.map(str::to_owned) }
}

fn record(id: u128, goal: &str, accepted: &[&str]) -> Record {
    Record {
        target_id: target(id),
        goal: number(goal),
        most: None,
        share: None,
        beside: Beside::default(),
        parts: Vec::new(),
        parts_make_it: false,
        accepted: accepted.iter().map(|value| number(value)).collect(),
    }
}

fn check_one(value: &str, explanation: Option<&str>, goal: &str, accepted: &[&str]) -> (Vec<Refusal>, Vec<&'static str>) {
    let figures = [figure(1, value, explanation)];
    let findings = Posting { figures: &figures, ..Posting::default() }.check(&[record(1, goal, accepted)], None);
    let refusals = findings.refusals.iter().map(|finding| finding.what).collect();
    (refusals, findings.warnings.iter().map(|finding| finding.what.word()).collect())
}

#[test]
fn every_transition_that_is_not_named_is_refused() {
    use ReportState::{Accepted, Draft, Returned, Submitted};
    let states = [
        (Draft, Life::draft()),
        (Submitted, Life::draft().submit(at(1)).expect("submitted")),
        (Accepted, Life::draft().submit(at(1)).and_then(|life| life.accept(at(2))).expect("accepted")),
        (Returned, Life::draft().submit(at(1)).and_then(|life| life.return_to_unit(at(2), why())).expect("returned")),
    ];
    let transitions = [Transition::Submit, Transition::Accept, Transition::Return(why()), Transition::Reopen(why())];
    let outcomes = [
        [Ok(Submitted), Err(Refusal::NotSubmitted), Err(Refusal::NotSubmitted), Err(Refusal::NotAccepted)],
        [Ok(Submitted), Ok(Accepted), Ok(Returned), Err(Refusal::NotAccepted)],
        [Err(Refusal::Locked), Err(Refusal::ReviewedAlready(Accepted)), Err(Refusal::ReviewedAlready(Accepted)), Ok(Returned)],
        [Ok(Submitted), Err(Refusal::ReviewedAlready(Returned)), Err(Refusal::ReviewedAlready(Returned)), Err(Refusal::NotAccepted)],
    ];
    for ((state, life), row) in states.into_iter().zip(outcomes) {
        assert_eq!(life.state(), state);
        for (transition, outcome) in transitions.iter().zip(row) {
            assert_eq!(life.clone().after(transition.clone(), at(3)).map(|life| life.state()), outcome, "{state:?} {transition:?}");
        }
        let saving = [Ok(()), Err(Refusal::SubmittedAlready), Err(Refusal::Locked), Err(Refusal::SubmittedAlready)];
        assert_eq!(life.check_saving(), saving[state as usize], "{state:?}");
    }
}

#[test]
fn the_first_submission_decides_whether_it_was_on_time() {
    let life = Life::draft().submit(at(10)).and_then(|life| life.return_to_unit(at(20), why())).expect("returned");
    assert_eq!(life.reason().map(Reason::as_str), Some("数据与台账不符"));
    let life = life.submit(at(90)).and_then(|life| life.accept(at(91))).and_then(|life| life.reopen(at(95), why())).expect("reopened");
    assert_eq!((life.first_submitted_at(), life.last_submitted_at()), (Some(at(10)), Some(at(90))));
    assert_eq!((life.is_on_time(at(10)), life.is_on_time(at(9))), (Some(true), Some(false)));
    assert_eq!((life.state(), life.history().len()), (ReportState::Returned, 5));
    assert_eq!(Life::draft().is_on_time(at(10)), None);
}

#[test]
fn a_reason_says_something_and_history_is_stored_and_read() {
    assert_eq!(Reason::new(" \n"), Err(Refusal::ReasonMissing));
    let life = Life::draft().submit(at(1)).and_then(|life| life.return_to_unit(at(2), why())).expect("returned");
    let json = serde_json::to_string(life.history()).expect("JSON");
    assert!(json.contains(r#""transition":{"kind":"RETURN","reason":"数据与台账不符"}"#), "{json}");
    let history: Vec<Occurrence> = serde_json::from_str(&json).expect("a history");
    assert_eq!(Life::replay(history), Ok(life));
    assert!(serde_json::from_str::<Transition>(r#"{"kind":"RETURN","reason":" "}"#).is_err());
}

#[test]
fn what_cannot_be_kept_or_believed_is_refused() {
    for (value, explanation, accepted, refusal) in [
        ("-1", None, &["5"][..], Some(Refusal::Negative)),
        ("-0", None, &[], None),
        ("5.00001", None, &[], Some(Refusal::TooPrecise)),
        ("5.000000", None, &[], None),
        ("9000000000000", None, &[], Some(Refusal::TooLarge)),
        ("4", None, &["7", "5"], Some(Refusal::BelowAccepted(Decimal::from(5)))),
        ("4", Some(" "), &["5"], Some(Refusal::BelowAccepted(Decimal::from(5)))),
        ("4", Some("上月重复统计 1 个"), &["5"], None),
        ("5", None, &["7", "5"], None),
    ] {
        assert_eq!(check_one(value, explanation, "10", accepted).0, Vec::from_iter(refusal), "{value}");
    }
}

#[test]
fn a_reviewer_is_told_what_looks_odd() {
    for (value, goal, accepted, warnings) in [
        ("20", "10", &[][..], &[][..]),
        ("20.0001", "10", &[], &["ABOVE_TWICE_THE_TARGET"]),
        ("1", "0", &[], &[]),
        ("9", "100", &["5"], &[]),
        ("10", "100", &["5"], &[]),
        ("11", "100", &["5"], &["LARGEST_JUMP"]),
        ("40", "100", &["5", "25"], &[]),
        ("0", "100", &[], &[]),
        ("0", "100", &["0"], &[]),
        ("0", "100", &["0", "0"], &["NO_CHANGE"]),
        ("5", "100", &["5", "5"], &[]),
        ("5", "100", &["5", "5", "5"], &["NO_CHANGE"]),
        ("5", "5", &["5", "5", "5"], &[]),
        ("50", "10", &["1", "2"], &["ABOVE_TWICE_THE_TARGET", "LARGEST_JUMP"]),
    ] {
        assert_eq!(check_one(value, None, goal, accepted), (vec![], warnings.to_vec()), "{value} {goal} {accepted:?}");
    }
}

#[test]
fn a_rate_is_never_more_than_its_base() {
    let of = |value: &str, most: Option<&str>| {
        let figures = [figure(1, value, None)];
        let record = Record { most: most.map(number), ..record(1, "90", &[]) };
        let findings = Posting { figures: &figures, ..Posting::default() }.check(&[record], None);
        findings.refusals.iter().map(|finding| finding.what.word()).collect::<Vec<_>>()
    };
    assert_eq!(of("100.0001", Some("100")), ["FIGURE_ABOVE_WHOLE"]);
    assert_eq!(of("100", Some("100")), [""; 0]);
    assert_eq!(of("120", None), [""; 0], "what grew may be more");
}

#[test]
fn a_whole_and_its_parts_that_disagree_are_remarked_on() {
    let of = |figures: &[(u128, &str)], accepted: &[&str], parts_make_it| {
        let figures: Vec<PostedFigure> = figures.iter().map(|(id, value)| figure(*id, value, None)).collect();
        let whole = Record { parts: vec![target(2), target(3)], parts_make_it, ..record(1, "100", accepted) };
        let records = [whole, record(2, "60", &[]), record(3, "40", &[])];
        let findings = Posting { figures: &figures, ..Posting::default() }.check(&records, None);
        let told = findings.warnings.iter().filter(|finding| finding.what.word() == "PARTS_DISAGREE");
        told.map(|finding| finding.subject.path().join(".")).collect::<Vec<_>>()
    };
    assert_eq!(of(&[(1, "50"), (2, "30"), (3, "20")], &[], true), [""; 0]);
    assert_eq!(of(&[(2, "30"), (1, "50"), (3, "25")], &[], true), ["achievements.0.value"]);
    assert_eq!(of(&[(1, "50"), (2, "30"), (3, "10")], &[], true), ["achievements.0.value"]);
    assert_eq!(of(&[(1, "50"), (2, "30")], &[], true), [""; 0], "the other part is to come");
    assert_eq!(of(&[(1, "50"), (2, "30"), (3, "10")], &[], false), [""; 0], "parts that do not make it may be less");
    assert_eq!(of(&[(2, "60")], &["50"], false), ["achievements.0.value"], "than what was accepted of the whole");
    assert_eq!(of(&[(2, "60")], &[], false), [""; 0]);
}

#[test]
fn the_lead_of_a_task_in_words_alone_says_how_much_is_done() {
    let told = |stated_percent, asks_for_word| {
        let findings = Posting { stated_percent, asks_for_word, ..Posting::default() }.check(&[], None);
        let drafted = findings.clone().for_draft().refusals.len();
        (findings.refusals.iter().map(|finding| (finding.subject.path().join("."), finding.what.word())).collect::<Vec<_>>(), drafted)
    };
    assert_eq!(told(None, true), (vec![("statedCompletion".to_owned(), "STATED_COMPLETION_MISSING")], 0));
    assert_eq!(told(Some(Decimal::ZERO), true), (vec![], 0));
    assert_eq!(told(None, false), (vec![], 0));
}

#[test]
fn all_faults_are_told_at_once_with_their_fields() {
    let figures = [figure(1, "-1", None), figure(2, "3", None), figure(9, "3", None), figure(2, "2", None)];
    let posting = Posting { figures: &figures, stated_percent: Some(number("100.5")), ..Posting::default() };
    let behind = Schedule { planned: Share::whole(), completion: Share::nothing(), is_explained: false };
    let records = [record(1, "5", &[]), record(2, "5", &["3"])];
    let findings = posting.check(&records, Some(&behind));
    let told: Vec<_> = findings.refusals.iter().map(|finding| (finding.subject.path().join("."), finding.what.word())).collect();
    let expected = [
        ("achievements.0.value", "FIGURE_NEGATIVE"),
        ("achievements.2.targetId", "TARGET_OF_ANOTHER_TASK"),
        ("achievements.3.targetId", "TARGET_REPEATED"),
        ("achievements.3.value", "FIGURE_BELOW_ACCEPTED"),
        ("statedCompletion", "STATED_COMPLETION_OUT_OF_RANGE"),
        ("blockers", "BEHIND_WITHOUT_CAUSE"),
    ];
    assert_eq!(told, expected.map(|(path, word)| (path.to_owned(), word)));
    let words: Vec<_> = findings.for_draft().refusals.iter().map(|finding| finding.what.word()).collect();
    assert_eq!(words, ["FIGURE_NEGATIVE", "TARGET_OF_ANOTHER_TASK", "TARGET_REPEATED", "STATED_COMPLETION_OUT_OF_RANGE"]);
}

#[test]
fn who_is_behind_says_why_and_what_is_needed() {
    let blocker = |description: &str, needs: Option<&str>| Blocker { description: description.into(), needs: needs.map(str::to_owned) };
    let schedule = |completion: &str, is_explained| Schedule {
        planned: Share::from(number("0.5")),
        completion: Share::from(number(completion)),
        is_explained,
    };
    for (blockers, schedule, refusal) in [
        (vec![], Some(schedule("0.4999", false)), Some(Refusal::CauseMissing)),
        (vec![blocker(" ", Some("资金"))], Some(schedule("0.4", false)), Some(Refusal::CauseMissing)),
        (vec![blocker("土地未批", None)], Some(schedule("0.4", false)), Some(Refusal::NeedMissing)),
        (vec![blocker("土地未批", Some(" "))], Some(schedule("0.4", false)), Some(Refusal::NeedMissing)),
        (vec![blocker("土地未批", Some("区自然资源局批复"))], Some(schedule("0.4", false)), None),
        (vec![], Some(schedule("0.4", true)), None),
        (vec![], Some(schedule("0.5", false)), None),
        (vec![], None, None),
    ] {
        let findings = Posting { blockers: &blockers, ..Posting::default() }.check(&[], schedule.as_ref());
        assert_eq!(findings.refusals.iter().map(|finding| finding.what).collect::<Vec<_>>(), Vec::from_iter(refusal));
    }
}

fn any_transition() -> impl Strategy<Value = Transition> {
    prop::sample::select(vec![Transition::Submit, Transition::Accept, Transition::Return(why()), Transition::Reopen(why())])
}

proptest! {
    #[test]
    fn what_is_counted_is_what_is_accepted(moves in prop::collection::vec((0_usize..6, any_transition()), 0..60)) {
        let report = |number: usize, submissions: usize| AcceptedReport {
            id: ProgressReportId(Uuid::from_u128(number as u128)),
            unit_id: UnitId(Uuid::from_u128(number as u128 % 2)),
            ends_on: at(0).date_naive() + TimeDelta::weeks(i64::try_from(number).expect("small")),
            figures: [(target(1), Decimal::from(submissions))].into(),
        };
        let submissions = |life: &Life| life.history().iter().filter(|past| past.transition == Transition::Submit).count();
        let mut lives = vec![Life::draft(); 6];
        let mut kept = RollUp::default();
        for (number, transition) in moves {
            let Ok(life) = lives[number].clone().after(transition.clone(), at(0)) else { continue };
            match transition {
                Transition::Accept => kept = kept.apply(Change::Accepted(report(number, submissions(&life)))),
                Transition::Reopen(_) => kept = kept.apply(Change::Reopened(report(number, 0).id)),
                Transition::Submit | Transition::Return(_) => {}
            }
            lives[number] = life;
        }
        let accepted = lives.iter().enumerate().filter(|(_, life)| life.state() == ReportState::Accepted);
        prop_assert_eq!(kept, RollUp::of(accepted.map(|(number, life)| report(number, submissions(life)))));
    }

    #[test]
    fn a_life_replayed_from_its_history_is_the_same(transitions in prop::collection::vec(any_transition(), 0..30)) {
        let mut life = Life::draft();
        let mut first = None;
        for (transition, minute) in transitions.into_iter().zip(0..) {
            let is_locked = life.state() == ReportState::Accepted;
            match life.clone().after(transition.clone(), at(minute)) {
                Ok(next) => {
                    prop_assert!(!is_locked || matches!(transition, Transition::Reopen(_)));
                    if transition == Transition::Submit {
                        first = first.or(Some(at(minute)));
                    }
                    prop_assert_eq!(next.history().len(), life.history().len() + 1);
                    life = next;
                }
                Err(refusal) => prop_assert!(refusal.bars_draft()),
            }
            prop_assert_eq!(life.first_submitted_at(), first);
            prop_assert_eq!(life.reason().is_some(), life.state() == ReportState::Returned);
        }
        prop_assert_eq!(Life::replay(life.history().to_vec()), Ok(life));
    }

    #[test]
    fn what_passes_unexplained_never_falls(values in prop::collection::vec(-50_i64..500, 1..20)) {
        let mut accepted: Vec<Decimal> = Vec::new();
        for value in values {
            let figures = [PostedFigure { target_id: target(1), value: Decimal::new(value, 1), explanation: None }];
            let record = Record { accepted: accepted.clone(), ..record(1, "20", &[]) };
            let findings = Posting { figures: &figures, ..Posting::default() }.check(&[record], None);
            if findings.refusals.is_empty() {
                accepted.push(figures[0].value);
            } else {
                prop_assert!(findings.warnings.is_empty());
            }
        }
        prop_assert!(accepted.is_sorted());
        prop_assert!(accepted.iter().all(|value| *value >= Decimal::ZERO));
    }
}
