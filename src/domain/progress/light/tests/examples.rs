use super::*;
use crate::domain::progress::plan::Curve;

/// Half of the year of 2023 is over on 2 July.
const HALF: &str = "2023-07-02";

fn light_of(rule_set: &RuleSet, percent: &str, on: &str) -> StatusLight {
    judge(rule_set, &facts(&stated(Some(number(percent))), &year()), date(on)).light
}

#[test]
fn the_default_goes_by_points() {
    for (percent, light) in [
        ("100", StatusLight::Green),
        ("50", StatusLight::Green),
        ("40.0001", StatusLight::Green),
        ("40", StatusLight::Yellow),
        ("20", StatusLight::Yellow),
        ("19.9999", StatusLight::Red),
        ("0", StatusLight::Red),
    ] {
        assert_eq!(light_of(&RuleSet::default(), percent, HALF), light, "{percent}");
    }
}

#[test]
fn sanya_goes_by_the_shortfall_and_dazu_by_bands() {
    for (percent, sanya, dazu) in [
        ("60", StatusLight::Green, StatusLight::Green),
        ("50", StatusLight::Green, StatusLight::Yellow),
        ("49.9999", StatusLight::Yellow, StatusLight::Yellow),
        ("30", StatusLight::Yellow, StatusLight::Yellow),
        ("29.9999", StatusLight::Yellow, StatusLight::Red),
        ("25", StatusLight::Yellow, StatusLight::Red),
        ("24.9999", StatusLight::Red, StatusLight::Red),
    ] {
        assert_eq!(light_of(&RuleSet::relative_shortfall(), percent, HALF), sanya, "{percent}");
        assert_eq!(light_of(&RuleSet::completion_bands(), percent, HALF), dazu, "{percent}");
    }
    // On the first day the planned share is zero, so there is no shortfall.
    assert_eq!(light_of(&RuleSet::relative_shortfall(), "0", "2023-01-01"), StatusLight::Green);
}

#[test]
fn past_due_and_not_complete_is_red_by_the_original_date_in_every_rule_set() {
    let plan = year().extended(date("2024-06-30")).expect("a plan");
    for rule_set in RuleSet::built_in() {
        for (percent, light) in [("99.99", StatusLight::Red), ("100", StatusLight::Green)] {
            let completion = stated(Some(number(percent)));
            let verdict = judge(&rule_set, &facts(&completion, &plan), date("2024-01-01"));
            assert_eq!(verdict.light, light);
            assert_eq!(verdict.proof.extended_to, Some(date("2024-06-30")));
            assert!(verdict.explanation().to_string().contains("时限已由 2023-12-31 延至 2024-06-30"));
        }
        assert_eq!(light_of(&rule_set, "99.99", "2023-12-31"), judge_on_the_day(&rule_set), "the due date itself is not late");
    }
}

fn judge_on_the_day(rule_set: &RuleSet) -> StatusLight {
    if rule_set.gauge() == Gauge::Shortfall { StatusLight::Yellow } else { StatusLight::Green }
}

#[test]
fn closed_is_blue_from_the_day_of_its_closing() {
    let (completion, plan) = (stated(Some(number("10"))), year());
    let closed = Facts { standing: Standing::Closed(date("2023-10-01")), missing_in_a_row: 9, ..facts(&completion, &plan) };
    let verdict = judge(&RuleSet::default(), &closed, date("2023-10-01"));
    assert_eq!((verdict.light, verdict.is_stale, verdict.proof.remedy), (StatusLight::Blue, false, None));
    assert_eq!(judge(&RuleSet::default(), &closed, date("2023-09-30")).light, StatusLight::Red);
    assert_eq!(judge(&RuleSet::default(), &closed, date("2024-09-30")).light, StatusLight::Blue);
}

