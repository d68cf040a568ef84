//! How much one request, and one client, may ask for. All of it is configured, and every refusal names the limit, its value and what
//! was counted.

mod large;
mod refusal;

use std::{fmt, time::Duration};

use async_graphql::SimpleObject;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeSeed, Error as _, MapAccess, Visitor},
};

pub(crate) use large::Large;
pub(crate) use refusal::{
    Excess, Measure, out_of_time, still_changing, too_large, too_many_changing, too_many_following, too_many_on_socket, too_many_sockets,
    too_many_values, too_slow,
};

/// Declares the limits, each once: its texts, its default, and what it may be set to.
macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $name:ident = $default:literal, $least:literal to $most:literal;)+) => {
        /// 限制：一次请求、一个客户端至多可以要求多少。超出的请求被拒绝，错误的 extensions 中有限制的名称（limit）、数值（value）和所计的数目（counted）。
        ///
        /// Limits: how much one request and one client may ask for. Whatever asks for more is refused, and the error's extensions name the limit, its value and what was counted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, SimpleObject)]
        pub struct Limits {
            /// 是否允许内省（__schema、__type）。
            ///
            /// Whether the schema may be asked for, by __schema and __type.
            pub introspection: bool,
            $($(#[doc = $doc])+ pub $name: u32,)+
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { introspection: true, $($name: $default,)+ }
            }
        }

        /// What is left out is the default. What it must not be, or what there is not, is refused where it stands.
        impl<'de> Deserialize<'de> for Limits {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Fields;

                impl<'de> Visitor<'de> for Fields {
                    type Value = Limits;

                    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                        formatter.write_str("limits")
                    }

                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Limits, A::Error> {
                        let mut limits = Limits::default();
                        while let Some(name) = map.next_key::<String>()? {
                            match name.as_str() {
                                "introspection" => limits.introspection = map.next_value()?,
                                $(stringify!($name) => limits.$name = map.next_value_seed(Within { least: $least, most: $most })?,)+
                                unknown => return Err(A::Error::unknown_field(unknown, &["introspection", $(stringify!($name)),+])),
                            }
                        }
                        Ok(limits)
                    }
                }

                deserializer.deserialize_map(Fields)
            }
        }
    };
}

