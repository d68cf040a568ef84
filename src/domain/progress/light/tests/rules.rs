use super::*;

/// 银川 as it prints its rule, and likely mistakes in other rules.
fn read(gauge: &str, bands: &str) -> Result<RuleSet, String> {
    let name = r#""code": "house", "version": 2, "name": "规则", "nameEnglish": "Rules", "curve": "OWN_PLAN""#;
    let json = format!(r#"{{ {name}, "gauge": "{gauge}", "bands": [{bands}] }}"#);
    serde_json::from_str(&json).map_err(|error| error.to_string())
}

#[test]
fn the_rule_sets_that_come_with_the_service_pass_like_any_other() {
    for rule_set in RuleSet::built_in() {
        assert_eq!(RuleSet::try_from(Written::from(rule_set.clone())), Ok(rule_set.clone()));
        let json = serde_json::to_string(&rule_set).expect("JSON");
        assert_eq!(serde_json::from_str::<RuleSet>(&json).expect("a rule set"), rule_set, "{json}");
    }
    assert_eq!(
        serde_json::to_string(&Written::from(RuleSet::default()).bands).expect("JSON"),
        r#"[{"light":"GREEN","below":"10"},{"light":"YELLOW","from":"10","upTo":"30"},{"light":"RED","above":"30"}]"#
    );
}

#[test]
fn a_hole_an_overlap_and_an_unfair_rule_are_refused() {
    const GREEN_10: &str = r#"{"light":"GREEN","below":"10"}"#;
    const RED_30: &str = r#"{"light":"RED","above":"30"}"#;
    for (gauge, bands, problem) in [
        // 银川: on schedule is green, 10 to 30 yellow; 0 to 10 is nowhere.
        (
            "GAP",
            format!(r#"{{"light":"GREEN","upTo":"0"}}, {{"light":"YELLOW","from":"10","upTo":"30"}}, {RED_30}"#),
            RuleSetProblem::Hole { from: Some(number("0")), to: Some(number("10")) },
        ),
        (
            "GAP",
            format!(r#"{GREEN_10}, {{"light":"YELLOW","above":"10","upTo":"30"}}, {RED_30}"#),
            RuleSetProblem::Hole { from: Some(number("10")), to: Some(number("10")) },
        ),
        (
            "GAP",
            format!(r#"{GREEN_10}, {{"light":"YELLOW","from":"10","upTo":"31"}}, {RED_30}"#),
            RuleSetProblem::Overlap { from: number("30"), to: number("31") },
        ),
        (
            "GAP",
            r#"{"light":"GREEN","from":"-5","below":"10"}, {"light":"RED","from":"10"}"#.into(),
            RuleSetProblem::Hole { from: None, to: Some(number("-5")) },
        ),
        (
            "GAP",
            format!(r#"{GREEN_10}, {{"light":"RED","from":"10","upTo":"90"}}"#),
            RuleSetProblem::Hole { from: Some(number("90")), to: None },
        ),
        ("GAP", format!(r#"{GREEN_10}, {{"light":"RED","from":"10","above":"10"}}"#), RuleSetProblem::TwoEnds(StatusLight::Red)),
        (
            "GAP",
            format!(r#"{GREEN_10}, {{"light":"YELLOW","from":"10","below":"10"}}, {{"light":"RED","from":"10"}}"#),
            RuleSetProblem::EmptyBand(StatusLight::Yellow),
        ),
        ("GAP", format!(r#"{GREEN_10}, {{"light":"RED"}}"#), RuleSetProblem::OpenBetween(StatusLight::Red)),
        ("GAP", format!("{RED_30}, {GREEN_10}"), RuleSetProblem::Lights),
        ("GAP", format!(r#"{GREEN_10}, {{"light":"BLUE","from":"10"}}"#), RuleSetProblem::Lights),
        ("GAP", r#"{"light":"GREEN","below":"0"}, {"light":"RED","from":"0"}"#.into(), RuleSetProblem::OnScheduleNotGreen),
        ("GAP", r#"{"light":"GREEN","upTo":"1000"}, {"light":"RED","above":"1000"}"#.into(), RuleSetProblem::NeverRed),
        ("COMPLETION", r#"{"light":"GREEN","above":"100"}, {"light":"RED","upTo":"100"}"#.into(), RuleSetProblem::OnScheduleNotGreen),
        (
            "COMPLETION",
            r#"{"light":"GREEN","below":"50"}, {"light":"RED","from":"50"}"#.into(),
            RuleSetProblem::Hole { from: None, to: Some(number("50")) },
        ),
    ] {
        let refused = read(gauge, &bands).expect_err(&bands);
        assert!(refused.starts_with(&problem.to_string()), "{bands}: {refused}");
    }
    assert!(read("GAP", &format!(r#"{GREEN_10}, {{"light":"RED","from":"10","amber":"1"}}"#)).is_err(), "an unknown key");
    assert!(read("GAP", &format!(r#"{GREEN_10}, {{"light":"RED","from":"10"}}"#)).is_ok());
}

#[test]
fn a_rule_set_says_how_far_below_about_is_met() {
    // Written before there was a tolerance, it is the usual one.
    let old = read("GAP", r#"{"light":"GREEN","below":"10"}, {"light":"RED","from":"10"}"#).expect("a rule set");
    assert_eq!(old.about_tolerance(), Tolerance::default());
    assert_eq!(Tolerance::default().met_from(), Share::from(number("0.95")));
    let own = |percent: &str| RuleSet::try_from(Written { about_tolerance: number(percent), ..Written::from(RuleSet::default()) });
    assert_eq!(own("0").map(|rules| rules.about_tolerance().met_from()), Ok(Share::whole()));
    assert_eq!(own("50").map(|rules| rules.about_tolerance().percent()), Ok(number("50")));
    for percent in ["-1", "50.0001"] {
        assert_eq!(own(percent), Err(RuleSetProblem::Tolerance), "{percent}");
    }
}

#[test]
fn a_rule_set_is_named_and_versioned() {
    for written in
        [Written { version: 0, ..Written::from(RuleSet::default()) }, Written { code: " ".into(), ..Written::from(RuleSet::default()) }]
    {
        assert_eq!(RuleSet::try_from(written), Err(RuleSetProblem::Unnamed));
    }
}
