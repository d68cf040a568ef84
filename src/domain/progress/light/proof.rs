//! The reasons of a light: the numbers, the arithmetic, and both in words.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    Need, StatusLight, Verdict,
    rule_set::{Band, Gauge},
};
use crate::domain::{
    language::Text,
    progress::{
        completion::Basis,
        plan::{BackLoading, Curve, Planned},
    },
    share::Share,
};

/// 亮灯依据: the reasons of a light. Shares are exact; their `percent` is for showing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The rule set.
    pub rule_set_code: String,
    /// Its version.
    pub rule_set_version: u32,
    /// Its name.
    pub rule_set_name: Text,
    /// The date that it is judged as of.
    pub as_of: NaiveDate,
    /// 原定时限: the due date that a late task is judged by.
    pub due_on: NaiveDate,
    /// 延期至: shown, not judged by.
    pub extended_to: Option<NaiveDate>,
    /// The curve that the planned share was read from.
    pub curve: Curve,
    /// The share planned by that curve.
    pub planned: Share,
    /// The share that is done; `None` where nothing says how much.
    pub completion: Option<Share>,
    /// By what it was found.
    pub basis: Basis,
    /// Planned − completion; below zero when ahead, and `None` where nothing says how much is done.
    pub gap: Option<Share>,
    /// The share due along the straight line.
    pub straight_line: Share,
    /// The share due by the milestones, where they plan any.
    pub own_plan: Option<Share>,
    /// 前松后紧.
    pub back_loading: Option<BackLoading>,
    /// The percentages at which the light changes; numbers shown beside them are as precise as it takes to tell them apart.
    pub thresholds: Vec<Decimal>,
    /// The arithmetic, in order; the last steps decide.
    pub steps: Vec<Step>,
    /// The changes that would turn it green by the same date; `None` when it is green or blue.
    pub remedy: Option<Vec<Need>>,
}

/// A step of the arithmetic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Achieved ÷ value of a target, capped.
    Target {
        /// The counted thing.
        label: String,
        /// The counting unit.
        unit: String,
        /// The dividend.
        achieved: Decimal,
        /// The divisor.
        value: Decimal,
        /// What both run from, where they do not run from nothing.
        baseline: Option<Decimal>,
        /// Its weight in the mean.
        weight: Decimal,
        /// The quotient.
        share: Share,
        /// From which share on it is met, where it is met below the whole: it counts as the whole.
        met_from: Option<Share>,
    },
    /// A ceiling is broken: at best yellow where the figure can come back, else red; and the task is not complete.
    CeilingExceeded {
        /// The limited thing.
        label: String,
        /// The counting unit.
        unit: String,
        /// The present figure.
        achieved: Decimal,
        /// The upper limit.
        value: Decimal,
        /// Whether it may fall again.
        can_come_back: bool,
    },
    /// There are ceilings alone, and those that are reported are kept: green.
    CeilingsKept,
    /// The completion of the task.
    Completion {
        /// Its basis.
        basis: Basis,
        /// The share.
        share: Share,
        /// How many targets of those in the mean are reported.
        reported: usize,
        /// How many targets are in the mean once they are.
        counted: usize,
    },
    /// A target is unreported, so that it is in no mean and the task is not complete.
    TargetUnreported {
        /// What is to be counted.
        label: String,
    },
    /// The task is in words alone, and its lead has not stated how much is done.
    NotStated,
    /// The planned share, and between which points of its curve it lies.
    Planned {
        /// By when.
        on: NaiveDate,
        /// The share.
        planned: Planned,
    },
    /// The number that the rules look at, and the band that it lies in.
    Measured {
        /// The measure.
        gauge: Gauge,
        /// The number.
        measured: Share,
        /// The band.
        band: Band,
    },
    /// It is past due and not complete.
    PastDue {
        /// The original due date.
        due_on: NaiveDate,
    },
    /// Due reports are missing: at best yellow.
    Missing {
        /// How many in a row.
        reports: u32,
    },
    /// Reports were due, and nothing accepted says how much is done: at best yellow.
    Unanswered {
        /// How many were due.
        reports: u32,
    },
    /// Reports were due, and a target is unreported still: at best yellow.
    Partial {
        /// How many were due.
        reports: u32,
    },
    /// It is closed.
    Closed {
        /// Since when.
        on: NaiveDate,
    },
    /// It is suspended.
    Suspended,
    /// It has not started.
    NotStarted {
        /// When it will.
        starts_on: NaiveDate,
    },
    /// There is nothing to measure by yet.
    NothingYet,
}

