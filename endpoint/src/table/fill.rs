//! From an answer to the rows of its table.

use async_graphql::Value;
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use language::Language;

use super::layout::{Asked, Known, Layout};
use crate::{
    export::{Cell, Row},
    schema_index::SchemaIndex,
};

/// How cells are written.
#[derive(Clone, Copy)]
pub(crate) struct Hand<'a> {
    pub(crate) shape: &'a SchemaIndex,
    pub(crate) language: Language,
    pub(crate) zone: Tz,
}

/// The value of what is not there.
static NOTHING: Value = Value::Null;

/// The rows of an answer; `None` where what holds them is not there, or not for the viewer.
pub(crate) fn rows(layout: &Layout, data: &Value, hand: Hand<'_>) -> Option<Vec<Row>> {
    let mut holder = data;
    for key in &layout.rows {
        holder = Some(part(holder, key)).filter(|value| **value != Value::Null)?;
    }
    let parts = layout.of_a_row();
    let mut rows = Vec::new();
    let mut write = |chain: &[&Value]| {
        let mut row = Row::new();
        hand.fill(parts, chain, &mut row);
        rows.push(row);
    };
    match holder {
        Value::List(things) => {
            for thing in things {
                unwind(parts, thing, &mut vec![thing], &mut write);
            }
        }
        single => {
            let single = match layout.roots.as_slice() {
                [only] if layout.rows.is_empty() && !only.parts.is_empty() => {
                    Some(part(single, &only.key)).filter(|value| **value != Value::Null)?
                }
                _ => single,
            };
            write(&[single]);
        }
    }
    Some(rows)
}

/// Calls back with the things that make each row: one of the list, one of the list within it, and so on. What has nothing in its
/// list makes a row all the same.
fn unwind<'v>(parts: &[Asked], thing: &'v Value, chain: &mut Vec<&'v Value>, row: &mut impl FnMut(&[&'v Value])) {
    let Some(next) = parts.iter().find(|part| part.makes_rows) else { return row(chain) };
    match part(thing, &next.key) {
        Value::List(things) if next.known.is_list && !things.is_empty() => {
            for thing in things {
                chain.push(thing);
                unwind(&next.parts, thing, chain, row);
                chain.pop();
            }
        }
        inner if !next.known.is_list => unwind(&next.parts, inner, chain, row),
        _ => row(chain),
    }
}

fn part<'v>(value: &'v Value, key: &str) -> &'v Value {
    match value {
        Value::Object(parts) => parts.get(key).unwrap_or(&NOTHING),
        _ => &NOTHING,
    }
}

impl Hand<'_> {
    /// Appends the cells of a thing, the first of the chain; lists that make rows go on with the next.
    fn fill(self, parts: &[Asked], chain: &[&Value], row: &mut Row) {
        let (thing, further) = match chain {
            [thing, further @ ..] => (*thing, further),
            [] => (&NOTHING, [].as_slice()),
        };
        for asked in parts {
            let value = part(thing, &asked.key);
            if asked.makes_rows && asked.known.is_list {
                self.fill(&asked.parts, further, row);
            } else if asked.parts.is_empty() || asked.known.is_list {
                row.push(self.cell(asked, value));
            } else {
                let chain: Vec<&Value> = std::iter::once(value).chain(further.iter().copied()).collect();
                self.fill(&asked.parts, &chain, row);
            }
        }
    }

    fn cell(self, asked: &Asked, value: &Value) -> Cell {
        match value {
            Value::Null => Cell::Empty,
            Value::List(_) => match self.told(asked, value, 0) {
                text if text.is_empty() => Cell::Empty,
                text => Cell::Text(text),
            },
            value => self.value(&asked.known, value),
        }
    }

    fn value(self, known: &Known, value: &Value) -> Cell {
        match value {
            Value::Null => Cell::Empty,
            Value::Boolean(is_so) => Cell::Text(self.said(*is_so).to_owned()),
            Value::Number(number) => {
                let number = number.to_string();
                number.parse().map_or(Cell::Text(number), Cell::Number)
            }
            Value::Enum(word) => Cell::Text(self.word(&known.base, word)),
            Value::String(text) => self.text(known, text),
            // An object of a scalar of its own.
            other => Cell::Text(other.to_string()),
        }
    }

    fn text(self, known: &Known, text: &str) -> Cell {
        let typed = match known.base.as_str() {
            "Decimal" => text.parse().ok().map(Cell::Number),
            "Share" => text.parse().ok().map(Cell::Share),
            "Date" => NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Cell::Date),
            "DateTime" => DateTime::parse_from_rfc3339(text).ok().map(|time| Cell::Time(time.with_timezone(&self.zone).naive_local())),
            _ => None,
        };
        typed.unwrap_or_else(|| Cell::Text(text.to_owned()))
    }

    fn said(self, is_so: bool) -> &'static str {
        match (self.language, is_so) {
            (Language::Chinese, true) => "是",
            (Language::Chinese, false) => "否",
            (Language::English, true) => "Yes",
            (Language::English, false) => "No",
        }
    }

    fn word(self, of: &str, word: &str) -> String {
        self.shape.word(of, word).map_or_else(|| word.to_owned(), |title| title.in_language(self.language).to_owned())
    }

    /// What a thing, or a list of them, says in one cell: 老年人食堂 3 处；助餐点 5 处.
    fn told(self, asked: &Asked, value: &Value, depth: usize) -> String {
        match value {
            Value::Null => String::new(),
            Value::List(things) => {
                let told: Vec<String> =
                    things.iter().map(|thing| self.told(asked, thing, depth.saturating_add(1))).filter(|told| !told.is_empty()).collect();
                told.join(self.between(depth))
            }
            Value::Object(_) if !asked.parts.is_empty() => {
                let told: Vec<String> = asked
                    .parts
                    .iter()
                    .map(|inner| self.told(inner, part(value, &inner.key), depth))
                    .filter(|told| !told.is_empty())
                    .collect();
                told.join(" ")
            }
            value => self.value(&asked.known, value).shown(),
        }
    }

    /// What stands between the things of a list, and of a list within it.
    fn between(self, depth: usize) -> &'static str {
        match (self.language, depth) {
            (Language::Chinese, 0) => "；",
            (Language::Chinese, _) => "、",
            (Language::English, 0) => "; ",
            (Language::English, _) => ", ",
        }
    }
}