limits! {
    /// POST 请求体和 WebSocket 消息的字节数。
    ///
    /// Bytes of the body of a POST, and of a message on a WebSocket.
    body_bytes = 1_048_576, 16_384 to 16_777_216;
    /// 收到请求体的秒数，从请求头收完算起。
    ///
    /// Seconds in which the body of a POST comes, from when its head has.
    body_seconds = 30, 1 to 600;
    /// 一次结果的字节数（JSON）。
    ///
    /// Bytes of an answer, as JSON.
    answer_bytes = 8_388_608, 65_536 to 67_108_864;
    /// 客户端不再接收应答，几秒后断开；每收到一部分重新计时。
    ///
    /// Seconds after which the connection of a client that takes nothing of its answer is closed; each part that it takes begins them anew.
    answer_seconds = 30, 1 to 600;
    /// 一个客户端正在发送的请求体和尚未收完的结果的字节数；只有一个时不限。
    ///
    /// Bytes of bodies that come from one client, and of answers that it has not taken yet; one alone may have more.
    client_bytes = 16_777_216, 1_048_576 to 1_073_741_824;
    /// 一个进程为所有客户端保留的此类字节数。
    ///
    /// Such bytes of all clients of one process.
    held_bytes = 100_663_296, 16_777_216 to 2_000_000_000;
    /// 查询文本的字节数；数据放在 variables 中，不计入。
    ///
    /// Bytes of a document; data in `variables` are not counted.
    document_bytes = 262_144, 16_384 to 1_048_576;
    /// 查询文本中括号的嵌套层数，以及片段展开后选择集的嵌套层数。
    ///
    /// How deep brackets nest in a document, and selection sets once fragments are spread.
    nesting = 64, 24 to 128;
    /// 查询文本的词法单元数：词、数、字符串、符号。
    ///
    /// Tokens of a document: words, numbers, strings, signs.
    tokens = 15_000, 500 to 100_000;
    /// variables 中 JSON 的嵌套层数。
    ///
    /// How deep the JSON of variables nests.
    value_depth = 32, 4 to 100;
    /// 参数值的总量：每次使用变量都计其全部内容，每 64 字节文本另计一个；请求的 JSON 中的值也不得超过此数。
    ///
    /// Values of arguments in all; a variable counts with all that it holds wherever it is used, and every 64 bytes of text count as one more. The JSON of a request holds no more values either.
    values = 100_000, 1_000 to 2_000_000;
    /// 一份文本中的操作数。
    ///
    /// Operations of a document.
    operations = 20, 1 to 100;
    /// 一份文本中的片段数。
    ///
    /// Fragments of a document.
    fragments = 100, 10 to 500;
    /// 字段的嵌套层数，片段在展开处计；内省另计。
    ///
    /// How deep fields nest, fragments counted where they are spread; introspection has its own limit.
    depth = 32, 10 to 48;
    /// 片段展开后的字段数；内省另计。
    ///
    /// Fields once fragments are spread; introspection has its own limit.
    fields = 5_000, 100 to 20_000;
    /// 片段展开后的别名数。
    ///
    /// Aliases once fragments are spread.
    aliases = 500, 10 to 5_000;
    /// 片段展开后的指令数。
    ///
    /// Directives once fragments are spread.
    directives = 200, 10 to 2_000;
    /// 一个字段或指令的参数数。
    ///
    /// Arguments of one field or directive.
    arguments = 50, 20 to 200;
    /// 一个操作的根字段数。
    ///
    /// Root fields of an operation.
    root_fields = 30, 10 to 1_000;
    /// 同一处重复选择的字段数。
    ///
    /// Fields that are selected again at the place where they are selected already.
    repeats = 500, 10 to 5_000;
    /// 估计的结果大小：字段数乘以所在列表的长度，分页列表按 first 或 last 计。
    ///
    /// The estimated size of the answer: fields times the lengths of the lists that they are in, pages counting with `first` or `last`.
    complexity = 2_000_000, 10_000 to 10_000_000;
    /// 一次结果中的对象数，一页按其全长计。
    ///
    /// Objects of an answer, a page counting with its full size.
    objects = 50_000, 1_000 to 1_000_000;
    /// 每页条数。
    ///
    /// Rows of a page.
    page_size = 100, 20 to 1_000;
    /// 一次返回的错误数；其余的只计数。
    ///
    /// Errors of an answer; the others are only counted.
    errors = 100, 1 to 1_000;
    /// 内省的次数。
    ///
    /// How often a document asks for the schema.
    introspections = 5, 1 to 50;
    /// 内省的字段数，片段展开后计。
    ///
    /// Fields of introspection once fragments are spread.
    introspection_fields = 500, 250 to 5_000;
    /// 内省中字段的嵌套层数。
    ///
    /// How deep fields of introspection nest.
    introspection_depth = 24, 16 to 48;
    /// 内省结果的估计大小。
    ///
    /// The estimated size of what introspection answers.
    introspection_complexity = 1_000_000, 200_000 to 100_000_000;
    /// 内省中列表套列表的层数。
    ///
    /// How deep lists of introspection nest.
    introspection_lists = 3, 3 to 5;
    /// 一次请求中的修改数。
    ///
    /// Changes of a request.
    changes = 20, 1 to 100;
    /// 一次查询的秒数。
    ///
    /// Seconds of a query.
    query_seconds = 10, 1 to 300;
    /// 等待一次修改完成的秒数；修改不因此中止。
    ///
    /// Seconds for which a change is waited for; it is not stopped.
    change_seconds = 30, 1 to 300;
    /// 一个进程同时进行的修改请求数。
    ///
    /// Requests with changes that run at once in one process.
    changing = 200, 1 to 10_000;
    /// 一个进程同时服务的订阅数。
    ///
    /// Subscriptions that one process serves at once.
    following = 10_000, 1 to 1_000_000;
    /// 一个订阅的查询文本及其变量（JSON）的字节数，订阅期间一直保留。
    ///
    /// Bytes of a subscription: of its document and its variables as JSON, which are kept for as long as it runs.
    following_bytes = 16_384, 1_024 to 1_048_576;
    /// 一次订阅凭 after 至多补发的事件数；还有更多时，订阅发完这些即结束，再以收到的最后一个事件为 after 订阅。
    ///
    /// Missed events that a subscription tells because of `after`; where there are more, it ends after these, and one subscribes again with `after` the last that was received.
    replay_events = 500, 10 to 100_000;
    /// 一个 WebSocket 上同时进行的操作数。
    ///
    /// Operations that run at once on a WebSocket.
    socket_operations = 50, 1 to 1_000;
    /// WebSocket 打开后须在几秒内发出 `connection_init`。
    ///
    /// Seconds from when a WebSocket is open within which `connection_init` comes.
    socket_begin_seconds = 3, 1 to 60;
    /// 每隔几秒向 WebSocket 客户端发一次 ping；下一次之前没有任何消息的即断开。
    ///
    /// Every so many seconds a WebSocket's client is pinged; one that says nothing until the next is left.
    socket_ping_seconds = 12, 1 to 300;
    /// 一个客户端（IPv4 地址、IPv6 的 /64 网段或一个账号）同时进行的操作数，订阅除外；0 为不限。
    ///
    /// Operations that one client (an IPv4 address, a /64 of IPv6, or an account) runs at once, subscriptions apart; 0 for any number.
    concurrent = 20, 0 to 100_000;
    /// 一个客户端同时进行的订阅数；0 为不限。
    ///
    /// Subscriptions that one client runs at once; 0 for any number.
    client_following = 1_000, 0 to 1_000_000;
    /// 一个进程同时的连接数；不超过进程可用文件描述符的四分之三。
    ///
    /// Connections of one process at once; no more than three of four of the descriptors that the system allows it.
    connections = 4_096, 16 to 1_000_000;
    /// 一个地址（IPv6 为 /64 网段）同时的连接数；0 为不限。本机和可信代理不限。
    ///
    /// Connections of one address (of a /64 for IPv6) at once; 0 for any number. This machine itself and trusted proxies are not limited.
    address_connections = 256, 0 to 1_000_000;
    /// 一个进程同时打开的 WebSocket 数，空闲的也计。
    ///
    /// Sockets (WebSocket) that are open in one process at once, idle ones too.
    sockets = 2_000, 1 to 1_000_000;
    /// 一个地址（IPv6 为 /64 网段）同时打开的 WebSocket 数，空闲的也计；0 为不限。
    ///
    /// Sockets (WebSocket) of one address (of a /64 for IPv6) that are open at once, idle ones too; 0 for any number.
    client_sockets = 100, 0 to 1_000_000;
    /// 一个地址（IPv6 为 /64 网段）每分钟的点数：每次请求一点，结果的估计大小与所做的工作（查询、统计、文字搜索、判定）每满一千另计一点，修改另计，订阅的每个事件按一次请求计；0 为不限。本机地址不限。
    ///
    /// Points a minute of one address (of a /64 for IPv6): one a request, and one more for each thousand of its estimated size and of the work that it takes (statements, counts, text searches, judged tasks); changes cost more, and each event of a subscription costs as much as its request; 0 for any number. This machine itself is not limited.
    address_points = 6_000, 0 to 10_000_000;
    /// 一个账号每分钟的点数；0 为不限。
    ///
    /// Points a minute of one account; 0 for any number.
    account_points = 3_000, 0 to 10_000_000;
}