impl Verdict {
    /// All of it as one paragraph.
    #[must_use]
    pub fn explanation(&self) -> Text {
        let proof = &self.proof;
        let (code, version, as_of) = (&proof.rule_set_code, proof.rule_set_version, proof.as_of);
        let (light, name) = (super::name(self.light).into_wordings(), proof.rule_set_name.clone().into_wordings());
        let mut sentences = vec![Text::new(
            format!("截至 {as_of} 为{}，规则“{}”（{code}）第 {version} 版。", light[0], name[0]),
            format!("{} as of {as_of} by the rule set “{}” ({code}), version {version}.", light[1], name[1]),
        )];
        sentences.extend(proof.steps.iter().map(|step| step.text(&proof.thresholds)));
        if let (Curve::OwnPlan, straight) = (proof.curve, proof.straight_line.percent()) {
            sentences.push(Text::new(format!("按时间进度应完成 {straight}%。"), format!("The straight line asks for {straight}%.")));
        }
        sentences.extend(proof.back_loading.iter().map(BackLoading::text));
        if let Some(extended_to) = proof.extended_to {
            let due_on = proof.due_on;
            sentences.push(Text::new(
                format!("时限已由 {due_on} 延至 {extended_to}，亮灯仍按原时限。"),
                format!("The due date was extended from {due_on} to {extended_to}; the light goes by the original one."),
            ));
        }
        if let Some(needs) = proof.remedy.as_ref().filter(|needs| !needs.is_empty()) {
            let needs: Vec<[String; 2]> = needs.iter().map(|need| need.text(proof.basis).into_wordings()).collect();
            let [chinese, english] = [0, 1].map(|language| needs.iter().filter_map(|need| need.get(language)).cloned().collect::<Vec<_>>());
            sentences.push(Text::new(
                format!("要在当日转为绿灯，须{}。", chinese.join("，并须")),
                format!("To be green on that day: {}.", english.join(", and ")),
            ));
        }
        Text::paragraph(&sentences)
    }
}

impl Step {
    /// The word that programs match on.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Target { .. } => "TARGET",
            Self::CeilingExceeded { .. } => "CEILING_EXCEEDED",
            Self::CeilingsKept => "CEILINGS_KEPT",
            Self::TargetUnreported { .. } => "TARGET_UNREPORTED",
            Self::Completion { .. } => "COMPLETION",
            Self::NotStated => "NOT_STATED",
            Self::Planned { .. } => "PLANNED",
            Self::Measured { .. } => "MEASURED",
            Self::PastDue { .. } => "PAST_DUE",
            Self::Missing { .. } => "MISSING_REPORTS",
            Self::Unanswered { .. } => "NOTHING_ACCEPTED",
            Self::Partial { .. } => "PARTLY_REPORTED",
            Self::Closed { .. } => "CLOSED",
            Self::Suspended => "SUSPENDED",
            Self::NotStarted { .. } => "NOT_STARTED",
            Self::NothingYet => "NOTHING_YET",
        }
    }

    /// In words. Numbers are shown as precisely as it takes to tell them from the thresholds.
    #[must_use]
    pub fn text(&self, thresholds: &[Decimal]) -> Text {
        match self {
            Self::Target { label, unit, achieved, value, baseline, weight, share, met_from } => {
                let share = share.percent_beside(&[Decimal::ONE_HUNDRED]);
                let (weighing, weighing_english) = if *weight == Decimal::ONE {
                    (String::new(), String::new())
                } else {
                    (format!("（权重 {weight}）"), format!(" (weight {weight})"))
                };
                let from = baseline.map(|baseline| format!("（−{}）", baseline.normalize())).unwrap_or_default();
                let (about, about_english) = met_from.as_ref().map(Share::percent_up).map_or_else(Default::default, |least| {
                    (format!("（约数，不低于 {least}% 即为完成）"), format!(" (approximate, and met from {least}% on)"))
                });
                Text::new(
                    format!("“{label}”完成 {achieved}{from} ÷ {value}{unit}{from} = {share}%{about}{weighing}。"),
                    format!("“{label}”: {achieved}{from} ÷ {value} {unit}{from} = {share}%{about_english}{weighing_english}."),
                )
            }
            Self::CeilingExceeded { label, unit, achieved, value, can_come_back: true } => Text::new(
                format!("“{label}”为 {achieved}{unit}，超过上限 {value}{unit}：回落以前至多为黄灯，不能算完成。"),
                format!(
                    "“{label}” is {achieved} {unit}, above its ceiling of {value}: until it is back the light is at best yellow and the task not complete."
                ),
            ),
            Self::CeilingExceeded { label, unit, achieved, value, can_come_back: false } => Text::new(
                format!("“{label}”累计 {achieved}{unit}，超过上限 {value}{unit}，累计数不会回落：为红灯，不能算完成。"),
                format!(
                    "“{label}” adds up to {achieved} {unit}, above its ceiling of {value}, and cannot come back: red, and not complete."
                ),
            ),
            Self::CeilingsKept => Text::new(
                "任务只有上限，已报的都守住，为绿灯。",
                "The task has ceilings alone, and those that are reported are kept, which is green.",
            ),
            Self::TargetUnreported { label } => Text::new(
                format!("“{label}”尚无已接受的数，不计入平均，任务也不能算完成。"),
                format!("“{label}” has no accepted figure: it is in no mean, and the task is not complete."),
            ),
            Self::Completion { basis, share, reported, counted } => completion_text(*basis, share, *reported, *counted),
            Self::NotStated => Text::new(
                "任务没有目标和时间节点，按牵头单位在填报中自报的完成率（statedCompletion）计算，尚未自报。",
                "The task has no targets and no milestones. It is as complete as its lead states in `statedCompletion` of a report, which it has not.",
            ),
            Self::Planned { planned, .. } => planned_text(planned),
            Self::Measured { gauge, measured, band } => measured_text(*gauge, measured, band, thresholds),
            Self::PastDue { due_on } => Text::new(
                format!("已过完成时限 {due_on} 而未完成，为红灯。"),
                format!("It was due on {due_on} and is not complete, which is red."),
            ),
            Self::Missing { reports } => Text::new(
                format!("已连续缺报 {reports} 期，至多为黄灯，数据可能陈旧。"),
                format!("{reports} due reports in a row are missing, so it is at best yellow and may be out of date."),
            ),
            Self::Unanswered { reports } => Text::new(
                format!("已有 {reports} 期填报到期而尚无已接受的数，按未完成计，至多为黄灯。"),
                format!(
                    "{reports} reports have fallen due and no figure is accepted yet: it is measured as nothing done, and at best yellow."
                ),
            ),
            Self::Partial { reports } => Text::new(
                format!("已有 {reports} 期填报到期而仍有目标未报，至多为黄灯。"),
                format!("{reports} reports have fallen due and a target is unreported still, so it is at best yellow."),
            ),
            Self::Closed { on } => Text::new(format!("已于 {on} 办结销号。"), format!("It was closed on {on}.")),
            Self::Suspended => Text::new("任务暂停。", "It is suspended."),
            Self::NotStarted { starts_on } => Text::new(format!("任务自 {starts_on} 起实施。"), format!("It starts on {starts_on}.")),
            Self::NothingYet => Text::new("尚无可据以判断的进展。", "There is nothing to measure by yet."),
        }
    }
}

