//! What is wrong and what to do next, in both languages: all words that the seed loader says to people.

use std::{fmt, io, ops::RangeInclusive};

use serde_saphyr::{Error, MessageFormatter as _, UserMessageFormatter};

use crate::domain::language::Text;

/// The longest text that is quoted whole.
const LONGEST_QUOTE: usize = 60;

/// `text` as it can stand inside a line: short, and without line breaks or control characters.
pub(super) fn quotable(text: &str) -> String {
    let mut quotable: String = text.chars().take(LONGEST_QUOTE).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if text.chars().nth(LONGEST_QUOTE).is_some() {
        quotable.push('…');
    }
    quotable
}

/// A text in both languages, with the same words of the file in each.
fn quoting(quoted: &str, text: impl FnOnce(&str) -> Text) -> Text {
    text(&quotable(quoted))
}

// Files.

pub(super) fn folder_unreadable(error: &io::Error) -> Text {
    Text::new(
        format!("文件夹无法读取（{error}）；请核对路径和权限"),
        format!("the folder cannot be read ({error}); check its path and permissions"),
    )
}

pub(super) fn file_unreadable(error: &io::Error) -> Text {
    Text::new(format!("文件无法读取（{error}）；请核对其权限"), format!("the file cannot be read ({error}); check its permissions"))
}

pub(super) fn not_utf8() -> Text {
    Text::new("文件不是 UTF-8 编码；请用记事本“另存为”，编码选 UTF-8", "the file is not UTF-8; save it again with the encoding UTF-8")
}

pub(super) fn unexpected_file() -> Text {
    Text::new(
        "不认得这个文件；文件只能是 jurisdictions.yaml、topics.yaml、indicators.yaml、units/<辖区代码>.yaml、\
         notices/<四位年份>-<辖区代码>.yaml、holidays/<四位年份>.yaml 或 population/<四位年份>.yaml，请改名、移走或删去",
        "no such file is expected: only jurisdictions.yaml, topics.yaml, indicators.yaml, units/<jurisdiction code>.yaml, \
         notices/<four-digit year>-<jurisdiction code>.yaml, holidays/<four-digit year>.yaml and population/<four-digit year>.yaml; rename, move or delete it",
    )
}

pub(super) fn missing_file() -> Text {
    Text::new("缺少这个文件；请补上", "the file is missing; add it")
}

pub(super) fn empty_file() -> Text {
    Text::new("文件里什么也没有列出；请补上内容", "the file lists nothing; add its entries")
}

pub(super) fn not_understood(error: &Error) -> Text {
    match error.without_snippet() {
        Error::SerdeUnknownField { field, expected, .. } => quoting(field, |field| {
            Text::new(
                format!("没有“{field}”这个字段；请改为其一：{}；或者删去", expected.join("、")),
                format!("there is no field “{field}”; use one of {}, or delete it", expected.join(", ")),
            )
        }),
        Error::DuplicateMappingKey { key: Some(key), .. } => quoting(key, |key| {
            Text::new(format!("同一处写了两次“{key}”；请删去其一"), format!("“{key}” is written twice here; delete one of them"))
        }),
        error => malformed(error, &UserMessageFormatter.format_message(error).replace(char::is_control, " ")),
    }
}

/// The parser's own `message`, and what to do about it.
fn malformed(error: &Error, message: &str) -> Text {
    match error {
        Error::Unexpected { expected: "sequence start", .. } => Text::new(
            format!("这里要写成列表，如 [甲, 乙]，一个也要加方括号（{message}）"),
            format!("a list is wanted here: write it like [甲, 乙], in brackets even where there is one ({message})"),
        ),
        Error::Unexpected { expected: "string scalar", .. } => Text::new(
            format!("这里只能写一项，不能是列表或者下一级的字段（{message}）；请检查方括号、花括号和缩进"),
            format!("one text is wanted here, not a list or further fields ({message}); check brackets, braces and indentation"),
        ),
        _ => malformed_otherwise(message),
    }
}

fn malformed_otherwise(message: &str) -> Text {
    Text::new(
        format!("文件的格式读不懂（{message}）；请对照说明（README.md）检查此处及上一行的缩进、引号和半角冒号"),
        format!(
            "the file cannot be understood ({message}); compare indentation, colons and quotes here and in the line above with the README"
        ),
    )
}

// Fields.

pub(super) fn missing(field: &str) -> Text {
    Text::new(format!("缺少 {field}；请补写"), format!("{field} is missing; add it"))
}

pub(super) fn blank() -> Text {
    Text::new("这里是空的；请填写，或者整行删去", "this is blank; fill it in, or delete the line")
}

pub(super) fn nul() -> Text {
    Text::new("含有空字符（NUL）；请删去", "this contains a NUL character; delete it")
}

