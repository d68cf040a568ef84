//! Which of the two media types of GraphQL over HTTP an answer has.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::export::Format;

/// The form of an answer, which also decides its status code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MediaType {
    /// `application/graphql-response+json`: the status code says whether the request could be run.
    GraphqlResponse,
    /// `application/json`, for older clients: a well-formed request is answered with 200 whatever came of it.
    Json,
}

impl MediaType {
    /// What an `Accept` header asks for; `None` where neither form is accepted. A client that names none gets the older form, as the
    /// specification wants.
    pub(crate) fn accepted(headers: &HeaderMap) -> Option<Self> {
        if texts(headers).next().is_none() {
            return Some(Self::Json);
        }
        // What is excluded by name is not meant by what takes anything.
        let any = if excludes(headers, "application/json") { Self::GraphqlResponse } else { Self::Json };
        heaviest(headers, |essence| match essence {
            "application/*" | "*/*" => Some(any),
            _ => Self::named(essence),
        })
    }

    fn named(essence: &str) -> Option<Self> {
        match essence {
            "application/graphql-response+json" => Some(Self::GraphqlResponse),
            "application/json" => Some(Self::Json),
            _ => None,
        }
    }

    pub(crate) fn header(self) -> HeaderValue {
        HeaderValue::from_static(self.word())
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }
}

/// The kind of file that an `Accept` header asks for by name, unless it would rather have JSON.
pub(crate) fn file(headers: &HeaderMap) -> Option<Format> {
    let file = |essence: &str| Format::ALL.into_iter().find(|format| format.essence() == essence);
    heaviest(headers, |essence| match file(essence) {
        Some(format) => Some(Some(format)),
        None => (matches!(essence, "application/*" | "*/*") || MediaType::named(essence).is_some()).then_some(None),
    })
    .flatten()
}

/// Whether an `Accept` header takes anything but this.
fn excludes(headers: &HeaderMap, essence: &str) -> bool {
    texts(headers).flat_map(|value| value.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        parts.next().is_some_and(|named| named.eq_ignore_ascii_case(essence)) && weighs_nothing(parts)
    })
}

/// Whether the parameters of a range exclude it.
fn weighs_nothing<'a>(mut parameters: impl Iterator<Item = &'a str>) -> bool {
    parameters.any(|parameter| weight_of(parameter).is_some_and(|weight| weight <= 0.0))
}

/// The weight that a parameter gives, if it is one. The case of its name does not count (RFC 9110, section 5.6.6).
fn weight_of(parameter: &str) -> Option<f32> {
    let (name, value) = parameter.split_once('=')?;
    name.eq_ignore_ascii_case("q").then(|| value.parse().unwrap_or(0.0))
}

/// The form with the highest weight among those that `named` knows, the first of equals.
fn heaviest<T>(headers: &HeaderMap, named: impl Fn(&str) -> Option<T>) -> Option<T> {
    let mut best: Option<(T, f32)> = None;
    for range in texts(headers).flat_map(|value| value.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let Some(form) = named(&parts.next().unwrap_or_default().to_ascii_lowercase()) else { continue };
        let mut weight = 1.0;
        let mut readable = true;
        for parameter in parts {
            if let Some(given) = weight_of(parameter) {
                weight = given;
            } else if let Some(charset) = parameter.to_ascii_lowercase().strip_prefix("charset=") {
                readable = matches!(charset.trim_matches('"'), "utf-8" | "utf8");
            }
        }
        if readable && weight > 0.0 && best.as_ref().is_none_or(|(_, highest)| weight > *highest) {
            best = Some((form, weight));
        }
    }
    best.map(|(form, _)| form)
}

/// What the `Accept` headers say.
fn texts(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok())
}

/// Whether an `Accept` header asks for events sent by the server, by name: what takes anything does not expect a stream.
pub(crate) fn takes_events(headers: &HeaderMap) -> bool {
    texts(headers).flat_map(|value| value.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("text/event-stream")) && !weighs_nothing(parts)
    })
}

/// Whether a body says that it is JSON in UTF-8.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let mut parts = value.split(';').map(str::trim);
    parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"))
        && parts.all(|parameter| match parameter.to_ascii_lowercase().strip_prefix("charset=") {
            Some(charset) => matches!(charset.trim_matches('"'), "utf-8" | "utf8"),
            None => true,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(value: &str) -> Option<MediaType> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, value.parse().expect("a header"));
        MediaType::accepted(&headers)
    }

    #[test]
    fn the_heaviest_known_form_wins() {
        assert_eq!(MediaType::accepted(&HeaderMap::new()), Some(MediaType::Json));
        assert_eq!(accept("*/*"), Some(MediaType::Json));
        assert_eq!(accept("application/json"), Some(MediaType::Json));
        assert_eq!(accept("application/graphql-response+json, application/json;q=0.9"), Some(MediaType::GraphqlResponse));
        assert_eq!(accept("application/graphql-response+json;q=0.1, application/json"), Some(MediaType::Json));
        assert_eq!(accept("application/graphql-response+json; charset=utf-8"), Some(MediaType::GraphqlResponse));
        assert_eq!(accept("application/json; charset=gbk"), None);
        assert_eq!(accept("application/json;q=0, */*"), Some(MediaType::GraphqlResponse));
        assert_eq!(accept("text/html"), None);
        assert_eq!(accept("application/json;Q=0, application/graphql-response+json;q=0.1"), Some(MediaType::GraphqlResponse));
        // What is no range spoils no other: so asks `HttpURLConnection` of Java, and who leaves one empty.
        assert_eq!(accept("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"), Some(MediaType::Json));
        assert_eq!(accept("application/json, ,*/*"), Some(MediaType::Json));
    }

    #[test]
    fn a_file_is_sent_to_those_that_name_it() {
        let file = |value: &str| file(&[(header::ACCEPT, value.parse().expect("a header"))].into_iter().collect());
        let xlsx = Format::Xlsx.essence();
        assert_eq!(file("Text/CSV"), Some(Format::Csv));
        assert_eq!(file("text/csv; charset=utf-8; header=present"), Some(Format::Csv));
        assert_eq!(file(&format!("text/csv;q=0.5, {xlsx}, */*;q=0.1")), Some(Format::Xlsx));
        for rather in ["*/*", "text/*", "text/html", "application/json, text/csv;q=0.9", "text/csv;q=0", "text/csv; charset=gbk"] {
            assert_eq!(file(rather), None, "{rather}");
        }
    }

    #[test]
    fn events_are_sent_to_those_that_name_them() {
        let takes = |value: &str| takes_events(&[(header::ACCEPT, value.parse().expect("a header"))].into_iter().collect());
        assert!(takes("text/event-stream") && takes("application/json, Text/Event-Stream;q=0.5"));
        assert!(!takes("*/*") && !takes("text/*") && !takes("text/event-stream;q=0") && !takes("application/json"));
    }
}
