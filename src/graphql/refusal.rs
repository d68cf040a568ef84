//! What a use case refuses, as callers see it: what they can mend comes back as data, all else as an error with a code.

use async_graphql::{Context, Error, ErrorExtensions as _, Name, Result, SimpleObject, Value, indexmap::IndexMap};
use endpoint::heading;

use super::{
    error::{self, Code},
    inquiry::Inquiry,
};
use crate::{
    access::reason::Reason,
    domain::{
        fault::Place,
        language::{Language, Text},
    },
    service::{self, Current, Refusal},
};

/// 输入有误之处。
///
/// Something wrong with the input, which the caller can mend.
#[derive(SimpleObject, Clone)]
pub struct Fault {
    /// 代码，供程序判断。
    ///
    /// A word for programs.
    #[graphql(directive = heading::apply("代码".into()))]
    code: String,
    /// 有误的输入字段的路径，自参数名起，例如 input、achievements、0、value；与某个字段无关的为 null。
    ///
    /// The path of the input field, from the argument, such as input, achievements, 0, value; null where it is about none in particular.
    #[graphql(directive = heading::apply("有误的输入字段的路径".into()))]
    field: Option<Vec<String>>,
    /// 说明，以及怎么办。
    ///
    /// What is wrong and what to do.
    #[graphql(directive = heading::apply("说明".into()))]
    message: String,
}

impl Fault {
    fn new(fault: &service::Fault, language: Language) -> Self {
        let field = match &fault.place {
            Place::Path(path) => Some(path.clone()),
            Place::Line { .. } => None,
        };
        Self { code: fault.code.to_owned(), field, message: fault.text.in_language(language).to_owned() }
    }

    fn without_field(code: &str, message: &Text, language: Language) -> Self {
        Self { code: code.to_owned(), field: None, message: message.in_language(language).to_owned() }
    }
}

/// What was done, or the faults of the input.
///
/// # Errors
/// Whatever else was refused, with its code.
pub(super) fn payload<T>(context: &Context<'_>, done: std::result::Result<T, Refusal>) -> Result<(Option<T>, Vec<Fault>)> {
    let language = Inquiry::of(context)?.language;
    match done {
        Ok(done) => Ok((Some(done), Vec::new())),
        Err(Refusal::Faults(faults)) => Ok((None, faults.iter().map(|fault| Fault::new(fault, language)).collect())),
        Err(Refusal::Credentials) => {
            let message = Text::new(
                "账号或密码不正确，或登录已失效：请检查后重新登录；忘记密码请联系督查室或管理员重置。",
                "The username or password is not right, or the session has ended: check and sign in again; an office or an admin can reset a forgotten password.",
            );
            Ok((None, vec![Fault::without_field("INVALID_CREDENTIALS", &message, language)]))
        }
        Err(Refusal::Locked) => {
            let message =
                Text::new("账号已锁定：请联系督查室或管理员。", "The account is locked: ask your supervision office or an admin.");
            Ok((None, vec![Fault::without_field("ACCOUNT_LOCKED", &message, language)]))
        }
        Err(refusal) => Err(error::at(context, error(context, language, &refusal))),
    }
}

/// What was read, or the error of what was refused.
///
/// # Errors
/// Whatever was refused, with its code.
pub(super) fn answer<T>(context: &Context<'_>, done: std::result::Result<T, Refusal>) -> Result<T> {
    let language = Inquiry::of(context)?.language;
    done.map_err(|refusal| error::at(context, error(context, language, &refusal)))
}

/// What whoever presents something that proves nothing is told to do.
pub(super) fn how_to_authenticate() -> Text {
    Text::new(
        "登录凭证无效或已过期：请用 refreshSession 续期（不带 Authorization 头），或重新登录；API 密钥请检查是否到期或吊销。",
        "The token is not valid or has expired: renew it with `refreshSession` (sent without the Authorization header) or sign in again; check whether an API key has expired or was revoked.",
    )
}

/// The code of an action that is not allowed.
pub(super) fn code(reason: Reason) -> Code {
    if reason == Reason::SignInFirst { Code::Unauthenticated } else { Code::Forbidden }
}

/// The error of an action that is not allowed.
fn not_allowed(reason: Reason, language: Language) -> Error {
    Error::new(reason.text().in_language(language)).extend_with(|_, extensions| {
        extensions.set("code", code(reason).word());
        extensions.set("reason", reason.word());
    })
}

/// How something is now, for whoever has seen it as it was.
fn told(current: &Current) -> Value {
    let mut told = IndexMap::new();
    let mut tell = |name: &str, value: serde_json::Value| told.insert(Name::new(name), Value::from_json(value).unwrap_or_default());
    tell("version", current.version.into());
    for (name, value) in &current.fields {
        tell(name, value.clone());
    }
    tell("changedAt", current.changed_at.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)).into());
    tell("changedBy", current.changed_by.clone().into());
    Value::Object(told)
}

fn error(context: &Context<'_>, language: Language, refusal: &Refusal) -> Error {
    match refusal {
        Refusal::Forbidden(reason) => not_allowed(*reason, language),
        Refusal::Stale(current) => {
            let message = Text::new(
                "内容已被他人修改：请按 extensions.current 中的现状重新提交。",
                "It was changed meanwhile: look at `extensions.current` and submit again with its version.",
            );
            Error::new(message.in_language(language)).extend_with(|_, extensions| {
                extensions.set("code", Code::StaleVersion.word());
                extensions.set("current", told(current));
            })
        }
        Refusal::TooWide(message) => Error::new(message.in_language(language)).extend_with(|_, extensions| {
            extensions.set("code", Code::QueryTooComplex.word());
            extensions.set("argument", "filter");
        }),
        Refusal::Throttled { retry_after } => {
            let seconds = retry_after.as_secs();
            let message =
                Text::new(format!("尝试次数过多：请在 {seconds} 秒后再试。"), format!("Too many attempts: try again in {seconds} s."));
            Error::new(message.in_language(language)).extend_with(|_, extensions| {
                extensions.set("code", Code::RateLimited.word());
                extensions.set("retryAfterSeconds", seconds);
                extensions.set("retryAfter", seconds);
            })
        }
        Refusal::NotFound | Refusal::Faults(_) | Refusal::Credentials | Refusal::Locked => {
            let message =
                Text::new("没有这个对象，或您无权查看：请检查 ID。", "There is no such thing, or you may not see it: check the id.");
            Error::new(message.in_language(language)).extend_with(|_, extensions| extensions.set("code", Code::NotFound.word()))
        }
        Refusal::Fault(_) => error::internal(context, refusal),
    }
}
