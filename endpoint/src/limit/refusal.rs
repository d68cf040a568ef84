//! What is answered to whoever asks for too much: which limit it was, its value, and what was counted.

use async_graphql::{Error, ErrorExtensions as _, Response, ServerError};
use language::{Language, Text};

use super::Limits;
use crate::{
    answer::error::{Code, refusal},
    client::{SOON, seconds},
};

/// A limit, and what was counted beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Excess {
    limit: Measure,
    value: u32,
    counted: u64,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Bytes of a body.
    BodyBytes,
    /// Bytes of a document.
    DocumentBytes,
    /// Brackets and selection sets within each other.
    Nesting,
    /// Words and signs of a document.
    Tokens,
    /// Lists and objects of variables within each other.
    ValueDepth,
    /// Values of arguments.
    Values,
    /// Operations of a document.
    Operations,
    /// Fragments of a document.
    Fragments,
    /// Fields within each other.
    Depth,
    /// Fields.
    Fields,
    /// Aliases.
    Aliases,
    /// Directives.
    Directives,
    /// Arguments of one field or directive.
    Arguments,
    /// Fields of the root.
    RootFields,
    /// Fields that are selected again.
    Repeats,
    /// The estimated size of an answer.
    Complexity,
    /// Objects of an answer.
    Objects,
    /// How often the schema is asked for.
    Introspections,
    /// Fields of the schema that are asked for.
    IntrospectionFields,
    /// Fields of the schema within each other.
    IntrospectionDepth,
    /// Lists of the schema within each other.
    IntrospectionLists,
    /// The estimated size of what is answered of the schema.
    IntrospectionComplexity,
    /// Changes of a request.
    Changes,
    /// Bytes of a subscription.
    FollowingBytes,
    /// Bytes of an answer.
    AnswerBytes,
}

