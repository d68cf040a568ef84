#![expect(clippy::arithmetic_side_effects, reason = "a test that panics has failed, as it should")]

use proptest::prelude::*;

use super::*;
use crate::domain::progress::plan::{
    Curve,
    tests::{any_day, any_plan},
};

/// Rule sets with any limits that a jurisdiction could have.
fn any_rule_set() -> impl Strategy<Value = RuleSet> {
    let read = any_written().prop_filter_map("a rule set", |written| RuleSet::try_from(written).ok());
    prop_oneof![prop::sample::select(RuleSet::built_in().to_vec()), read]
}

fn any_edge() -> impl Strategy<Value = Option<(Decimal, bool)>> {
    prop::option::weighted(0.8, (0_i64..=4, any::<bool>()).prop_map(|(step, is_included)| (Decimal::from(step * 25), is_included)))
}

fn any_curve() -> impl Strategy<Value = Curve> {
    prop::sample::select(vec![Curve::StraightLine, Curve::OwnPlan])
}

/// Anything of the right form, most of it wrong. A good share is nearly right: each limit ends one band and begins the next.
fn any_written() -> impl Strategy<Value = Written> {
    let gauge = prop::sample::select(vec![Gauge::Gap, Gauge::Shortfall, Gauge::Completion]);
    let edges = (any_edge(), any_edge(), any_edge(), any_edge(), prop::option::weighted(0.1, any_edge()), any::<bool>());
    (gauge, any_curve(), edges).prop_map(|(gauge, curve, (first, second, third, fourth, stray, is_tidy))| {
        let other_side = |edge: Option<(Decimal, bool)>| edge.map(|(at, is_included)| (at, !is_included));
        let (third, fourth) = if is_tidy { (other_side(first), other_side(second)) } else { (third, fourth) };
        let band = |light, lower: Option<(Decimal, bool)>, upper: Option<(Decimal, bool)>| WrittenBand {
            light,
            from: lower.filter(|edge| edge.1).map(|edge| edge.0),
            above: lower.filter(|edge| !edge.1).map(|edge| edge.0),
            up_to: upper.filter(|edge| edge.1).map(|edge| edge.0),
            below: upper.filter(|edge| !edge.1).map(|edge| edge.0),
        };
        let stray = stray.flatten();
        let bands = if gauge == Gauge::Completion {
            vec![band(StatusLight::Green, first, stray), band(StatusLight::Yellow, second, third), band(StatusLight::Red, None, fourth)]
        } else {
            vec![band(StatusLight::Green, stray, first), band(StatusLight::Yellow, third, second), band(StatusLight::Red, fourth, None)]
        };
        Written {
            code: "any".into(),
            version: 1,
            name: "任意".into(),
            name_english: "Any".into(),
            gauge,
            curve,
            bands,
            about_tolerance: Decimal::from(5),
        }
    })
}

fn any_standing() -> impl Strategy<Value = Standing> {
    prop_oneof![4 => Just(Standing::Open), 1 => Just(Standing::Suspended), 1 => any_day().prop_map(Standing::Closed)]
}

fn percent(hundredths: i64) -> TaskCompletion {
    stated(Some(Decimal::new(hundredths, 2)))
}

/// How bad a light is; grey and blue do not compare.
fn badness(light: StatusLight) -> Option<u8> {
    match light {
        StatusLight::Green => Some(0),
        StatusLight::Yellow => Some(1),
        StatusLight::Red => Some(2),
        StatusLight::Blue | StatusLight::Grey => None,
    }
}

