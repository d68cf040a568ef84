//! The faults of seed files beside the notices in them, and the remedy of each, in both languages.

use std::io;

use serde_saphyr::{Error, MessageFormatter as _, UserMessageFormatter};

use crate::domain::{
    language::Text,
    notices::check::reason::unknown,
    written::reason::{Reason, quoting},
};

pub(crate) fn folder_unreadable(error: &io::Error) -> Reason {
    Reason::new(
        "FOLDER_UNREADABLE",
        Text::new(
            format!("文件夹无法读取（{error}）；请核对路径和权限"),
            format!("the folder cannot be read ({error}); check its path and permissions"),
        ),
    )
}

pub(crate) fn file_unreadable(error: &io::Error) -> Reason {
    Reason::new(
        "FILE_UNREADABLE",
        Text::new(format!("文件无法读取（{error}）；请核对其权限"), format!("the file cannot be read ({error}); check its permissions")),
    )
}

pub(crate) fn not_utf8() -> Reason {
    Reason::new(
        "NOT_UTF8",
        Text::new("文件不是 UTF-8 编码；请用记事本“另存为”，编码选 UTF-8", "the file is not UTF-8; save it again with the encoding UTF-8"),
    )
}

pub(super) fn unexpected_file() -> Reason {
    Reason::new(
        "UNEXPECTED_FILE",
        Text::new(
            "不认得这个文件；文件只能是 jurisdictions.yaml、topics.yaml、indicators.yaml、units/<辖区代码>.yaml、\
         notices/<四位年份>-<辖区代码>.yaml、holidays/<四位年份>.yaml 或 population/<四位年份>.yaml，请改名、移走或删去",
            "no such file is expected: only jurisdictions.yaml, topics.yaml, indicators.yaml, units/<jurisdiction code>.yaml, \
         notices/<four-digit year>-<jurisdiction code>.yaml, holidays/<four-digit year>.yaml and population/<four-digit year>.yaml; rename, move or delete it",
        ),
    )
}

pub(super) fn missing_file() -> Reason {
    Reason::new("FILE_MISSING", Text::new("缺少这个文件；请补上", "the file is missing; add it"))
}

pub(super) fn empty_file() -> Reason {
    Reason::new("FILE_EMPTY", Text::new("文件里什么也没有列出；请补上内容", "the file lists nothing; add its entries"))
}

pub(super) fn not_understood(error: &Error) -> Reason {
    Reason::new(
        "NOT_UNDERSTOOD",
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
        },
    )
}

pub(super) fn not_a_division_code(text: &str) -> Reason {
    Reason::new(
        "NOT_A_DIVISION_CODE",
        quoting(text, |text| {
            Text::new(
                format!("“{text}”不是行政区划代码；请写 GB/T 2260 的六位数字，没有代码的不写"),
                format!("“{text}” is not a division code; write the six digits of GB/T 2260, or leave it out where there is none"),
            )
        }),
    )
}

pub(super) fn unknown_parent(code: &str, near: &[String]) -> Reason {
    Reason::new("UNKNOWN_PARENT", unknown(code, ("上级辖区", "jurisdiction above"), near, "jurisdictions.yaml"))
}

pub(super) fn parent_below(parent: &str) -> Reason {
    Reason::new(
        "PARENT_BELOW",
        quoting(parent, |parent| {
            Text::new(
                format!("上级“{parent}”排在后面；请把上级移到前面"),
                format!("“{parent}”, the level above, comes further down; move it up, before this one"),
            )
        }),
    )
}

pub(super) fn parent_in_circle(parent: &str) -> Reason {
    Reason::new(
        "PARENT_IN_CIRCLE",
        quoting(parent, |parent| {
            Text::new(
                format!("以“{parent}”为上级，就成了自己的上级；请更正 parent"),
                format!("under “{parent}” this would be above itself; correct the parent"),
            )
        }),
    )
}

pub(super) fn not_a_rate_unit(unit: &str, units: &[&str]) -> Reason {
    Reason::new(
        "NOT_A_RATE_UNIT",
        quoting(unit, |unit| {
            Text::new(
                format!("比率（RATE）不能以“{unit}”计；请改为{}，或者更正 kind", units.join("或")),
                format!("a RATE cannot be counted in “{unit}”; use {}, or correct the kind", units.join(" or ")),
            )
        }),
    )
}

pub(super) fn members_of_a_single_unit() -> Reason {
    Reason::new(
        "MEMBERS_OF_A_SINGLE_UNIT",
        Text::new(
            "只有集合单位（COLLECTIVE）可以有成员；请删去 members，或者更正 kind",
            "only a COLLECTIVE unit has members; delete them, or correct the kind",
        ),
    )
}

pub(super) fn collective_member(name: &str) -> Reason {
    Reason::new(
        "COLLECTIVE_MEMBER",
        quoting(name, |name| {
            Text::new(
                format!("“{name}”本身是集合单位，不能作成员；请逐一写出它的成员"),
                format!("“{name}” is a collective unit itself and cannot be a member; write its members one by one"),
            )
        }),
    )
}

pub(super) fn not_persons(text: &str) -> Reason {
    Reason::new(
        "NOT_PERSONS",
        quoting(text, |text| {
            Text::new(
                format!("“{text}”不是正的整数人数；请写作 630000 或 63万 的样子"),
                format!("“{text}” is no whole number of persons above zero; write it like 630000 or 63万"),
            )
        }),
    )
}

/// The parser's own `message`, and the remedy.
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