impl Measure {
    /// The name of the limit, as the field of `Limits` that tells its value.
    fn name(self) -> &'static str {
        match self {
            Self::BodyBytes => "bodyBytes",
            Self::DocumentBytes => "documentBytes",
            Self::Nesting => "nesting",
            Self::Tokens => "tokens",
            Self::ValueDepth => "valueDepth",
            Self::Values => "values",
            Self::Operations => "operations",
            Self::Fragments => "fragments",
            Self::Depth => "depth",
            Self::Fields => "fields",
            Self::Aliases => "aliases",
            Self::Directives => "directives",
            Self::Arguments => "arguments",
            Self::RootFields => "rootFields",
            Self::Repeats => "repeats",
            Self::Complexity => "complexity",
            Self::Objects => "objects",
            Self::Introspections => "introspections",
            Self::IntrospectionFields => "introspectionFields",
            Self::IntrospectionDepth => "introspectionDepth",
            Self::IntrospectionLists => "introspectionLists",
            Self::IntrospectionComplexity => "introspectionComplexity",
            Self::Changes => "changes",
            Self::FollowingBytes => "followingBytes",
            Self::AnswerBytes => "answerBytes",
        }
    }

    fn value(self, limits: &Limits) -> u32 {
        match self {
            Self::BodyBytes => limits.body_bytes,
            Self::DocumentBytes => limits.document_bytes,
            Self::Nesting => limits.nesting,
            Self::Tokens => limits.tokens,
            Self::ValueDepth => limits.value_depth,
            Self::Values => limits.values,
            Self::Operations => limits.operations,
            Self::Fragments => limits.fragments,
            Self::Depth => limits.depth,
            Self::Fields => limits.fields,
            Self::Aliases => limits.aliases,
            Self::Directives => limits.directives,
            Self::Arguments => limits.arguments,
            Self::RootFields => limits.root_fields,
            Self::Repeats => limits.repeats,
            Self::Complexity => limits.complexity,
            Self::Objects => limits.objects,
            Self::Introspections => limits.introspections,
            Self::IntrospectionFields => limits.introspection_fields,
            Self::IntrospectionDepth => limits.introspection_depth,
            Self::IntrospectionLists => limits.introspection_lists,
            Self::IntrospectionComplexity => limits.introspection_complexity,
            Self::Changes => limits.changes,
            Self::FollowingBytes => limits.following_bytes,
            Self::AnswerBytes => limits.answer_bytes,
        }
    }

    /// What is counted, and what to do where it is too much.
    fn words(self) -> [&'static str; 4] {
        match self {
            Self::BodyBytes => ["请求体的字节数", "请分几次提交", "bytes of the body", "Send it in several requests"],
            Self::DocumentBytes => [
                "查询文本的字节数",
                "请拆分查询，或把数据放在 variables 中",
                "bytes of a document",
                "Split the query, or move data to `variables`",
            ],
            Self::Nesting => ["嵌套层数", "请拆分查询", "levels of brackets or selections", "Split the query"],
            Self::Tokens => ["词法单元", "请拆分查询，或把数据放在 variables 中", "tokens", "Split the query, or move data to `variables`"],
            Self::ValueDepth => ["variables 的嵌套层数", "请减少嵌套", "levels of `variables`", "Nest them less"],
            Self::Values => ["参数值", "请减少数据，或少用几次同一变量", "values of arguments", "Send less, or use a variable less often"],
            Self::Operations => ["操作", "请拆分文本", "operations", "Split the document"],
            Self::Fragments => ["片段", "请减少片段", "fragments", "Use fewer"],
            Self::Depth => ["字段嵌套层数", "请拆分查询", "levels of fields", "Split the query"],
            Self::Fields => ["字段（片段展开后）", "请拆分查询", "fields once fragments are spread", "Split the query"],
            Self::Aliases => ["别名（片段展开后）", "请拆分查询", "aliases once fragments are spread", "Split the query"],
            Self::Directives => ["指令（片段展开后）", "请减少指令", "directives once fragments are spread", "Use fewer"],
            Self::Arguments => {
                ["一个字段或指令的参数", "请只写所需的参数", "arguments of one field or directive", "Give only those it has"]
            }
            Self::RootFields => ["根字段", "请分几次查询", "root fields", "Ask in several requests"],
            Self::Repeats => ["重复的字段", "请去掉重复", "repeated fields", "Select each field once"],
            Self::Complexity => {
                ["估计的结果大小", "请减小每页条数，或分几次查询", "as the estimated size", "Ask for smaller pages, or several times"]
            }
            Self::Objects => [
                "结果中的对象（列表套列表会成倍增加）",
                "请减小每页条数，或分几次查询",
                "objects of an answer (lists within lists multiply)",
                "Ask for smaller pages, or several times",
            ],
            Self::Introspections => ["内省", "请合并内省", "introspections", "Make them one"],
            Self::IntrospectionFields => ["内省字段", "请拆分内省", "fields of introspection", "Split the introspection"],
            Self::IntrospectionDepth => ["内省的嵌套层数", "请拆分内省", "levels of introspection", "Split the introspection"],
            Self::IntrospectionLists => {
                ["内省中列表的嵌套层数", "请拆分内省", "levels of lists in an introspection", "Split the introspection"]
            }
            Self::IntrospectionComplexity => {
                ["估计的内省结果大小", "请拆分内省", "as the estimated size of the introspection", "Split the introspection"]
            }
            Self::FollowingBytes => {
                ["订阅的查询文本和变量的字节数", "请只订阅所需的字段", "bytes of a subscription and its variables", "Ask for fewer fields"]
            }
            Self::AnswerBytes => {
                ["结果的字节数", "请减小每页条数，或少要一些字段", "bytes of an answer", "Ask for smaller pages, or for fewer fields"]
            }
            Self::Changes => ["修改", "请分几次提交", "changes", "Submit them in several requests"],
        }
    }

    /// Compares what was counted with the limit.
    ///
    /// # Errors
    /// It is more.
    pub fn hold(self, limits: &Limits, counted: impl TryInto<u64>) -> Result<(), Excess> {
        let value = self.value(limits);
        let counted = counted.try_into().unwrap_or(u64::MAX);
        if counted > u64::from(value) { Err(Excess { limit: self, value, counted }) } else { Ok(()) }
    }
}

impl Excess {
    fn message(&self) -> Text {
        let [chinese, advice, english, english_advice] = self.limit.words();
        let Self { value, counted, .. } = self;
        Text::new(
            format!("超出限制：{chinese}至多 {value}，收到 {counted}。{advice}。"),
            format!("Too much: at most {value} {english}, these are {counted}. {english_advice}."),
        )
    }

    /// As the error of a field.
    pub(crate) fn error(&self, language: Language) -> Error {
        Error::new(self.message().in_language(language)).extend_with(|_, extensions| {
            extensions.set("code", Code::QueryTooComplex.word());
            extensions.set("limit", self.limit.name());
            extensions.set("value", self.value);
            extensions.set("counted", self.counted);
        })
    }

