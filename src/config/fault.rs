//! A fault in a setting, and the remedy.

use std::path::PathBuf;

use super::Source;
use crate::domain::language::Text;

/// Why a configuration is refused. No value of a setting is repeated where it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigFault {
    /// The file cannot be read.
    Unreadable {
        /// The file.
        file: PathBuf,
        /// The message of the system.
        reason: String,
    },
    /// The file does not have the form of a configuration.
    Malformed {
        /// The file.
        file: PathBuf,
        /// The place in it, and the message of the reader.
        reason: String,
    },
    /// There is no such setting.
    Unknown {
        /// The key or the variable, as it was written.
        name: String,
        /// Where it was set.
        source: Source,
        /// The names that the writer may have meant.
        near: Vec<String>,
    },
    /// A variable is no text.
    NotText {
        /// The variable.
        variable: String,
    },
    /// The value cannot be.
    Value {
        /// The key.
        key: String,
        /// Where it was set.
        source: Source,
        /// Why not.
        reason: Text,
    },
}

impl ConfigFault {
    /// In words.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Unreadable { file, reason } => Text::new(
                format!("无法读取配置文件 {}（{reason}）：请检查 --config 或 MINSHENG_CONFIG。", file.display()),
                format!("Cannot read the configuration {} ({reason}): check --config or MINSHENG_CONFIG.", file.display()),
            ),
            Self::Malformed { file, reason } => Text::new(
                format!(
                    "配置文件 {} 无法理解：{reason}。请写作“键: 值”，下一级缩进两格；minsheng config 可打印完整的样子。",
                    file.display()
                ),
                format!(
                    "The configuration {} cannot be understood: {reason}. Write `key: value`, indented by two for what is below; `minsheng config` prints what one looks like.",
                    file.display()
                ),
            ),
            Self::Unknown { name, source, near } => {
                let place = source.text().into_wordings();
                let [chinese, english] = place;
                let (chinese_near, english_near) = if near.is_empty() {
                    (String::new(), String::new())
                } else {
                    (format!("是否指 {}？", near.join("、")), format!(" Did you mean {}?", near.join(" or ")))
                };
                Text::new(
                    format!("没有 {name} 这项设置（{chinese}）。{chinese_near}minsheng config 可列出全部设置；请更正或删去。"),
                    format!(
                        "There is no setting {name} ({english}).{english_near} `minsheng config` lists them all; correct it, or take it away."
                    ),
                )
            }
            Self::NotText { variable } => Text::new(
                format!("环境变量 {variable} 不是 UTF-8 文字：请更正。"),
                format!("The variable {variable} is no text in UTF-8: correct it."),
            ),
            Self::Value { key, source, reason } => {
                let ([chinese, english], [chinese_reason, english_reason]) =
                    (source.text().into_wordings(), reason.clone().into_wordings());
                Text::new(
                    format!("设置 {key} 的值无效（{chinese}）：{chinese_reason}。请更正或删去。"),
                    format!("The value of {key} cannot be used ({english}): {english_reason}. Correct it, or take it away."),
                )
            }
        }
    }
}
