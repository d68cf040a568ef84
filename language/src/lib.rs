//! The two languages of the service, and texts that exist in both.

use std::fmt;

/// A language in which the service speaks to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Language {
    /// 中文, the users' first language.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Language {
    /// The language that an `Accept-Language` header asks for (RFC 9110, section 12.5.4). It is the supported language with the highest
    /// weight, and the first one of equal weights. Without a supported language it is Chinese.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        let mut best: Option<(Self, f32)> = None;
        for range in header.split(',') {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            let primary = tag.split('-').next().unwrap_or_default();
            let language = match primary {
                "zh" | "*" => Self::Chinese,
                "en" => Self::English,
                _ => continue,
            };
            let weight = parts.find_map(|parameter| {
                let (name, value) = parameter.split_once('=')?;
                name.trim().eq_ignore_ascii_case("q").then(|| value.trim().parse().unwrap_or(0.0))
            });
            let weight = weight.unwrap_or(1.0);
            if weight > 0.0 && best.is_none_or(|(_, highest)| weight > highest) {
                best = Some((language, weight));
            }
        }
        best.map_or_else(Self::default, |(language, _)| language)
    }

    /// The language tag (BCP 47) for `Content-Language`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }
}

/// A text for people, in both languages: one cannot be written without the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    chinese: String,
    english: String,
}

impl Text {
    /// A text from its two wordings.
    pub fn new(chinese: impl Into<String>, english: impl Into<String>) -> Self {
        Self { chinese: chinese.into(), english: english.into() }
    }

    /// The wording in one language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.chinese,
            Language::English => &self.english,
        }
    }

    /// Several texts as one paragraph: Chinese sentences follow each other at once, English ones after a space.
    #[must_use]
    pub fn paragraph(sentences: &[Self]) -> Self {
        let chinese = sentences.iter().map(|text| text.chinese.as_str()).collect::<String>();
        let english = sentences.iter().map(|text| text.english.as_str()).collect::<Vec<_>>().join(" ");
        Self { chinese, english }
    }

    /// Both wordings, Chinese first.
    #[must_use]
    pub fn into_wordings(self) -> [String; 2] {
        [self.chinese, self.english]
    }
}

/// Both wordings, for the terminal, which knows no `Accept-Language`.
impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} · {}", self.chinese, self.english)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_supported_language_wins() {
        for (header, language) in [
            ("", Language::Chinese),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
            ("en-GB,en;q=0.9,zh;q=0.8", Language::English),
            ("fr, en;q=0.3, zh-Hans;q=0.7", Language::Chinese),
            ("en;q=0", Language::Chinese),
            ("en;Q=0.1, zh;q=0.2", Language::Chinese),
            ("fr", Language::Chinese),
            ("de;q=1, EN;q=0.1", Language::English),
            (";;;,q=,en;q=x", Language::Chinese),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }
}