/// Hand-made copy of the content of a written band, apart from the code under test.
fn holds(band: &WrittenBand, number: Decimal) -> bool {
    band.from.is_none_or(|from| number >= from)
        && band.above.is_none_or(|above| number > above)
        && band.up_to.is_none_or(|up_to| number <= up_to)
        && band.below.is_none_or(|below| number < below)
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn a_rule_set_is_accepted_only_if_every_number_has_exactly_one_light(written in any_written()) {
        // Limits are multiples of 25: these numbers lie on each, between each two, and beyond all.
        let numbers = || (-10_i64..=50).map(|step| Decimal::new(step * 25, 1));
        let lights = |number: Decimal| written.bands.iter().filter(|band| holds(band, number)).map(|band| band.light).collect::<Vec<_>>();
        let is_tiled = numbers().all(|number| lights(number).len() == 1);
        let [on_schedule, nothing_done] = if written.gauge == Gauge::Completion { [100, 0] } else { [0, 100] };
        let is_fair = lights(on_schedule.into()) == [StatusLight::Green] && lights(nothing_done.into()) == [StatusLight::Red];
        // In order, as the numbers rise or fall.
        let mut order: Vec<_> = numbers().filter_map(|number| badness(*lights(number).first()?)).collect();
        if written.gauge == Gauge::Completion {
            order.reverse();
        }
        let has_yellow = order.contains(&1);
        let accepted = RuleSet::try_from(written.clone());
        prop_assert_eq!(accepted.is_ok(), is_tiled && is_fair && order.is_sorted() && has_yellow, "{:?} {:?}", accepted, written);
    }

    #[test]
    fn a_light_is_total_and_its_number_lies_in_its_band(
        rule_set in any_rule_set(), plan in any_plan(), done in 0_i64..=10_000, on in any_day(),
        standing in any_standing(), is_known in any::<bool>(), missing_in_a_row in 0_u32..4, due in 0_u32..4,
    ) {
        let completion = if is_known { percent(done) } else { stated(None) };
        let verdict = judge(&rule_set, &Facts { standing, completion: &completion, plan: &plan, missing_in_a_row, due }, on);
        prop_assert_eq!(verdict.light == StatusLight::Blue, matches!(standing, Standing::Closed(closed) if closed <= on));
        prop_assert_eq!(verdict.proof.remedy.is_none(), matches!(verdict.light, StatusLight::Blue | StatusLight::Green));
        prop_assert_eq!(verdict.proof.gap.clone(), verdict.proof.completion.as_ref().map(|done| verdict.proof.planned.minus(done)));
        prop_assert!(!(verdict.is_stale && verdict.light == StatusLight::Green));
        for step in &verdict.proof.steps {
            if let Step::Measured { measured, band, .. } = step {
                let holding = rule_set.bands().iter().filter(|band| band.contains(measured)).collect::<Vec<_>>();
                prop_assert_eq!(holding, vec![band]);
                let thresholds = &verdict.proof.thresholds;
                let shown = if rule_set.gauge() == Gauge::Completion {
                    measured.percent_beside(thresholds)
                } else {
                    measured.points_beside(thresholds)
                };
                let [shown, exact] = [Share::from_percent(shown), measured.clone()];
                prop_assert_eq!(band.contains(&shown), band.contains(&exact), "what is shown does not contradict the light");
            }
        }
        let [chinese, english] = verdict.explanation().into_wordings();
        prop_assert!(!chinese.is_empty() && !english.is_empty());
    }

    #[test]
    fn more_completion_never_makes_it_worse(
        rule_set in any_rule_set(), plan in any_plan(), one in 0_i64..=10_000, other in 0_i64..=10_000, on in any_day(),
        missing_in_a_row in 0_u32..4,
    ) {
        let [less, more] = [percent(one.min(other)), percent(one.max(other))];
        let judged = |completion| badness(judge(&rule_set, &Facts { missing_in_a_row, ..facts(completion, &plan) }, on).light);
        prop_assert_eq!(judged(&less).is_none(), judged(&more).is_none());
        prop_assert!(judged(&more) <= judged(&less));
    }

    #[test]
    fn without_progress_no_later_date_is_better(
        rule_set in any_rule_set(), plan in any_plan(), done in 0_i64..=10_000, one in any_day(), other in any_day(),
        missing in 0_u32..3, further_missing in 0_u32..3, is_known in any::<bool>(),
    ) {
        let completion = if is_known { percent(done) } else { stated(None) };
        let judged = |on, missing| {
            badness(judge(&rule_set, &Facts { missing_in_a_row: missing, due: missing, ..facts(&completion, &plan) }, on).light)
        };
        // Grey may end; it does not come back.
        if let Some(earlier) = judged(one.min(other), missing) {
            prop_assert!(judged(one.max(other), missing + further_missing) >= Some(earlier));
        }
    }

    #[test]
    fn the_remedy_cures(
        rule_set in any_rule_set(), plan in any_plan(), on in any_day(), missing_in_a_row in 0_u32..4, reported in 0_usize..4,
        targets in prop::collection::vec((1_i64..100_000, 0_u32..=2, 0_i64..120), 1..4),
    ) {
        let goals: Vec<Goal> = targets.iter().zip(1..).map(|((value, scale, _), id)| {
            goal(id, "目标", Decimal::new(*value, *scale), Comparator::AtLeast)
        }).collect();
        let figures: Vec<Decimal> = targets.iter().map(|(value, scale, percent)| Decimal::new(value * percent / 100, *scale)).collect();
        // Some of them nobody has reported yet.
        let before = completion(&goals, &figures[..reported.min(figures.len())]);
        let sick = Facts { missing_in_a_row, due: missing_in_a_row, ..facts(&before, &plan) };
        let Some(needs) = judge(&rule_set, &sick, on).proof.remedy else { return Ok(()) };
        if needs.iter().any(|need| matches!(need, Need::Start(_))) {
            return Ok(());
        }
        prop_assert!(!needs.is_empty());
        let mut cured = figures.clone();
        for need in &needs {
            if let Need::Completion { figures, .. } | Need::FirstFigures(figures) = need {
                for figure in figures {
                    let index = goals.iter().position(|goal| goal.target().id == figure.target_id).expect("one of the targets");
                    if index < reported {
                        prop_assert_eq!(cured[index] + figure.more, figure.required);
                    }
                    prop_assert!(figure.required <= goals[index].target().value);
                    cured[index] = figure.required;
                }
            }
        }
        let after = completion(&goals, &cured);
        let healthy = Facts { ..facts(&after, &plan) };
        prop_assert_eq!(judge(&rule_set, &healthy, on).light, StatusLight::Green);
        // And it asks for no more than it takes: a single target that stays one unit short is not green.
        if let ([Need::Completion { figures: wanted, .. }], [goal], [_]) = (needs.as_slice(), goals.as_slice(), cured.as_slice())
            && let [figure] = wanted.as_slice()
        {
            let decimals = goal.target().value.normalize().scale().max(figures[0].normalize().scale());
            let short = completion(&goals, &[figure.required - Decimal::new(1, decimals)]);
            prop_assert_ne!(judge(&rule_set, &facts(&short, &plan), on).light, StatusLight::Green);
        }
    }
}