fn completion_text(basis: Basis, share: &Share, reported: usize, counted: usize) -> Text {
    let (share, basis) = (share.percent_beside(&[Decimal::ONE_HUNDRED]), basis.text().into_wordings());
    let (of, of_english) = if reported < counted {
        (format!("，{counted} 项中已报 {reported} 项"), format!(" ({reported} of {counted} reported)"))
    } else {
        (String::new(), String::new())
    };
    Text::new(format!("任务完成率 {share}%（{}{of}）。", basis[0]), format!("The task is {share}% complete, {}{of_english}.", basis[1]))
}

fn planned_text(planned: &Planned) -> Text {
    let share = planned.share.percent();
    let [from, to] = [&planned.from, &planned.to].map(|point| (point.on, point.share.percent()));
    let (curve, curve_english) = match planned.curve {
        Curve::StraightLine => ("时间进度", "the straight line"),
        Curve::OwnPlan => ("任务计划", "its own plan"),
    };
    Text::new(
        format!("按{curve}应完成 {share}%（{} 为 {}%，{} 为 {}%）。", from.0, from.1, to.0, to.1),
        format!("By {curve_english} {share}% is due ({}% on {}, {}% on {}).", from.1, from.0, to.1, to.0),
    )
}

fn measured_text(gauge: Gauge, measured: &Share, band: &Band, thresholds: &[Decimal]) -> Text {
    let number = match gauge {
        Gauge::Gap | Gauge::Shortfall => measured.points_beside(thresholds),
        Gauge::Completion => measured.percent_beside(thresholds),
    };
    let ahead = number.checked_mul(Decimal::NEGATIVE_ONE).unwrap_or_default();
    let (what, what_english) = match gauge {
        Gauge::Gap if measured.is_negative() => {
            (format!("超前 {ahead} 个百分点（差距 {number}）"), format!("It is {ahead} points ahead (a gap of {number})"))
        }
        Gauge::Gap => (format!("落后 {number} 个百分点"), format!("The gap is {number} points")),
        Gauge::Shortfall if measured.is_negative() => {
            (format!("超出计划的 {ahead}%（差距 {number}%）"), format!("It is {ahead}% above the plan (a shortfall of {number}%)"))
        }
        Gauge::Shortfall => (format!("比计划少 {number}%"), format!("The shortfall is {number}% of the plan")),
        Gauge::Completion => (format!("完成率为 {number}%"), format!("Completion is {number}%")),
    };
    let (range, light) = (band.text().into_wordings(), light_name(band.light));
    // Chinese sets a number off from the word after it.
    let space = if range[0].ends_with(|last: char| last.is_ascii_digit()) { " " } else { "" };
    Text::new(format!("{what}，{}{space}为{}。", range[0], light[0]), format!("{what_english}: {} is {}.", range[1], light[1]))
}

fn light_name(light: StatusLight) -> [String; 2] {
    let [chinese, english] = super::name(light).into_wordings();
    [chinese, english.to_lowercase()]
}
