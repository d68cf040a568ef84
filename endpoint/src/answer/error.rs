//! Errors as callers see them: a code, the argument at fault, and a message that says what to do next. What went wrong inside
//! goes to the log; the caller gets the id to ask about.

use std::sync::Arc;

use async_graphql::{Context, Error, PathSegment, Pos, QueryPathNode, QueryPathSegment, Response, ServerError, Value};
use language::{Language, Text};

use crate::{engine::message, limit::Limits};

/// What kind of error it is, as `extensions.code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Nobody is signed in, or what was presented does not prove who.
    Unauthenticated,
    /// The caller may know of it and may not do it.
    Forbidden,
    /// It is not there, or not for this caller.
    NotFound,
    /// It has changed since the caller read it.
    StaleVersion,
    /// Too many attempts.
    RateLimited,
    /// An argument that cannot be; the caller can mend it.
    BadUserInput,
    /// The document is not GraphQL.
    ParseFailed,
    /// The document is GraphQL and does not fit the schema.
    ValidationFailed,
    /// The document is not registered, and nothing else is run; or it was named by its hash.
    DocumentNotRegistered,
    /// The same, in the words of Apollo: send the text with it.
    PersistedQueryNotFound,
    /// The same: no document is registered here at all.
    PersistedQueryNotSupported,
    /// The query asks for more than one request may.
    QueryTooComplex,
    /// The operation ran longer than one may.
    Timeout,
    /// The database is away, or has no time: the same request may succeed later.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl Code {
    /// The word that callers match on.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::StaleVersion => "STALE_VERSION",
            Self::RateLimited => "RATE_LIMITED",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::DocumentNotRegistered => "DOCUMENT_NOT_REGISTERED",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::PersistedQueryNotSupported => "PERSISTED_QUERY_NOT_SUPPORTED",
            Self::QueryTooComplex => "QUERY_TOO_COMPLEX",
            Self::Timeout => "TIMEOUT",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }
}

/// An answer that refuses a whole request.
#[must_use]
pub fn refusal(code: Code, language: Language, message: &Text) -> Response {
    let mut error = ServerError::new(shortened(message.in_language(language)), None);
    error.extensions.get_or_insert_default().set("code", code.word());
    Response::from_errors(vec![error])
}

/// The answer to whoever asks while the database does not answer.
#[must_use]
pub fn unavailable(language: Language) -> Response {
    refusal(Code::Unavailable, language, &away())
}

/// The code of an error.
pub(crate) fn code(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}

/// Whether something in an answer is missing because the database was away.
pub(crate) fn is_unavailable(response: &Response) -> bool {
    response.errors.iter().any(|error| code(error) == Some(Code::Unavailable.word()))
}

/// Whether no root field of an answer has a value.
pub(crate) fn is_empty(response: &Response) -> bool {
    match &response.data {
        Value::Object(fields) => fields.values().all(|value| *value == Value::Null),
        _ => true,
    }
}

/// What is said while the storage is away. Whether a change whose end was not heard has happened, nobody can tell at that moment.
#[must_use]
pub fn away() -> Text {
    Text::new(
        "数据库暂时无法使用，请稍后重试。如果这是一次修改，重试前请先查看它是否已经生效。",
        "The database cannot be used at the moment; try again later. If this was a change, look whether it was made before you repeat it.",
    )
}

/// The answer to a document that is no GraphQL; the engine says where.
pub(crate) fn not_graphql(error: &ServerError, language: Language) -> Response {
    let reason = message::unreadable(error.message.trim());
    let [chinese, english] = reason.into_wordings();
    let message = match error.locations.first() {
        Some(Pos { line, column }) => Text::new(
            format!("查询不符合 GraphQL 语法，第 {line} 行第 {column} 列：{chinese}"),
            format!("The query is not GraphQL at line {line}, column {column}: {english}"),
        ),
        None => Text::new(format!("查询不符合 GraphQL 语法：{chinese}"), format!("The query is not GraphQL: {english}")),
    };
    let mut response = refusal(Code::ParseFailed, language, &message);
    for refused in &mut response.errors {
        refused.locations.clone_from(&error.locations);
    }
    response
}

/// Where an error came about, because the engine cuts the path of an error at the list that it passes.
struct At(Vec<PathSegment>);

/// The same error, with where it came about.
#[must_use]
pub fn at(context: &Context<'_>, mut error: Error) -> Error {
    let path = |node: &QueryPathNode<'_>| match node.segment {
        QueryPathSegment::Index(index) => PathSegment::Index(index),
        QueryPathSegment::Name(name) => PathSegment::Field(name.to_owned()),
    };
    if let Some(node) = context.path_node {
        let mut segments = vec![path(&node)];
        segments.extend(node.parents().map(path));
        segments.reverse();
        error.source = Some(Arc::new(At(segments)));
    }
    error
}

/// Gives a code to every error that the engine made itself, says in the caller's language what its English text is about, and where
/// each came about.
pub(crate) fn complete(response: &mut Response, limits: &Limits, language: Language) {
    let most = usize::try_from(limits.errors).unwrap_or(usize::MAX);
    if let Some(omitted) = response.errors.len().checked_sub(most).filter(|omitted| *omitted > 0) {
        response.errors.truncate(most);
        response.extensions.insert("omittedErrors".to_owned(), omitted.into());
    }
    for error in &mut response.errors {
        if let Some(path) = error.source::<At>().map(|At(path)| path.clone()) {
            error.path = path;
        }
        if error.extensions.as_ref().is_some_and(|extensions| extensions.get("code").is_some()) {
            continue;
        }
        // The engine checks some values only when it runs a field: those errors have a path, and are about input.
        let (code, about) = if error.path.is_empty() {
            (Code::ValidationFailed, Text::new("查询与数据模式不符：", "The query does not fit the schema: "))
        } else {
            (Code::BadUserInput, Text::new("参数值无效：", "Invalid value: "))
        };
        let said = message::unfit(error.message.trim(), language);
        error.message = format!("{}{}", about.in_language(language), shortened(&said));
        error.extensions.get_or_insert_default().set("code", code.word());
    }
}

/// A message may quote what came, which may be a name of a megabyte.
const LONGEST_MESSAGE: usize = 1_000;

/// A message without what would make it too long.
pub(crate) fn shortened(message: &str) -> String {
    match message.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => format!("{}…", message.get(..end).unwrap_or_default()),
        None => message.to_owned(),
    }
}
