//! 账号: who may sign in, with one role in one jurisdiction.

use std::fmt;

use chrono::{DateTime, Utc};
use entity::{AccountId, JurisdictionId, Role, UnitId};
use unicode_normalization::UnicodeNormalization as _;
use unicode_security::{RestrictionLevel, RestrictionLevelDetection as _, skeleton};

use crate::domain::language::Text;

/// A person or program that may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The name to sign in with.
    pub username: Username,
    /// Its one role.
    pub role: Role,
    /// Its jurisdiction.
    pub jurisdiction_id: JurisdictionId,
    /// Its unit, of a unit account and of no other.
    pub unit_id: Option<UnitId>,
    /// Whether it can sign in with a password.
    pub has_password: bool,
    /// Whether another person set its password, which must then be changed first.
    pub password_temporary: bool,
    /// The subject at the configured issuer of identities.
    pub external_subject: Option<String>,
    /// Whether it was made in demo mode; outside of the demo it does not exist.
    pub demonstration: bool,
    /// Since when and why it is locked.
    pub lock: Option<Lock>,
    /// Rises by one with every change.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
    /// The name of the account that changed it last; `None` for the commands of this program.
    pub changed_by: Option<String>,
}

/// 锁定: nobody signs in with the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// Since when.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// The name of an account. Names that differ only in case or Unicode form are one name.
#[derive(Clone, PartialEq, Eq)]
pub struct Username {
    text: String,
    key: String,
}

/// Why a text is no name of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsernameFault {
    /// Shorter or longer than a name may be.
    Length,
    /// A character that a name may not have.
    Character,
    /// Letters of scripts that are not written together.
    MixedScripts,
}

impl Username {
    const SHORTEST: usize = 2;
    const LONGEST: usize = 64;

    /// The name that a text is: letters of any script and digits, with `.`, `_`, `-` and `@` between them.
    ///
    /// # Errors
    /// Its length, or a character that it may not have.
    pub fn new(text: &str) -> Result<Self, UsernameFault> {
        // Normalising costs time by length and may lengthen a text. So the bound is checked first, on the given text and on the result.
        if text.len() > Self::LONGEST.saturating_mul(4) {
            return Err(UsernameFault::Length);
        }
        let text: String = text.trim().nfkc().collect();
        if !(Self::SHORTEST..=Self::LONGEST).contains(&text.chars().count()) {
            return Err(UsernameFault::Length);
        }
        let allowed = |character: char| (character.is_alphanumeric() && !is_blank(character)) || matches!(character, '.' | '_' | '-' | '@');
        // A name that began with a hyphen could not be written in a command.
        if !text.chars().all(allowed) || !text.starts_with(char::is_alphanumeric) {
            return Err(UsernameFault::Character);
        }
        let key = Self::key_of(&text);
        Ok(Self { text, key })
    }

    /// The name, if it may be given to an account: its letters are of one script, or Latin and Chinese (UTS 39, highly restrictive).
    /// A Cyrillic `а` among Latin letters would pass for another name. Names of former releases are not asked, so that their owners
    /// still sign in.
    ///
    /// # Errors
    /// It mixes scripts, or has letters that names do not have.
    pub fn unmixed(self) -> Result<Self, UsernameFault> {
        let letters: String = self.text.chars().filter(|character| character.is_alphanumeric()).collect();
        let unmixed = letters.as_str().check_restriction_level(RestrictionLevel::HighlyRestrictive);
        if unmixed { Ok(self) } else { Err(UsernameFault::MixedScripts) }
    }

    /// How the name looks, as it was given and in lower case: a capital I looks like an l, and a small i does not. People take one name
    /// for another, such as `office1` for `officel`, where the two have a look in common.
    #[must_use]
    pub fn looks(&self) -> [String; 2] {
        [look_of(&self.text), look_of(&self.key)]
    }

    /// A name as it was stored.
    #[must_use]
    pub fn stored(text: String, key: String) -> Self {
        Self { text, key }
    }

    /// The name as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The part that all forms of the name share.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The key by which parts of a name are compared, in any form.
    #[must_use]
    pub fn fold(part: &str) -> String {
        Self::key_of(part)
    }

    /// Lower case may leave a text that is not in its composed form, and upper case first unites letters such as `ß` and `SS`.
    fn key_of(text: &str) -> String {
        text.nfkc().collect::<String>().to_uppercase().to_lowercase().nfkc().collect()
    }
}

