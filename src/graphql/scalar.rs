//! Scalars: exact decimals, civil dates, points in time, and what an event says has changed.
//!
//! Each says what is valid, so that a malformed value is refused before anything runs: found by a resolver, it would be found after
//! other changes of the same request.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{Datelike as _, NaiveDate};

use crate::service::progress::report::Number;

/// An exact decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal(pub rust_decimal::Decimal);

/// 精确小数，以字符串表示，例如 "576"、"17.58"；最多四位小数。
///
/// An exact decimal, written as a string such as "576" or "17.58"; at most four decimals.
#[Scalar]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = match &value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return Err(InputValueError::expected_type(value)),
        };
        rust_decimal::Decimal::from_str_exact(&text).map(Self).map_err(InputValueError::custom)
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.normalize().to_string())
    }
}

/// A share of a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share(pub rust_decimal::Decimal);

/// 比例：1 为全部，超额完成的可超过 1；以字符串表示，例如 "0.3333"，截到四位小数。导出的表格中显示为百分数。
///
/// A share: 1 is the whole, and more than was promised may be above 1. It is written as a string such as "0.3333" and cut after four decimals. Exported tables show it in percent.
#[Scalar]
impl ScalarType for Share {
    fn parse(value: Value) -> InputValueResult<Self> {
        Decimal::parse(value).map(|Decimal(share)| Self(share)).map_err(InputValueError::propagate)
    }

    fn is_valid(value: &Value) -> bool {
        Decimal::is_valid(value)
    }

    fn to_value(&self) -> Value {
        Decimal(self.0).to_value()
    }
}

/// A number as a unit typed it: what is none is told with the place where it stands, which a scalar that refuses it could not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure(String);

/// 填报的数，以字符串或数字表示，例如 "576"、"17.58"；最多四位小数。不是数的，在 errors 中指明位置。
///
/// A figure that is reported, written as a string or a number, such as "576" or "17.58", with at most four decimals. What is no number is told in `errors`, with its place.
#[Scalar]
impl ScalarType for Figure {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Self(text)),
            Value::Number(number) => Ok(Self(number.to_string())),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(_) | Value::Number(_))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

impl From<Figure> for Number {
    fn from(figure: Figure) -> Self {
        Self(figure.0)
    }
}

/// A civil date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub NaiveDate);

/// 民用日期（本系统所在时区），例如 "2024-01-12"。
///
/// A civil date in the installation's time zone, such as "2024-01-12".
#[Scalar]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => {
                let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(InputValueError::custom)?;
                // As it is written in answers, and no further than both databases go.
                let is_plain = text.len() == 10 && is_of_our_era(date.year());
                is_plain.then_some(Self(date)).ok_or_else(|| InputValueError::custom("a date is written as 2024-01-12"))
            }
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%Y-%m-%d").to_string())
    }
}

/// A point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime(pub chrono::DateTime<chrono::Utc>);

/// 时刻（RFC 3339），带时区，例如 "2024-01-12T01:30:00Z"。
///
/// A point in time (RFC 3339) with its offset, such as "2024-01-12T01:30:00Z".
#[Scalar]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => {
                let time = chrono::DateTime::parse_from_rfc3339(text).map_err(InputValueError::custom)?;
                // As exactly as it is stored. A leap second is the first of the next minute.
                let time = chrono::DateTime::from_timestamp_micros(time.timestamp_micros());
                time.filter(|time| is_of_our_era(time.year()))
                    .map(Self)
                    .ok_or_else(|| InputValueError::custom("a time is in the years 1 to 9999"))
            }
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    }
}

/// Whether both databases know the year, and four digits write it.
fn is_of_our_era(year: i32) -> bool {
    (1..=9999).contains(&year)
}

/// What an audit event says has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes(pub serde_json::Value);

/// 修改内容，JSON 对象：{"role": {"before": "UNIT", "after": "LEADER"}}。
///
/// What changed, as a JSON object: {"role": {"before": "UNIT", "after": "LEADER"}}.
#[Scalar]
impl ScalarType for Changes {
    fn parse(value: Value) -> InputValueResult<Self> {
        value.into_json().map(Self).map_err(InputValueError::custom)
    }

    fn to_value(&self) -> Value {
        // What was read from JSON can be written as JSON.
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}
