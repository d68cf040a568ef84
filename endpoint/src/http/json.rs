//! JSON as requests bring it: objects where objects belong, and no name twice in one of them. The libraries would take a list for the
//! fields of an object, in order, and keep the last of two values without a word.

use std::{fmt, marker::PhantomData};

use async_graphql::{Name, Number, Value, Variables, indexmap::IndexMap};
use language::Text;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};

/// Something that is an object.
pub(crate) struct Braced<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Braced<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Inner<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Inner<T> {
            type Value = T;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map))
            }
        }

        deserializer.deserialize_map(Inner(PhantomData)).map(Self)
    }
}

/// An object of any values.
#[derive(Debug, PartialEq)]
pub(crate) struct Fields(IndexMap<Name, Value>);

impl Fields {
    pub(crate) fn into_variables(self) -> Variables {
        Variables::from_value(Value::Object(self.0))
    }

    /// A value that is in it.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Strict::deserialize(deserializer)?.0 {
            Value::Object(fields) => Ok(Self(fields)),
            _ => Err(D::Error::custom("an object belongs here")),
        }
    }
}

/// A value none of whose objects has a name twice.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any).map(Self)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = IndexMap::new();
        while let Some((name, Strict(value))) = map.next_entry::<String, Strict>()? {
            if object.contains_key(name.as_str()) {
                return Err(A::Error::custom(format_args!("the field `{name}` is given twice")));
            }
            object.insert(Name::new(name), value);
        }
        Ok(Value::Object(object))
    }
}

/// How many values a JSON text has where these are more than so many. None of them is built: an object of a few bytes takes many times
/// as much memory, and time to fill it.
pub(crate) fn too_many_values(text: &[u8], most: u32) -> Option<u64> {
    let most = u64::from(most);
    // Each but the outermost has a sign besides itself, so that most texts are too short to be counted.
    let possible = u64::try_from(text.len().div_ceil(2)).unwrap_or(u64::MAX);
    (possible > most).then(|| values(text)).filter(|counted| *counted > most)
}

/// How many values a JSON text has, lists and objects among them, or how many stand before it is no JSON.
fn values(text: &[u8]) -> u64 {
    let mut counted = 0;
    // What is no JSON is refused where the text is read.
    let _ = Count(&mut counted).deserialize(&mut serde_json::Deserializer::from_slice(text));
    counted
}

struct Count<'a>(&'a mut u64);

impl Count<'_> {
    fn one(&mut self) {
        *self.0 = self.0.saturating_add(1);
    }
}

impl<'de> DeserializeSeed<'de> for Count<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<(), D::Error> {
        self.one();
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Count<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Count(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_key::<IgnoredAny>()?.is_some() {
            map.next_value_seed(Count(self.0))?;
        }
        Ok(())
    }
}

/// What the libraries say of a request that cannot be read, in both languages: theirs is English.
pub(crate) fn told(reason: &str) -> Text {
    let (said, place) = match reason.rsplit_once(" at line ") {
        Some((said, place)) => (said, place.split_once(" column ")),
        None => (reason, None),
    };
    let quoted = |before: &str| said.strip_prefix(before).and_then(|rest| rest.split_once('`')).map(|(name, _)| name);
    let chinese = match () {
        () if let Some(name) = quoted("the field `") => format!("字段 {name} 出现了两次"),
        () if let Some(name) = quoted("duplicate field `") => format!("字段 {name} 出现了两次"),
        () if let Some(name) = quoted("missing field `") => format!("缺少 {name}"),
        () if let Some(name) = quoted("unknown parameter `") => format!("没有参数 {name}"),
        () if said.starts_with("invalid type") || said.ends_with("belongs here") => "值的类型不对".to_owned(),
        () if said.starts_with("EOF") => "JSON 不完整".to_owned(),
        () if said.starts_with("recursion limit") => "JSON 嵌套过深".to_owned(),
        () => "JSON 无法理解".to_owned(),
    };
    let chinese = match place {
        Some((line, column)) => format!("{chinese}（第 {line} 行第 {column} 列）。"),
        None => format!("{chinese}。"),
    };
    Text::new(chinese, format!("{reason}."))
}

/// A list of requests, which is refused with a word of its own.
pub(crate) fn is_list(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"[")
}

#[cfg(test)]
mod tests {
    use super::*;
    use language::Language;

    fn given(text: &str) -> Result<Fields, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_name_twice_is_refused_however_deep() {
        for text in [r#"{"a": 1, "a": 1}"#, r#"{"a": [{"b": {"c": 1, "d": 2, "c": 3}}]}"#, r#"{"a": 1, "\u0061": 2}"#] {
            assert!(given(text).is_err_and(|error| error.contains("given twice")), "{text}");
        }
        for text in ["[]", "1", "null", "\"a\"", "{", "{\"a\":}"] {
            assert!(given(text).is_err(), "{text}");
        }
    }

    #[test]
    fn values_are_what_the_engine_would_make_of_them() {
        let text = r#"{"a": [1, -1, 1.5, 1e400, 18446744073709551615, true, null, "x\ud83d\ude00", {}, []], "b": {"c": {"a": 1}}}"#;
        let text = text.replace("1e400, ", "");
        let expected = Value::from_json(serde_json::from_str(&text).unwrap()).unwrap();
        assert_eq!(Value::Object(given(&text).unwrap().0), expected);
        let deep = format!("{{\"a\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(given(&deep).is_err_and(|error| error.contains("recursion limit")));
    }

    #[test]
    fn every_value_counts_once() {
        for (text, count) in [
            ("1", 1),
            ("{}", 1),
            (r#"{"a": 1, "b": [true, null, "x,[{"], "c": {"d": {}}}"#, 8),
            (r#"{"query": "{ a }", "variables": {"v": [1, 2.5, -3, {"w": []}]}}"#, 9),
            ("[1, 2, ", 3),
            ("", 1),
            ("[1 2]", 2),
        ] {
            assert_eq!(values(text.as_bytes()), count, "{text}");
        }
        // As many as there is room for.
        let dense = format!("[{}]", ["1"; 10].join(","));
        assert_eq!((too_many_values(dense.as_bytes(), 10), too_many_values(dense.as_bytes(), 11)), (Some(11), None));
    }

    #[test]
    fn what_cannot_be_read_is_told_in_both_languages() {
        for (text, chinese) in [
            ("{\"a\": 1,\n \"a\": 1}", "字段 a 出现了两次（第 2 行第 8 列）。"),
            ("{\"a\"", "JSON 不完整（第 1 行第 4 列）。"),
            ("7", "值的类型不对。"),
            ("{]", "JSON 无法理解（第 1 行第 2 列）。"),
        ] {
            let told = told(&given(text).expect_err("no object"));
            assert_eq!(told.in_language(Language::Chinese), chinese, "{text}");
        }
        assert_eq!(told("missing field `query`").into_wordings(), ["缺少 query。", "missing field `query`."]);
        assert_eq!(told("unknown parameter `x`").in_language(Language::Chinese), "没有参数 x。");
    }

    #[test]
    fn a_list_is_no_object() {
        #[derive(Deserialize)]
        struct Pair {
            one: u8,
            other: u8,
        }
        assert!(serde_json::from_str::<Braced<Pair>>("[1, 2]").is_err());
        let Braced(Pair { one, other }) = serde_json::from_str(r#"{"one": 1, "other": 2}"#).unwrap();
        assert_eq!((one, other), (1, 2));
        assert!(is_list(b" [{}]") && !is_list(b"{}"));
    }
}
