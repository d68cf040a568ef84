//! Errors of this product as callers see them: the argument at fault, and what the storage could not do. What went wrong inside goes to
//! the log; the caller gets the id to ask about. Codes, and how errors are told, are of the endpoint.

use std::{borrow::Borrow, fmt};

use async_graphql::{Context, Error, ErrorExtensions as _, Result};
use endpoint::away;
pub(super) use endpoint::{Code, at};

use super::inquiry::Inquiry;
use crate::{
    domain::language::{Language, Text},
    store::StoreError,
};

/// The error of an argument that cannot be. `argument` is its path from the field: `first`, `filter.leadUnit`.
pub(super) fn bad_input(context: &Context<'_>, argument: &str, message: &Text) -> Error {
    let language = Inquiry::of(context).map(|inquiry| inquiry.language).unwrap_or_default();
    let error = Error::new(message.in_language(language)).extend_with(|_, extensions| {
        extensions.set("code", Code::BadUserInput.word());
        extensions.set("argument", argument);
    });
    at(context, error)
}

/// The error of a fault of ours, written to the log with everything and shown with nothing but the request's id.
pub(super) fn internal(context: &Context<'_>, fault: &(dyn std::error::Error + 'static)) -> Error {
    let (language, request_id) =
        Inquiry::of(context).map_or((Language::default(), ""), |inquiry| (inquiry.language, inquiry.call.occasion.request_id.as_str()));
    if is_absence(fault) {
        tracing::warn!(request_id, fault = %Chain(fault), "the database could not be asked");
        if let Ok(inquiry) = Inquiry::of(context) {
            inquiry.service.database().suspect();
        }
        return Error::new(away().in_language(language)).extend_with(|_, extensions| extensions.set("code", Code::Unavailable.word()));
    }
    tracing::error!(request_id, fault = %Chain(fault), "a request failed");
    let message = Text::new(
        format!("服务出现故障，请稍后重试。若仍然失败，请将请求编号 {request_id} 告知管理员。"),
        format!("Something failed on our side; try again later. If it persists, tell the operator the request id {request_id}."),
    );
    at(context, Error::new(message.in_language(language)).extend_with(|_, extensions| extensions.set("code", Code::Internal.word())))
}

/// Turns failures of the store into errors that callers see.
pub(super) trait OrFail<T> {
    /// The value, or the caller's error.
    fn or_fail(self, context: &Context<'_>) -> Result<T>;
}

impl<T, E: Borrow<StoreError>> OrFail<T> for std::result::Result<T, E> {
    fn or_fail(self, context: &Context<'_>) -> Result<T> {
        self.map_err(|fault| match fault.borrow() {
            StoreError::Cursor { argument } => bad_input(
                context,
                argument,
                &Text::new(
                    "游标无效，或属于另一个列表、另一种排序。请使用同一列表、同一排序返回的游标，或从头翻页。",
                    "This cursor is broken, or of another list or order. Use one that this list returned in this order, or start over.",
                ),
            ),
            fault => internal(context, fault),
        })
    }
}

/// The failure of a row that must be there and is not.
#[derive(Debug, thiserror::Error)]
#[error("a referenced {0} is missing")]
pub(super) struct Missing(pub &'static str);

/// Whether a fault is that the database could not be asked.
pub(super) fn is_absence(fault: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(fault);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<StoreError>() {
            return error.is_absence();
        }
        cause = error.source();
    }
    false
}

/// An error with everything that caused it.
struct Chain<'a>(&'a dyn std::error::Error);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(formatter, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