#[test]
fn grey_is_for_what_cannot_be_measured_and_silence_does_not_keep_it() {
    let (nothing, vague, plan) = (completion(&[goal(1, "新增托位", number("576"), Comparator::AtLeast)], &[]), stated(None), year());
    let judged = |facts: Facts<'_>, on: &str| {
        let verdict = judge(&RuleSet::default(), &facts, date(on));
        (verdict.light, verdict.is_stale)
    };
    assert_eq!(judged(facts(&nothing, &plan), "2022-12-31"), (StatusLight::Grey, false), "not started");
    assert_eq!(judged(Facts { standing: Standing::Suspended, ..facts(&nothing, &plan) }, HALF), (StatusLight::Grey, false));
    for unknown in [&nothing, &vague] {
        let silent = |due| Facts { due, ..facts(unknown, &plan) };
        assert_eq!(judged(silent(0), "2023-01-20"), (StatusLight::Grey, false), "no report is due yet");
        assert_eq!(judged(silent(1), "2023-01-20"), (StatusLight::Grey, false), "one may be late");
        // 19 of 364 days: 5 % is due. Two reports were: yellow, whoever looks; stale is for those who may know what is missing.
        assert_eq!(judged(silent(2), "2023-01-20"), (StatusLight::Yellow, false));
        assert_eq!(judged(Facts { missing_in_a_row: 2, ..silent(2) }, "2023-01-20"), (StatusLight::Yellow, true));
        // Red once more than 30 % is due: 109 of 364 days on 20 April are 29.9 %, 110 are 30.2 %.
        assert_eq!(judged(silent(4), "2023-04-20"), (StatusLight::Yellow, false));
        assert_eq!(judged(silent(4), "2023-04-21"), (StatusLight::Red, false));
        assert_eq!(judged(silent(0), "2024-02-01"), (StatusLight::Grey, false), "nobody was asked");
        assert_eq!(judged(silent(1), "2024-02-01"), (StatusLight::Red, false), "past due");
    }
    let needs = |unknown: &TaskCompletion| {
        let verdict = judge(&RuleSet::default(), &Facts { due: 2, ..facts(unknown, &plan) }, date("2023-01-20"));
        (verdict.proof.gap.clone(), verdict.proof.completion.clone(), verdict.explanation().to_string())
    };
    let (gap, share, words) = needs(&vague);
    assert_eq!((gap, share), (None, None));
    assert!(words.contains("statedCompletion"), "the proof names the field: {words}");
    assert!(!needs(&nothing).2.contains("statedCompletion"));
}

#[test]
fn a_target_that_is_never_reported_keeps_a_light_from_green_and_a_late_task_red() {
    let goals = [goal(1, "甲", number("100"), Comparator::AtLeast), goal(2, "乙", number("50"), Comparator::AtLeast)];
    let (half, plan) = (completion(&goals, &[number("100")]), year());
    let judged = |due, on: &str| judge(&RuleSet::default(), &Facts { due, ..facts(&half, &plan) }, date(on));
    assert_eq!(judged(1, HALF).light, StatusLight::Green, "it may come with the next report");
    let asked = judged(2, HALF);
    assert_eq!((asked.light, asked.proof.completion.clone()), (StatusLight::Yellow, Some(Share::whole())));
    let words: Vec<_> = asked.proof.steps.iter().map(Step::word).collect();
    assert_eq!(words, ["TARGET", "TARGET_UNREPORTED", "COMPLETION", "PLANNED", "MEASURED", "PARTLY_REPORTED"]);
    assert!(asked.explanation().to_string().contains("2 项中已报 1 项"));
    // What it is told to do turns it green: 20 of 50 at least.
    let Some([Need::FirstFigures(first)]) = asked.proof.remedy.as_deref() else { panic!("{:?}", asked.proof.remedy) };
    assert_eq!((first[0].label.as_str(), first[0].required), ("乙", number("21")));
    let both = completion(&goals, &[number("100"), number("21")]);
    assert_eq!(judge(&RuleSet::default(), &facts(&both, &plan), date(HALF)).light, StatusLight::Green);
    assert_eq!(judged(12, "2024-01-01").light, StatusLight::Red, "past due and not complete");
}

#[test]
fn what_is_about_is_asked_for_no_more_than_it_takes() {
    let goals = [goal(1, "约数", number("500"), Comparator::About)];
    let (short, plan) = (completion(&goals, &[number("470")]), year());
    let late = judge(&RuleSet::default(), &facts(&short, &plan), date("2024-01-01"));
    assert_eq!(late.light, StatusLight::Red);
    let Some([Need::Completion { figures, .. }]) = late.proof.remedy.as_deref() else { panic!("{:?}", late.proof.remedy) };
    assert_eq!((figures[0].required, figures[0].more), (number("475"), number("5")));
    let met = judge(&RuleSet::default(), &facts(&completion(&goals, &[number("495")]), &plan), date("2024-01-01"));
    assert_eq!(met.light, StatusLight::Green);
    assert!(met.explanation().to_string().contains("495 ÷ 500个 = 99%（约数，不低于 95% 即为完成）"), "{}", met.explanation());
}