pub(super) fn not_a_word(text: &str, words: &[&str]) -> Text {
    quoting(text, |text| {
        Text::new(
            format!("“{text}”不是这里可用的词；请改为其一：{}", words.join("、")),
            format!("“{text}” is not a word for this place; use one of {}", words.join(", ")),
        )
    })
}

pub(super) fn not_a_whole_number(text: &str, range: &RangeInclusive<i32>) -> Text {
    let (least, most) = (range.start(), range.end());
    let (chinese, english) = if *most == i32::MAX {
        (format!("从 {least} 起的整数"), format!("a whole number from {least}"))
    } else {
        (format!("{least} 至 {most} 的整数"), format!("a whole number from {least} to {most}"))
    };
    quoting(text, |text| Text::new(format!("“{text}”不是{chinese}；请更正"), format!("“{text}” is not {english}; correct it")))
}

pub(super) fn not_a_date(text: &str) -> Text {
    quoting(text, |text| {
        Text::new(format!("“{text}”不是日期；请写作 2024-01-31 的样子"), format!("“{text}” is not a date; write it like 2024-01-31"))
    })
}

pub(super) fn not_a_code(text: &str, longest: usize) -> Text {
    quoting(text, |text| {
        Text::new(
            format!("“{text}”不能作代码；请只用小写字母 a-z、数字和中间的连字符，不超过 {longest} 个字符"),
            format!("“{text}” cannot be a code; use lower-case letters a-z, digits and hyphens between them, {longest} characters at most"),
        )
    })
}

pub(super) fn not_a_division_code(text: &str) -> Text {
    quoting(text, |text| {
        Text::new(
            format!("“{text}”不是行政区划代码；请写 GB/T 2260 的六位数字，没有代码的不写"),
            format!("“{text}” is not a division code; write the six digits of GB/T 2260, or leave it out where there is none"),
        )
    })
}

pub(super) fn differs_from_file_name(text: &str, expected: &str) -> Text {
    quoting(text, |text| {
        Text::new(
            format!("这里写“{text}”，文件名却写“{expected}”；请改为一致"),
            format!("this says “{text}”, the name of the file says “{expected}”; make them agree"),
        )
    })
}

// Names given twice.

pub(super) fn duplicate(text: &str, first: &str) -> Text {
    quoting(text, |text| {
        Text::new(
            format!("“{text}”已见于 {first}，不能重复；请更正或删去其一"),
            format!("“{text}” stands in {first} already and cannot be repeated; correct or delete one of them"),
        )
    })
}

pub(super) fn second_notice(jurisdiction: &str, year: i32, first: &str) -> Text {
    quoting(jurisdiction, |jurisdiction| {
        Text::new(
            format!("{jurisdiction} 的 {year} 年通知已见于 {first}，一年只有一份；请更正年份或删去其一"),
            format!("{first} is the notice of {jurisdiction} for {year} already, and there is one a year; correct the year or delete one"),
        )
    })
}

// References.

/// What a name may have been meant to be.
fn suggestion(near: &[String]) -> (String, String) {
    if near.is_empty() {
        return (String::new(), String::new());
    }
    let near: Vec<String> = near.iter().map(|name| quotable(name)).collect();
    (format!("（相近的有：{}）", near.join("、")), format!(" (similar: {})", near.join(", ")))
}

fn unknown(text: &str, nouns: (&str, &str), near: &[String], file: impl fmt::Display) -> Text {
    let (alike, similar) = suggestion(near);
    quoting(text, |text| {
        Text::new(
            format!("没有“{text}”这个{}{alike}；请更正，或者先加入 {file}", nouns.0),
            format!("there is no {} “{text}”{similar}; correct it, or add it to {file} first", nouns.1),
        )
    })
}

pub(super) fn unknown_jurisdiction(code: &str, near: &[String]) -> Text {
    unknown(code, ("辖区", "jurisdiction"), near, "jurisdictions.yaml")
}

pub(super) fn unknown_parent(code: &str, near: &[String]) -> Text {
    unknown(code, ("上级辖区", "jurisdiction above"), near, "jurisdictions.yaml")
}

pub(super) fn unknown_topic(code: &str, near: &[String]) -> Text {
    unknown(code, ("领域", "topic"), near, "topics.yaml")
}

pub(super) fn unknown_indicator(code: &str, near: &[String]) -> Text {
    unknown(code, ("指标", "indicator"), near, "indicators.yaml")
}

pub(super) fn unknown_unit(name: &str, jurisdiction: &str, near: &[String]) -> Text {
    unknown(name, ("单位", "unit"), near, format_args!("units/{}.yaml", quotable(jurisdiction)))
}

pub(super) fn no_units(jurisdiction: &str) -> Text {
    Text::new(
        format!("没有 units/{jurisdiction}.yaml，通知里的单位无从核对；请先补上这个文件"),
        format!("there is no units/{jurisdiction}.yaml to find the notice's units in; add that file first"),
    )
}