/// The key that is equal for texts that look alike. The table names look-alikes in either case, so the case is folded between two passes.
/// A zero looks like a capital O, and names do not differ by case.
fn look_of(text: &str) -> String {
    let once: String = skeleton(text).collect();
    skeleton(&once.to_lowercase()).collect()
}

/// Letters that are drawn as nothing, with which two names would look like one.
fn is_blank(character: char) -> bool {
    matches!(character, '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}')
}

impl fmt::Display for Username {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl fmt::Debug for Username {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, formatter)
    }
}

impl UsernameFault {
    /// The word that programs match on.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Length => "USERNAME_LENGTH",
            Self::Character => "USERNAME_CHARACTER",
            Self::MixedScripts => "USERNAME_MIXED_SCRIPTS",
        }
    }

    /// The sentence that people read.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Length => {
                Text::new("账号名须为 2 至 64 个字，请改用合适的长度。", "A username has 2 to 64 characters; choose one of that length.")
            }
            Self::Character => Text::new(
                "账号名须以文字或数字开头，只能用文字、数字和 . _ - @，请去掉其他字符。",
                "A username begins with a letter or digit and has letters, digits and . _ - @ only; leave out the others.",
            ),
            Self::MixedScripts => Text::new(
                "账号名不能混用不同文字的字母（汉字可与英文字母同用），请只用一种。",
                "A username does not mix letters of several scripts, but for Chinese with Latin ones; use one script.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_in_case_or_form_are_one() {
        for (one, other) in
            [("Admin", "ADMIN"), ("ｏｆｆｉｃｅ", "office"), ("e\u{301}va", "\u{c9}VA"), ("straße", "STRASSE"), (" 区督查室 ", "区督查室")]
        {
            assert_eq!(Username::new(one).expect("a name").key(), Username::new(other).expect("a name").key(), "{one}");
        }
        assert_ne!(Username::new("office1").expect("a name").key(), Username::new("office2").expect("a name").key());
    }

    #[test]
    fn scripts_are_not_mixed() {
        let unmixed = |text: &str| Username::new(text).expect("a name").unmixed().map(|name| name.as_str().to_owned());
        for good in ["yanzhou-office", "兖州区卫健局", "兖州weijian-2", "䶮昊", "straße", "иванов", "wang.li@jining", "カメラ太郎"]
        {
            assert_eq!(unmixed(good), Ok(good.to_owned()));
        }
        // Cyrillic а and о, Greek ο, Armenian օ, Cherokee Ꭺ.
        for mixed in ["\u{430}dmin", "\u{43e}ffice", "\u{3bf}ffice", "\u{585}ffice", "\u{13aa}dmin", "兖州\u{430}"] {
            assert_eq!(unmixed(mixed), Err(UsernameFault::MixedScripts), "{mixed}");
        }
    }

    #[test]
    fn names_that_look_alike_are_told() {
        let looks = |text: &str| Username::new(text).expect("a name").looks();
        let look_alike = |one: &str, other: &str| looks(one).iter().any(|look| looks(other).contains(look));
        for (one, other) in [
            ("office1", "officel"),
            ("0FFICE1", "officel"),
            ("officeI", "office1"),
            ("office0", "officeo"),
            ("admin", "adrnin"),
            ("coco", "\u{441}\u{43e}\u{441}\u{43e}"),
        ] {
            assert!(look_alike(one, other) && look_alike(other, one), "{one} {other}");
        }
        for (one, other) in [("office1", "office2"), ("yanzhou", "yangzhou"), ("区督查室", "市督查室"), ("a-b", "a.b")] {
            assert!(!look_alike(one, other), "{one} {other}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for (text, fault) in [
            ("", UsernameFault::Length),
            ("a", UsernameFault::Length),
            ("two words", UsernameFault::Character),
            ("nul\0", UsernameFault::Character),
            ("zero\u{200b}width", UsernameFault::Character),
            ("right\u{202e}left", UsernameFault::Character),
            ("boss\u{3164}", UsernameFault::Character),
            ("--help", UsernameFault::Character),
            ("..", UsernameFault::Character),
        ] {
            assert_eq!(Username::new(text).expect_err(text), fault, "{text:?}");
        }
        assert_eq!(Username::new(&"x".repeat(1_000_000)), Err(UsernameFault::Length));
        // One character that becomes eighteen.
        assert_eq!(Username::new(&"\u{fdfa}".repeat(64)), Err(UsernameFault::Length));
    }
}