#[test]
fn a_broken_ceiling_is_yellow_while_it_can_come_back_and_red_where_it_cannot() {
    for (kind, light, word) in
        [(TargetKind::Rate, StatusLight::Yellow, "回落以前至多为黄灯"), (TargetKind::Amount, StatusLight::Red, "不会回落：为红灯")]
    {
        let goals = [goal(1, "新增托位", number("10"), Comparator::AtLeast), goal_of(2, "上限", number("1000"), Comparator::AtMost, kind)];
        let (broken, plan) = (completion(&goals, &[number("10"), number("1200")]), year());
        let verdict = judge(&RuleSet::default(), &facts(&broken, &plan), date(HALF));
        assert_eq!(verdict.light, light, "all else is done");
        assert!(verdict.explanation().to_string().contains(word), "{}", verdict.explanation());
        let remedy = verdict.proof.remedy.expect("a remedy");
        let can_come_back = kind == TargetKind::Rate;
        assert_eq!(
            matches!(remedy.as_slice(), [Need::LowerCeiling { value, .. }] if *value == number("1000")),
            can_come_back,
            "{remedy:?}"
        );
        assert_eq!(matches!(remedy.as_slice(), [Need::CeilingLost { .. }]), !can_come_back, "{remedy:?}");
        assert_eq!(judge(&RuleSet::default(), &facts(&broken, &plan), date("2024-01-01")).light, StatusLight::Red, "past due");
        // What little else is done does not make it better.
        let worse = completion(&goals, &[number("1"), number("1200")]);
        assert_eq!(judge(&RuleSet::default(), &facts(&worse, &plan), date(HALF)).light, StatusLight::Red);
        let kept = completion(&goals, &[number("10"), number("1000")]);
        assert_eq!(judge(&RuleSet::default(), &facts(&kept, &plan), date("2024-01-01")).light, StatusLight::Green);
        // Of the places nobody has said a word: the broken ceiling is known.
        let alone = completion(&[goals[1].clone(), goals[0].clone()], &[number("1200")]);
        assert_eq!(judge(&RuleSet::default(), &Facts { due: 1, ..facts(&alone, &plan) }, date(HALF)).light, light);
    }
}

#[test]
fn a_task_of_ceilings_alone_is_green_while_they_are_kept() {
    let (plan, leads) = (year(), [UnitId(Uuid::nil())]);
    let goals = [goal_of(1, "失业率", number("4.3"), Comparator::AtMost, TargetKind::Rate)];
    let judged = |figure: Option<&str>, due, on: &str| {
        let accepted = figure.map(|figure| AcceptedReport {
            id: ProgressReportId(Uuid::nil()),
            unit_id: leads[0],
            ends_on: date("2023-01-31"),
            figures: [(target_id(1), number(figure))].into(),
        });
        let is_due = date(on) >= plan.due_on();
        let work = Work {
            goals: &goals,
            leads: &leads,
            allocations: &[],
            milestones: &[],
            stated_percent: Some(number("100")),
            is_reported: true,
            is_due,
            tolerance: Tolerance::default(),
        };
        let completion = complete(&work, &RollUp::of(accepted)).expect("a completion");
        let verdict = judge(&RuleSet::default(), &Facts { due, ..facts(&completion, &plan) }, date(on));
        (verdict.light, completion.share.as_ref().map(Share::percent), verdict.proof.steps.iter().map(Step::word).collect::<Vec<_>>())
    };
    let hundred = Some(number("100"));
    assert_eq!(judged(Some("3.57"), 6, HALF), (StatusLight::Green, None, vec!["PLANNED", "CEILINGS_KEPT"]));
    assert_eq!(judged(Some("3.57"), 11, "2023-12-30").0, StatusLight::Green);
    assert_eq!(judged(Some("3.57"), 11, "2023-12-31").1, hundred, "met on the due date");
    assert_eq!((judged(Some("3.57"), 12, "2024-01-01").0, judged(Some("3.57"), 12, "2024-01-01").1), (StatusLight::Green, hundred));
    assert_eq!(judged(Some("9"), 6, HALF).0, StatusLight::Yellow);
    assert_eq!(judged(Some("9"), 12, "2024-01-01").0, StatusLight::Red);
    // Silence is no shelter for it either.
    assert_eq!((judged(None, 1, "2023-02-10").0, judged(None, 2, "2023-02-10").0), (StatusLight::Grey, StatusLight::Yellow));
    assert_eq!((judged(None, 6, HALF).0, judged(None, 12, "2024-01-01").0), (StatusLight::Red, StatusLight::Red));
}

