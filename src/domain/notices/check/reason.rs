//! The faults of a notice, and the remedy of each, in both languages.

use std::fmt;

use rust_decimal::Decimal;

use crate::domain::{
    language::Text,
    written::reason::{Reason, quotable, quoting},
};

/// The names that the writer may have meant.
fn suggestion(near: &[String]) -> (String, String) {
    if near.is_empty() {
        return (String::new(), String::new());
    }
    let near: Vec<String> = near.iter().map(|name| quotable(name)).collect();
    (format!("（相近的有：{}）", near.join("、")), format!(" (similar: {})", near.join(", ")))
}

pub(crate) fn unknown(text: &str, nouns: (&str, &str), near: &[String], file: impl fmt::Display) -> Text {
    let (alike, similar) = suggestion(near);
    quoting(text, |text| {
        Text::new(
            format!("没有“{text}”这个{}{alike}；请更正，或者先加入 {file}", nouns.0),
            format!("there is no {} “{text}”{similar}; correct it, or add it to {file} first", nouns.1),
        )
    })
}

pub(super) fn second_notice(jurisdiction: &str, year: i32, first: &str) -> Reason {
    Reason::new(
        "SECOND_NOTICE",
        quoting(jurisdiction, |jurisdiction| {
            Text::new(
                format!("{jurisdiction} 的 {year} 年通知已见于 {first}，一年只有一份；请更正年份或删去其一"),
                format!(
                    "{first} is the notice of {jurisdiction} for {year} already, and there is one a year; correct the year or delete one"
                ),
            )
        }),
    )
}

pub(crate) fn unknown_jurisdiction(code: &str, near: &[String]) -> Reason {
    Reason::new("UNKNOWN_JURISDICTION", unknown(code, ("辖区", "jurisdiction"), near, "jurisdictions.yaml"))
}

pub(super) fn unknown_topic(code: &str, near: &[String]) -> Reason {
    Reason::new("UNKNOWN_TOPIC", unknown(code, ("领域", "topic"), near, "topics.yaml"))
}

pub(super) fn unknown_indicator(code: &str, near: &[String]) -> Reason {
    Reason::new("UNKNOWN_INDICATOR", unknown(code, ("指标", "indicator"), near, "indicators.yaml"))
}

pub(super) fn unknown_unit(name: &str, jurisdiction: &str, near: &[String]) -> Reason {
    Reason::new("UNKNOWN_UNIT", unknown(name, ("单位", "unit"), near, format_args!("units/{}.yaml", quotable(jurisdiction))))
}

pub(super) fn no_units(jurisdiction: &str) -> Reason {
    Reason::new(
        "NO_UNITS",
        Text::new(
            format!("没有 units/{jurisdiction}.yaml，通知里的单位无从核对；请先补上这个文件"),
            format!("there is no units/{jurisdiction}.yaml to find the notice's units in; add that file first"),
        ),
    )
}

pub(super) fn unit_of_elsewhere(name: &str, jurisdiction: &str) -> Reason {
    Reason::new(
        "UNIT_OF_ELSEWHERE",
        quoting(name, |name| {
            Text::new(
                format!("“{name}”是其他辖区的单位；发文机关和督查单位必须是 {jurisdiction} 的单位，请更正"),
                format!("“{name}” belongs elsewhere; who issues and who supervises must be units of {jurisdiction}; correct it"),
            )
        }),
    )
}

pub(super) fn no_tasks() -> Reason {
    Reason::new("NO_TASKS", Text::new("项目没有任务；请在 tasks 下至少写一项", "the project has no task; write at least one under tasks"))
}

pub(super) fn no_topics() -> Reason {
    Reason::new("NO_TOPICS", Text::new("任务没有领域；请在 topics 中至少写一个", "the task has no topic; write at least one in topics"))
}

pub(super) fn no_lead() -> Reason {
    Reason::new("NO_LEAD", Text::new("任务没有牵头单位；请在 lead 中至少写一个", "the task has no lead unit; write at least one in lead"))
}

