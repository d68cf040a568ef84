//! An answer as JSON. It is written piece by piece, and each part of it is freed as soon as it is written: the values of an answer take
//! many times as much memory as its text.

use std::{io, vec};

use async_graphql::{Response, Value};
use serde::Serialize;

use super::{Answer, Holding, Outcome};

/// How many bytes a piece has, or somewhat more.
const PIECE: usize = 64 * 1024;

/// The JSON of an answer.
pub struct Written {
    /// The text, in pieces.
    pub pieces: vec::IntoIter<Vec<u8>>,
    /// How many bytes it has.
    pub bytes: u64,
    /// What is counted until it has been sent.
    pub holding: Holding,
}

impl Answer {
    /// The answer as JSON.
    #[must_use]
    pub fn written(self) -> Written {
        let mut pieces = Pieces::default();
        let holding = self.write(&mut pieces);
        let (pieces, bytes) = pieces.finish();
        Written { pieces: pieces.into_iter(), bytes, holding }
    }

    /// The answer as JSON, between two other texts.
    #[must_use]
    pub fn text(self, before: &str, after: &str) -> (String, Holding) {
        let mut text = before.as_bytes().to_vec();
        let holding = self.write(&mut text);
        text.extend_from_slice(after.as_bytes());
        // JSON is written from texts alone.
        (String::from_utf8(text).unwrap_or_default(), holding)
    }

    /// Writes the answer. A request that was not run has no `data`, not even null (GraphQL, section 7.1).
    fn write(self, out: &mut impl io::Write) -> Holding {
        let Self { response, outcome, mut holding } = self;
        let Response { data, extensions, errors, .. } = response;
        // No writer here fails, and all values have a JSON form: they came from JSON or from resolvers.
        let _ = (|| -> io::Result<()> {
            let mut fields = Fields::begin(out)?;
            if !errors.is_empty() {
                leaf(fields.next("errors")?, &errors)?;
            }
            if outcome == Outcome::Run {
                value(fields.next("data")?, data)?;
            }
            if !extensions.is_empty() {
                leaf(fields.next("extensions")?, &extensions)?;
            }
            fields.end()
        })();
        holding.place = None;
        holding
    }
}

/// The fields of an object, as they are written.
struct Fields<'a, W> {
    out: &'a mut W,
    begun: bool,
}

impl<'a, W: io::Write> Fields<'a, W> {
    fn begin(out: &'a mut W) -> io::Result<Self> {
        out.write_all(b"{")?;
        Ok(Self { out, begun: false })
    }

    fn next(&mut self, name: &str) -> io::Result<&mut W> {
        if std::mem::replace(&mut self.begun, true) {
            self.out.write_all(b",")?;
        }
        leaf(self.out, name)?;
        self.out.write_all(b":")?;
        Ok(self.out)
    }

    fn end(self) -> io::Result<()> {
        self.out.write_all(b"}")
    }
}

fn value(out: &mut impl io::Write, written: Value) -> io::Result<()> {
    match written {
        Value::Object(object) => {
            let mut fields = Fields::begin(out)?;
            for (name, inner) in object {
                value(fields.next(&name)?, inner)?;
            }
            fields.end()
        }
        Value::List(list) => {
            out.write_all(b"[")?;
            for (index, inner) in list.into_iter().enumerate() {
                if index > 0 {
                    out.write_all(b",")?;
                }
                value(out, inner)?;
            }
            out.write_all(b"]")
        }
        other => leaf(out, &other),
    }
}

fn leaf(out: &mut impl io::Write, written: &(impl Serialize + ?Sized)) -> io::Result<()> {
    serde_json::to_writer(out, written).map_err(io::Error::from)
}

/// How many bytes the JSON of a value has. It is counted without being written.
pub(crate) fn size(value: &Value) -> u64 {
    match value {
        Value::Null | Value::Boolean(true) => 4,
        Value::Boolean(false) => 5,
        Value::String(text) => size_of_text(text),
        Value::Enum(name) => size_of_text(name),
        Value::Object(object) => {
            let fields = object.iter().map(|(name, inner)| size_of_text(name).saturating_add(1).saturating_add(size(inner)));
            size_of_all(fields, object.len())
        }
        Value::List(list) => size_of_all(list.iter().map(size), list.len()),
        Value::Number(_) | Value::Binary(_) => {
            let mut counted = Counted(0);
            let _ = leaf(&mut counted, value);
            counted.0
        }
    }
}