impl Limits {
    /// How long a query may run.
    pub(crate) fn query_time(&self) -> Duration {
        Duration::from_secs(self.query_seconds.into())
    }

    /// How long a change is waited for. At a deadline changes wait for each other, and whoever submits would rather wait than not know
    /// what became of it.
    pub(crate) fn change_time(&self) -> Duration {
        Duration::from_secs(self.change_seconds.into())
    }
}

/// What a limit may be set to. Beyond that the service itself would be at risk, or of no use.
struct Within {
    least: u32,
    most: u32,
}

impl<'de> DeserializeSeed<'de> for Within {
    type Value = u32;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u32, D::Error> {
        let Self { least, most } = self;
        let value = u64::deserialize(deserializer)?;
        u32::try_from(value).ok().filter(|value| (least..=most).contains(value)).ok_or_else(|| {
            D::Error::custom(format_args!("须在 {least} 至 {most} 之间，不能是 {value} · it must be {least} to {most}, not {value}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Limits, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn the_defaults_may_be_set() {
        let defaults = Limits::default();
        assert_eq!(read(&serde_json::to_string(&defaults).expect("JSON")), Ok(defaults));
    }

    #[test]
    fn what_is_left_out_is_the_default_and_what_cannot_be_is_refused() {
        assert_eq!(read(r#"{ "tokens": 1000 }"#), Ok(Limits { tokens: 1_000, ..Limits::default() }));
        assert_eq!(read(r#"{ "address_points": 0 }"#), Ok(Limits { address_points: 0, ..Limits::default() }), "0 is any number");
        let refused = read(r#"{ "nesting": 129 }"#).expect_err("too deep for the stack");
        assert!(refused.contains("it must be 24 to 128, not 129"), "{refused}");
        for text in
            [r#"{ "tokens": 0 }"#, r#"{ "tokens": -1 }"#, r#"{ "tokens": "many" }"#, r#"{ "token": 1000 }"#, r#"{ "tokens": 99999999999 }"#]
        {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
