//! The reasons why others could find a password out, and the texts for people.

use std::{collections::BTreeSet, iter, sync::LazyLock};

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;
use zxcvbn::{matching::patterns::MatchPattern, zxcvbn};

use super::{Names, Password};
use crate::domain::language::Text;

/// The fewest characters of a password.
pub const SHORTEST: usize = 10;

/// The most characters of a password.
pub const LONGEST: usize = 128;

/// A shorter account name is in too many passwords by chance.
const SHORTEST_NAME: usize = 3;

/// The guesses that a password must withstand. The estimator calls 10⁸ safe if attempts are limited. A capital, a word of the place, a
/// sign and the year just reach that. Ten random characters count as 10¹⁰.
const GUESSES: u64 = 1_000_000_000;

/// How many characters the estimator is given. Its work grows faster than the square of the length. Its search for repeats is an
/// expression that backtracks, and would panic at a limit. The rest of a password can only make it harder to guess.
const ESTIMATED: usize = 32;

/// Signs that the estimator reads as letters (`@` as a). It tries every combination of those that are there: a hundred characters
/// made of all of them take it longer than a second.
const DISGUISES: &str = "@({[<!|$+%";

/// How many kinds of [`DISGUISES`] the estimator is given; people use one or two.
const MOST_DISGUISES: usize = 2;

/// The words that an attacker tries first in this city, besides the lists of the estimator.
static WORDS: LazyLock<Vec<&str>> =
    LazyLock::new(|| include_str!("words.txt").lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect());

/// The parts from which passwords are put together: these words, with the Chinese ones spelt in pinyin.
fn known() -> &'static Names {
    static KNOWN: LazyLock<Names> = LazyLock::new(|| WORDS.iter().copied().collect());
    &KNOWN
}

/// Invisible characters cannot be typed again: controls, separators of lines, marks of direction, joints without width.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
        || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
}

/// Why a password may not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// It has fewer characters than [`SHORTEST`].
    TooShort,
    /// It has more characters than [`LONGEST`].
    TooLong,
    /// It holds NUL, another control character, or one that cannot be seen.
    Control,
    /// It is on the lists that are tried first, as it is or disguised.
    Common,
    /// It is not on a list, but put together so that few attempts find it.
    Guessable,
    /// It holds the name of its account.
    HoldsName,
}

impl Weakness {
    /// The name of the fault for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort => "PASSWORD_TOO_SHORT",
            Self::TooLong => "PASSWORD_TOO_LONG",
            Self::Control => "PASSWORD_HOLDS_CONTROL_CHARACTER",
            Self::Common => "PASSWORD_COMMON",
            Self::Guessable => "PASSWORD_GUESSABLE",
            Self::HoldsName => "PASSWORD_HOLDS_NAME",
        }
    }

    /// The fault and the remedy.
    #[must_use]
    pub fn message(self) -> Text {
        match self {
            Self::TooShort => Text::new(
                format!("密码太短：请至少用 {SHORTEST} 个字符，比如几个互不相干的词。"),
                format!("The password is too short: use at least {SHORTEST} characters, such as a few words unrelated to each other."),
            ),
            Self::TooLong => Text::new(
                format!("密码太长：请最多用 {LONGEST} 个字符。"),
                format!("The password is too long: use at most {LONGEST} characters."),
            ),
            Self::Control => Text::new(
                "密码里有看不见的字符（如换行、制表符）：请手工输入，不要粘贴。",
                "The password holds a character that cannot be seen, such as a line break or a tab: type it instead of pasting it.",
            ),
            Self::Common => Text::new(
                "这个密码很多人在用，最先被人试出：请换一个自己想出来的。",
                "Many people use this password, and it is tried first: choose one of your own making.",
            ),
            Self::Guessable => Text::new(
                "这个密码容易被猜到：请再加几个互不相干的词或字符，避开名字、地名、日期、号码、连续或重复的字符。",
                "The password is easy to guess: add words or characters unrelated to the rest; avoid names, places, dates, numbers, rows and repeats.",
            ),
            Self::HoldsName => Text::new("密码里有用户名：请去掉。", "The password holds the username: leave it out."),
        }
    }
}

/// All that is wrong with `password` for the account called `username`, where everybody knows `names`; nothing where it may be used.
///
/// It takes a millisecond or less, and ten at the worst, whatever was typed.
#[must_use]
pub fn weaknesses(password: &Password, username: &str, names: &Names) -> Vec<Weakness> {
    if password.overlong {
        return vec![Weakness::TooLong];
    }
    let text = password.reveal();
    let length = text.chars().count();
    let lower = Zeroizing::new(text.to_lowercase());
    // No longer name can be held.
    let name = username.chars().take(LONGEST).nfc().collect::<String>().to_lowercase();
    let holds_name = name.chars().count() >= SHORTEST_NAME && lower.contains(&name);
    let (common, estimated) = estimate(text, &name);
    let guessable = estimated || known().spells(text, names);
    [
        (length < SHORTEST, Weakness::TooShort),
        (length > LONGEST, Weakness::TooLong),
        (text.chars().any(is_invisible), Weakness::Control),
        (common, Weakness::Common),
        // A short password is guessable, and so is one on a list: to say so again helps nobody.
        (guessable && !common && length >= SHORTEST, Weakness::Guessable),
        (holds_name, Weakness::HoldsName),
    ]
    .into_iter()
    .filter_map(|(found, weakness)| found.then_some(weakness))
    .collect()
}