    /// As the answer to a request.
    #[must_use]
    pub fn refusal(&self, language: Language) -> Response {
        let Error { message, extensions, .. } = self.error(language);
        let mut error = ServerError::new(message, None);
        error.extensions = extensions;
        Response::from_errors(vec![error])
    }
}

/// The refusal of a body with too many bytes.
pub(crate) fn too_large(limits: &Limits, bytes: Option<u64>, language: Language) -> Response {
    let value = limits.body_bytes;
    // It is not read to its end only to be counted.
    let counted = bytes.unwrap_or_else(|| u64::from(value).saturating_add(1));
    Excess { limit: Measure::BodyBytes, value, counted }.refusal(language)
}

/// The refusal of a request whose body does not come.
pub(crate) fn too_slow(limits: &Limits, language: Language) -> Response {
    let seconds = limits.body_seconds;
    let message = Text::new(
        format!("请求体在 {seconds} 秒内没有收完：请检查网络后重新发送。"),
        format!("The body did not come within {seconds} seconds: look at the network, and send it again."),
    );
    named("bodySeconds", seconds, refusal(Code::Timeout, language, &message))
}

/// The refusal of a request whose JSON holds too many values.
pub(crate) fn too_many_values(limits: &Limits, counted: u64, language: Language) -> Response {
    Excess { limit: Measure::Values, value: limits.values, counted }.refusal(language)
}

/// The refusal of an operation that has run too long.
pub(crate) fn out_of_time(limits: &Limits, language: Language) -> Response {
    let seconds = limits.query_seconds;
    let message = Text::new(
        format!("查询超过 {seconds} 秒，已停止。请缩小查询范围，或减少每页条数。"),
        format!("The query ran longer than {seconds} seconds and was stopped. Ask for less, or for smaller pages."),
    );
    named("querySeconds", seconds, refusal(Code::Timeout, language, &message))
}

/// The answer to a change that is not waited for any longer. It is not stopped, so that what becomes of it is recorded.
pub(crate) fn still_changing(limits: &Limits, language: Language) -> Response {
    let seconds = limits.change_seconds;
    let message = Text::new(
        format!("修改超过 {seconds} 秒仍未完成，可能稍后生效：请先查询现状，再决定是否重新提交。"),
        format!(
            "The change has not finished after {seconds} seconds and may still take effect: look at how things stand before you submit it again."
        ),
    );
    named("changeSeconds", seconds, refusal(Code::Timeout, language, &message))
}

/// The same with the name and the value of a limit of which nothing is counted but that it is reached.
fn named(limit: &str, value: u32, mut response: Response) -> Response {
    for error in &mut response.errors {
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("limit", limit);
        extensions.set("value", value);
    }
    response
}

/// The same with how long to wait for others to end.
fn soon(mut response: Response) -> Response {
    for error in &mut response.errors {
        error.extensions.get_or_insert_default().set("retryAfter", seconds(SOON));
    }
    response
}

/// The refusal of an operation on a connection on which too many run.
pub(crate) fn too_many_on_socket(limits: &Limits, language: Language) -> Response {
    let most = limits.socket_operations;
    let message = Text::new(
        format!("一个连接至多同时进行 {most} 个操作：请先结束一些，或另开连接。"),
        format!("At most {most} operations run on one connection: end some first, or open another."),
    );
    named("socketOperations", most, refusal(Code::RateLimited, language, &message))
}

/// The refusal of a WebSocket where there are too many.
pub(crate) fn too_many_sockets(limits: &Limits, language: Language) -> Response {
    let message = Text::new("打开的 WebSocket 过多，请稍后重试。", "Too many WebSockets are open at the moment; try again later.");
    soon(named("sockets", limits.sockets, refusal(Code::RateLimited, language, &message)))
}

/// The refusal of a subscription where there are too many.
pub(crate) fn too_many_following(limits: &Limits, language: Language) -> Response {
    let message = Text::new("订阅过多，请稍后重试。", "Too many subscriptions at the moment; try again later.");
    soon(named("following", limits.following, refusal(Code::RateLimited, language, &message)))
}

/// The refusal of a change where too many run.
pub(crate) fn too_many_changing(limits: &Limits, language: Language) -> Response {
    let message = Text::new("正在处理的修改过多，请稍后重试。", "Too many changes are being made at the moment; try again shortly.");
    soon(named("changing", limits.changing, refusal(Code::RateLimited, language, &message)))
}