pub(super) fn negative(text: &str) -> Reason {
    Reason::new(
        "NEGATIVE",
        quoting(text, |text| {
            Text::new(
                format!("“{text}”小于零；目标不能是负数，请更正"),
                format!("“{text}” is below zero, which no target can be; correct it"),
            )
        }),
    )
}

pub(super) fn no_baseline() -> Reason {
    Reason::new(
        "NO_BASELINE",
        Text::new(
            "只有比率（RATE）和总数（LEVEL）有基数，其余从年初的零算起；请删去，或更正类别",
            "only a rate (RATE) or a level (LEVEL) has a baseline, the rest starts at nothing; leave it out or correct the kind",
        ),
    )
}

pub(super) fn baseline_reached(text: &str) -> Reason {
    Reason::new(
        "BASELINE_REACHED",
        quoting(text, |text| {
            Text::new(
                format!("基数“{text}”已达到目标；基数应低于目标值（AT_MOST 的应高于目标值），请更正"),
                format!("the baseline “{text}” is where the target is already; it is below the value, or above it for AT_MOST: correct it"),
            )
        }),
    )
}

pub(super) fn above_whole(text: &str, most: Decimal) -> Reason {
    Reason::new(
        "ABOVE_WHOLE",
        quoting(text, |text| {
            Text::new(
                format!("“{text}”超过 {most}；比率是基数的一部分，请更正"),
                format!("“{text}” is above {most}, which a rate, a part of its base, cannot be; correct it"),
            )
        }),
    )
}

pub(super) fn parts_exceed(text: &str, parts: Decimal) -> Reason {
    let parts = parts.normalize();
    Reason::new(
        "PARTS_EXCEED_WHOLE",
        quoting(text, |text| {
            Text::new(
                format!("“其中”项为 {parts}，超过总项“{text}”；请更正其一"),
                format!("its parts are {parts}, more than the whole of “{text}”; correct one of them"),
            )
        }),
    )
}

pub(super) fn too_precise(text: &str) -> Reason {
    Reason::new(
        "TOO_PRECISE",
        quoting(text, |text| {
            Text::new(
                format!("“{text}”的小数超过四位；请更正，或者换用更小的计量单位"),
                format!("“{text}” has more than four decimals; correct it, or count in a smaller unit"),
            )
        }),
    )
}

pub(super) fn too_large(text: &str) -> Reason {
    Reason::new(
        "TOO_LARGE",
        quoting(text, |text| {
            Text::new(
                format!("“{text}”超过 9000亿；请更正，或者换用更大的计量单位"),
                format!("“{text}” is beyond 900 billion; correct it, or count in a larger unit"),
            )
        }),
    )
}

pub(super) fn other_unit(unit: &str, indicator: &str, expected: &str) -> Reason {
    Reason::new("UNIT_MISMATCH", {
        let (indicator, expected) = (quotable(indicator), quotable(expected));
        quoting(unit, |unit| {
            Text::new(
                format!("以“{unit}”计的目标不能归入以“{expected}”计的指标 {indicator}；请更正单位，或者换用、删去指标"),
                format!(
                    "a target counted in “{unit}” cannot be under {indicator}, which is counted in “{expected}”; correct the unit, or use another indicator or none"
                ),
            )
        })
    })
}

pub(super) fn other_kind(kind: &str, indicator: &str, expected: &str) -> Reason {
    Reason::new("KIND_MISMATCH", {
        let indicator = quotable(indicator);
        Text::new(
            format!("{kind} 类的目标不能归入 {expected} 类的指标 {indicator}；请更正 kind，或者换用、删去指标"),
            format!(
                "a target of kind {kind} cannot be under {indicator}, which is of kind {expected}; correct the kind, or use another indicator or none"
            ),
        )
    })
}

pub(crate) fn differs_from_file_name(text: &str, expected: &str) -> Reason {
    Reason::new(
        "DIFFERS_FROM_FILE_NAME",
        quoting(text, |text| {
            Text::new(
                format!("这里写“{text}”，文件名却写“{expected}”；请改为一致"),
                format!("this says “{text}”, the name of the file says “{expected}”; make them agree"),
            )
        }),
    )
}