#[test]
fn the_own_plan_judges_and_the_straight_line_is_shown() {
    let plan = year().through([(date("2023-06-30"), number("0.3")), (date("2023-11-30"), number("0.6"))]).expect("a plan");
    let completion = stated(Some(number("60")));
    let verdict = judge(&RuleSet::default(), &facts(&completion, &plan), date("2023-11-30"));
    let proof = &verdict.proof;
    assert_eq!((verdict.light, proof.curve), (StatusLight::Green, Curve::OwnPlan));
    assert_eq!((proof.planned.percent(), proof.gap.as_ref().map(Share::points)), (number("60"), Some(number("0"))));
    assert_eq!(proof.straight_line.percent(), number("91.48"));
    assert!(proof.back_loading.is_some());
    let straight = Written { curve: Curve::StraightLine, ..Written::from(RuleSet::default()) };
    let straight = RuleSet::try_from(straight).expect("a rule set");
    let verdict = judge(&straight, &facts(&completion, &plan), date("2023-11-30"));
    assert_eq!((verdict.light, verdict.proof.curve), (StatusLight::Red, Curve::StraightLine));
    assert_eq!(verdict.proof.own_plan, Some(Share::from(number("0.6"))));
}

#[test]
fn a_proof_says_all_of_it_in_both_languages() {
    let goals = [goal(1, "新增托位", number("576"), Comparator::AtLeast)];
    let (completion, plan) = (completion(&goals, &[number("200")]), year());
    let verdict = judge(&RuleSet::default(), &Facts { missing_in_a_row: 2, ..facts(&completion, &plan) }, date(HALF));
    let [chinese, english] = verdict.explanation().into_wordings();
    assert_eq!(
        chinese,
        "截至 2023-07-02 为黄灯，规则“百分点差距”（gap-points）第 1 版。“新增托位”完成 200 ÷ 576个 = 34.72%。\
         任务完成率 34.72%（按目标任务计算）。按时间进度应完成 50%（2023-01-01 为 0%，2023-12-31 为 100%）。\
         落后 15.28 个百分点，10 至 30 为黄灯。已连续缺报 2 期，至多为黄灯，数据可能陈旧。\
         要在当日转为绿灯，须完成率超过 40%（还差 5.28 个百分点），例如：“新增托位”达到 231个，再增 31个，并须补报缺少的 2 期进展并经审核接受。"
    );
    assert_eq!(
        english,
        "Yellow as of 2023-07-02 by the rule set “Gap in percentage points” (gap-points), version 1. “新增托位”: 200 ÷ 576 个 = 34.72%. \
         The task is 34.72% complete, by its targets. By the straight line 50% is due (0% on 2023-01-01, 100% on 2023-12-31). \
         The gap is 15.28 points: 10 to 30 is yellow. 2 due reports in a row are missing, so it is at best yellow and may be out of date. \
         To be green on that day: reach more than 40% (5.28 points more), for instance “新增托位” at 231 个, 31 more, \
         and hand in the 2 missing reports and have them accepted."
    );
    let words: Vec<_> = verdict.proof.steps.iter().map(Step::word).collect();
    assert_eq!(words, ["TARGET", "COMPLETION", "PLANNED", "MEASURED", "MISSING_REPORTS"]);
}

#[test]
fn a_number_next_to_a_threshold_is_shown_on_its_side() {
    let verdict = judge(&RuleSet::default(), &facts(&stated(Some(number("40.00001"))), &year()), date(HALF));
    assert_eq!(verdict.light, StatusLight::Green);
    assert!(verdict.explanation().to_string().contains("落后 9.99999 个百分点"));
}