/// Whether a password is on a list, and whether it is easy to guess. The estimator does not wipe its copies.
fn estimate(text: &str, name: &str) -> (bool, bool) {
    let parts = name.split(|character: char| !character.is_alphanumeric()).filter(|part| part.chars().count() >= SHORTEST_NAME);
    let inputs: Vec<&str> = iter::once(name).chain(parts).chain(WORDS.iter().copied()).collect();
    let estimate = zxcvbn(&excerpt(text), &inputs);
    let common = matches!(estimate.sequence(), [only] if matches!(only.pattern, MatchPattern::Dictionary(_)));
    (common, is_number(text) || estimate.guesses() < GUESSES)
}

/// Digits up to the length of an identity number, which may end in X. An attacker who knows the person or the form of the number has it
/// soon, but the estimator takes it for random.
fn is_number(text: &str) -> bool {
    const IDENTITY_NUMBER: usize = 18;
    let digits = text.strip_suffix(['x', 'X']).unwrap_or(text);
    text.len() <= IDENTITY_NUMBER && digits.chars().all(|character| character.is_ascii_digit())
}

/// As much of a password as the estimator can bear: its beginning, with few kinds of disguises.
fn excerpt(text: &str) -> Zeroizing<String> {
    let mut kinds = BTreeSet::new();
    let mut excerpt = Zeroizing::new(String::with_capacity(text.len()));
    excerpt.extend(text.chars().take(ESTIMATED).map(|character| {
        if !DISGUISES.contains(character) || kinds.contains(&character) {
            character
        } else if kinds.len() < MOST_DISGUISES {
            kinds.insert(character);
            character
        } else {
            '#'
        }
    }));
    excerpt
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(password: &str, username: &str) -> Vec<Weakness> {
        weaknesses(&Password::new(password), username, &Names::default())
    }

    #[test]
    fn good_passwords_pass() {
        for good in [
            "kettle umbrella ninety",
            "v8#Kq2!mZe",
            "骑车去湖边看荷花很凉快",
            "chayehewangluodouyaogan",
            "p@$$!(age|of<the>[long]{song}",
            &"q8 Zr#t2LmW9".repeat(8),
        ] {
            assert_eq!(found(good, "zhangsan"), [], "{good}");
        }
    }

    #[test]
    fn what_is_tried_first_is_common() {
        for bad in [
            "1234567890",
            "Password123",
            "1Qaz2wsx3edc",
            "woaini1314520",
            "WoAiZhongGuo",
            "buwangchuxin",
            "weirenminfuwu",
            "tiantianxiangshang",
        ] {
            let weaknesses = found(bad, "lisi");
            assert!(weaknesses.contains(&Weakness::Common), "{bad}: {weaknesses:?}");
            assert!(!weaknesses.contains(&Weakness::Guessable), "{bad}: {weaknesses:?}");
        }
    }

    #[test]
    fn what_is_put_together_from_the_usual_is_guessable() {
        for bad in [
            "jining2024",
            "Jining@2024!",
            "minsheng123456",
            "Shandong@2023",
            "Admin@123456",
            "woshinibaba1",
            "wodemima123",
            "aaaaaaaaaaaaaaaa",
            "qwertyuiop[]",
            "abcabcabcabcabc",
            "5201314woaini",
            "zhangwei19880812",
            "371111198001011234",
            "37111119800101123X",
            "19881230",
            "济宁民生实事2026",
        ] {
            let expected = if bad.chars().count() < SHORTEST { Weakness::TooShort } else { Weakness::Guessable };
            assert_eq!(found(bad, "lisi"), [expected], "{bad}");
        }
    }

    #[test]
    fn names_and_phrases_that_everybody_knows_are_guessable() {
        let names: Names = ["区卫生健康局", "市财政局", "兖州区", "太白湖新区", "重庆市"].into_iter().collect();
        let found = |password: &str| weaknesses(&Password::new(password), "lisi", &names);
        for bad in [
            "weishengjiankangju2024",
            "Quweishengjiankangju@2026!",
            "YanzhouquCaizhengju#2025",
            "yanzhou.weishengjiankangju",
            "C4izhengju_2026_Yanzh0u",
            "taibaihuxinqu-duban-88",
            "chongqingshi@2024!!",
            "zhongqingshi@2024!!",
            "区卫生健康局2024！",
            "兖州区卫生健康局二〇二六",
            "我爱你一生一世1314",
            "好好学习天天向上2026",
            "woaini1314@yanzhou",
            "woainiyishengyishi1314",
            "zhonghuarenmingongheguo1949",
            "不忘初心牢记使命@2026",
        ] {
            assert!(
                found(bad).iter().any(|weakness| matches!(weakness, Weakness::Guessable | Weakness::Common)),
                "{bad}: {:?}",
                found(bad)
            );
        }
        for good in [
            "kettle umbrella ninety",
            "骑车去湖边看荷花很凉快",
            "chayehewangluodouyaogan",
            "yanzhou kettle umbrella 7Qz",
            "财政局的茶壶飞过九条绿河",
            "v8#Kq2!mZe",
        ] {
            assert_eq!(found(good), [], "{good}");
        }
    }

    #[test]
    fn the_name_of_the_account_is_no_part_of_its_password() {
        for (password, username) in [
            ("kettle-ZhangSan-ninety", "zhangsan"),
            ("kettle-zhangsan-ninety", "ZHANGSAN"),
            ("骑车去湖边看荷花李小雷", "李小雷"),
            ("umbrella ninety caf\u{e9}bar", "cafe\u{301}bar"),
        ] {
            assert_eq!(found(password, username), [Weakness::HoldsName], "{password}");
        }
        assert_eq!(found("kettle umbrella ninety", "le"), [], "two letters are in it by chance");
        assert_eq!(found("kettle umbrella ninety", ""), []);
        // Its parts are not barred, but count for little.
        assert_eq!(found("wuxiaolan8866", "someone"), []);
        assert_eq!(found("wuxiaolan8866", "wuxiaolan.office"), [Weakness::Guessable]);
    }

    #[test]
    fn all_faults_are_named_at_once() {
        assert_eq!(found("", "zhangsan"), [Weakness::TooShort]);
        assert_eq!(found("\0", "zhangsan"), [Weakness::TooShort, Weakness::Control]);
        assert_eq!(found("zhangsan", "zhangsan"), [Weakness::TooShort, Weakness::Common, Weakness::HoldsName]);
        assert_eq!(
            found(&"zhangsan\t".repeat(20), "zhangsan"),
            [Weakness::TooLong, Weakness::Control, Weakness::Guessable, Weakness::HoldsName]
        );
    }

    #[test]
    fn the_lengths_are_counted_in_characters() {
        let long: String = "风吹麦浪起伏连天雨打芭蕉声入夜".chars().cycle().take(LONGEST).collect();
        assert!(!found(&long, "").contains(&Weakness::TooLong), "384 bytes");
        assert!(found(&format!("{long}一"), "").contains(&Weakness::TooLong));
        assert!(found("v8#Kq2!mZ", "").contains(&Weakness::TooShort));
        assert!(!found("v8#Kq2!mZe", "").contains(&Weakness::TooShort));
    }

    #[test]
    fn a_character_that_cannot_be_seen_is_refused() {
        for hidden in ['\0', '\n', '\u{7f}', '\u{85}', '\u{200b}', '\u{202e}', '\u{2028}', '\u{feff}'] {
            assert_eq!(found(&format!("kettle umbrella{hidden}ninety"), ""), [Weakness::Control], "{hidden:?}");
        }
    }

    #[test]
    fn far_too_much_is_dropped_unread() {
        for much in ["x".repeat(1 << 20), "\0".repeat(1 << 20), "e\u{301}".repeat(1 << 19)] {
            let password = Password::new(much);
            assert_eq!(password.reveal(), "");
            assert_eq!(weaknesses(&password, "zhangsan", &Names::default()), [Weakness::TooLong]);
        }
        assert_eq!(found("kettle umbrella ninety", &"\0".repeat(1 << 20)), []);
    }

    #[test]
    fn the_estimator_is_given_little_enough() {
        let every_sign: String = DISGUISES.chars().chain('!'..='~').collect();
        for text in [every_sign.repeat(3), "ab".repeat(64), "İ".repeat(LONGEST), "四".repeat(LONGEST)] {
            let excerpt = excerpt(&text);
            assert_eq!(excerpt.chars().count(), ESTIMATED);
            let kinds: BTreeSet<char> = excerpt.chars().filter(|character| DISGUISES.contains(*character)).collect();
            assert!(kinds.len() <= MOST_DISGUISES, "{kinds:?}");
        }
        assert_eq!(*excerpt("a@b!c(d@e[f{g"), "a@b!c#d@e#f#g");
    }

    #[test]
    fn every_fault_says_what_to_do() {
        let all = [Weakness::TooShort, Weakness::TooLong, Weakness::Control, Weakness::Common, Weakness::Guessable, Weakness::HoldsName];
        let codes: BTreeSet<&str> = all.iter().map(|weakness| weakness.code()).collect();
        assert_eq!(codes.len(), all.len());
        assert!(codes.iter().all(|code| code.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_')));
        assert!(all.iter().all(|weakness| weakness.message().to_string().contains("：")));
    }

    #[test]
    fn the_words_are_written_as_they_are_looked_up() {
        let mut seen = BTreeSet::new();
        for word in WORDS.iter() {
            assert_eq!(word.to_lowercase(), *word);
            assert!(!word.contains(char::is_whitespace), "{word}");
            assert!(seen.insert(word), "{word} is there twice");
        }
    }
}