/// With the brackets around them and the commas between them.
fn size_of_all(parts: impl Iterator<Item = u64>, count: usize) -> u64 {
    let signs = u64::try_from(count.saturating_sub(1)).unwrap_or(u64::MAX).saturating_add(2);
    parts.fold(signs, u64::saturating_add)
}

/// With its quotes. What JSON escapes takes two bytes, or six.
fn size_of_text(text: &str) -> u64 {
    let more = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 1_u64,
        0..=0x1f => 5,
        _ => 0,
    };
    let plain = u64::try_from(text.len()).unwrap_or(u64::MAX).saturating_add(2);
    text.bytes().map(more).fold(plain, u64::saturating_add)
}

struct Counted(u64);

impl io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A text in pieces, so that no part of it is moved when it grows, and each can be freed as soon as it is sent.
#[derive(Default)]
struct Pieces {
    full: Vec<Vec<u8>>,
    open: Vec<u8>,
    bytes: u64,
}

impl Pieces {
    fn finish(mut self) -> (Vec<Vec<u8>>, u64) {
        self.open.shrink_to_fit();
        if !self.open.is_empty() {
            self.full.push(self.open);
        }
        (self.full, self.bytes)
    }
}

impl io::Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.open.extend_from_slice(bytes);
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if self.open.len() >= PIECE {
            // Most answers have one piece; those that have more get room for whole ones at once.
            let next = Vec::with_capacity(PIECE.saturating_mul(2));
            let mut full = std::mem::replace(&mut self.open, next);
            full.shrink_to_fit();
            self.full.push(full);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::ServerError;
    use serde_json::json;

    use super::*;

    fn text(answer: Answer) -> String {
        let written = answer.written();
        let pieces: Vec<_> = written.pieces.collect();
        assert_eq!(u64::try_from(pieces.iter().map(Vec::len).sum::<usize>()).unwrap(), written.bytes);
        assert!(pieces.iter().all(|piece| piece.len() < 2 * PIECE), "no piece is large");
        String::from_utf8(pieces.concat()).unwrap()
    }

    fn values() -> serde_json::Value {
        let all: String = ('\0'..'\u{300}').chain("民生😀".chars()).collect();
        let rows: Vec<_> = (0..5_000).map(|row| json!({ "row": row, "text": "托育服务扩容增位", "none": null })).collect();
        json!({
            "a\"b": all, "numbers": [0, -1, u64::MAX, i64::MIN, 0.1, 1e300, -2.5e-7], "yes": true, "no": false, "empty": {}, "list": [], "rows": rows,
        })
    }

    #[test]
    fn an_answer_is_the_json_of_its_values() {
        let data = Value::from_json(values()).unwrap();
        // As the engine's own serialiser writes it.
        let expected = serde_json::to_string(&data).unwrap();
        assert_eq!(size(&data), u64::try_from(expected.len()).unwrap());
        assert_eq!(text(Answer::run(Response::new(data.clone()))), format!("{{\"data\":{expected}}}"));
        let (between, _) = Answer::run(Response::new(data)).text("<", ">");
        assert_eq!(between, format!("<{{\"data\":{expected}}}>"));
    }

    #[test]
    fn a_request_that_was_not_run_has_no_data() {
        let response = || Response::from_errors(vec![ServerError::new("why", None)]);
        assert_eq!(text(Answer::refused(response())), r#"{"errors":[{"message":"why"}]}"#);
        assert_eq!(text(Answer::run(response())), r#"{"errors":[{"message":"why"}],"data":null}"#);
        let mut told = Response::new(Value::Boolean(true));
        told.extensions.insert("cost".to_owned(), Value::from(1));
        assert_eq!(text(Answer::run(told)), r#"{"data":true,"extensions":{"cost":1}}"#);
    }
}