pub(super) fn unit_of_elsewhere(name: &str, jurisdiction: &str) -> Text {
    quoting(name, |name| {
        Text::new(
            format!("“{name}”是其他辖区的单位；发文机关和督查单位必须是 {jurisdiction} 的单位，请更正"),
            format!("“{name}” belongs elsewhere; who issues and who supervises must be units of {jurisdiction}; correct it"),
        )
    })
}

// The tree of jurisdictions.

pub(super) fn parent_below(parent: &str) -> Text {
    quoting(parent, |parent| {
        Text::new(
            format!("上级“{parent}”排在后面；请把上级移到前面"),
            format!("“{parent}”, the level above, comes further down; move it up, before this one"),
        )
    })
}

pub(super) fn parent_in_circle(parent: &str) -> Text {
    quoting(parent, |parent| {
        Text::new(
            format!("以“{parent}”为上级，就成了自己的上级；请更正 parent"),
            format!("under “{parent}” this would be above itself; correct the parent"),
        )
    })
}

// The catalogue and units.

pub(super) fn not_a_rate_unit(unit: &str, units: &[&str]) -> Text {
    quoting(unit, |unit| {
        Text::new(
            format!("比率（RATE）不能以“{unit}”计；请改为{}，或者更正 kind", units.join("或")),
            format!("a RATE cannot be counted in “{unit}”; use {}, or correct the kind", units.join(" or ")),
        )
    })
}

pub(super) fn members_of_a_single_unit() -> Text {
    Text::new(
        "只有集合单位（COLLECTIVE）可以有成员；请删去 members，或者更正 kind",
        "only a COLLECTIVE unit has members; delete them, or correct the kind",
    )
}

pub(super) fn collective_member(name: &str) -> Text {
    quoting(name, |name| {
        Text::new(
            format!("“{name}”本身是集合单位，不能作成员；请逐一写出它的成员"),
            format!("“{name}” is a collective unit itself and cannot be a member; write its members one by one"),
        )
    })
}

// The annex.

pub(super) fn no_tasks() -> Text {
    Text::new("项目没有任务；请在 tasks 下至少写一项", "the project has no task; write at least one under tasks")
}

pub(super) fn no_topics() -> Text {
    Text::new("任务没有领域；请在 topics 中至少写一个", "the task has no topic; write at least one in topics")
}

pub(super) fn no_lead() -> Text {
    Text::new("任务没有牵头单位；请在 lead 中至少写一个", "the task has no lead unit; write at least one in lead")
}

// Targets.

pub(super) fn not_a_figure(text: &str) -> Text {
    quoting(text, |text| {
        Text::new(
            format!("“{text}”不是数；请写作 576 或 3.44万 的样子，计量单位另写在 unit"),
            format!("“{text}” is not a figure; write it like 576 or 3.44万, and what is counted under unit"),
        )
    })
}

pub(super) fn negative(text: &str) -> Text {
    quoting(text, |text| {
        Text::new(format!("“{text}”小于零；目标不能是负数，请更正"), format!("“{text}” is below zero, which no target can be; correct it"))
    })
}

pub(super) fn not_persons(text: &str) -> Text {
    quoting(text, |text| {
        Text::new(
            format!("“{text}”不是正的整数人数；请写作 630000 或 63万 的样子"),
            format!("“{text}” is no whole number of persons above zero; write it like 630000 or 63万"),
        )
    })
}

pub(super) fn too_precise(text: &str) -> Text {
    quoting(text, |text| {
        Text::new(
            format!("“{text}”的小数超过四位；请更正，或者换用更小的计量单位"),
            format!("“{text}” has more than four decimals; correct it, or count in a smaller unit"),
        )
    })
}

pub(super) fn too_large(text: &str) -> Text {
    quoting(text, |text| {
        Text::new(
            format!("“{text}”超过 9000亿；请更正，或者换用更大的计量单位"),
            format!("“{text}” is beyond 900 billion; correct it, or count in a larger unit"),
        )
    })
}

pub(super) fn other_unit(unit: &str, indicator: &str, expected: &str) -> Text {
    let (indicator, expected) = (quotable(indicator), quotable(expected));
    quoting(unit, |unit| {
        Text::new(
            format!("以“{unit}”计的目标不能归入以“{expected}”计的指标 {indicator}；请更正单位，或者换用、删去指标"),
            format!(
                "a target counted in “{unit}” cannot be under {indicator}, which is counted in “{expected}”; correct the unit, or use another indicator or none"
            ),
        )
    })
}

pub(super) fn other_kind(kind: &str, indicator: &str, expected: &str) -> Text {
    let indicator = quotable(indicator);
    Text::new(
        format!("{kind} 类的目标不能归入 {expected} 类的指标 {indicator}；请更正 kind，或者换用、删去指标"),
        format!(
            "a target of kind {kind} cannot be under {indicator}, which is of kind {expected}; correct the kind, or use another indicator or none"
        ),
    )
}
