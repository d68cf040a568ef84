//! Passwords: the allowed ones, their storage, and their check.
//!
//! A password follows the `OpaqueString` profile of RFC 8265, so that one typed on another keyboard or system is the same one. It is
//! kept as an Argon2id hash (RFC 9106) whose text names its own parameters, so that stronger ones can be asked for later.

mod hash;
mod names;
mod weakness;

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

pub use self::{
    hash::{Hash, HashError, Hasher},
    names::Names,
    weakness::{LONGEST, SHORTEST, Weakness, weaknesses},
};

/// The most bytes that are looked at: [`LONGEST`] characters of any script, or of a Latin one with the marks apart.
const MOST_BYTES: usize = 1024;

/// The characters of a generated password. No two look alike (0 o, 1 i l, 2 z, 5 s, 6 b, 9 g). There is no vowel, so no word comes about.
/// There are 23, each worth 4.5 bits.
const ALPHABET: &[u8; 23] = b"cdfhjkmnpqrtvwxyz346789";

/// A password as it was typed. Its memory is wiped when it is dropped.
pub struct Password {
    text: Zeroizing<String>,
    /// More than [`MOST_BYTES`] were given, and dropped: it cannot be anybody's password.
    overlong: bool,
}

impl Password {
    /// Takes the typed text. Any space is the ASCII one and characters are composed (RFC 8265, section 4.2), so passwords compare equal
    /// however they were typed. Letter case and full-width forms are kept. Forbidden characters are kept too, and [`weaknesses`] names
    /// them.
    pub fn new(typed: impl Into<String>) -> Self {
        let typed = Zeroizing::new(typed.into());
        if typed.len() > MOST_BYTES {
            return Self { text: Zeroizing::default(), overlong: true };
        }
        // Composing can triple the bytes. With room for all of them the text does not move, which would leave copies unwiped.
        let mut text = Zeroizing::new(String::with_capacity(typed.len().saturating_mul(3)));
        text.extend(typed.chars().map(|character| if is_space(character) { ' ' } else { character }).nfc());
        Self { text, overlong: false }
    }

    /// The password itself, to show a generated one once. It is empty where far too much was typed.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(…)")
    }
}

/// The general category Zs. It has U+3000, which is on every Chinese keyboard.
fn is_space(character: char) -> bool {
    character.is_whitespace() && !character.is_control() && !matches!(character, '\u{2028}' | '\u{2029}')
}

/// The operating system gives no randomness, without which nothing here is safe.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no randomness")]
pub struct NoRandomness(#[from] getrandom::Error);

/// A random password for an account's first sign-in: four groups of five, 90 bits, from the operating system's randomness. It has no
/// [`weaknesses`] for the account called `username`.
///
/// # Errors
/// The operating system gives no randomness.
pub fn generate(username: &str) -> Result<Password, NoRandomness> {
    // One in thousands holds a short name by chance; drawing again leaves the others equally likely.
    loop {
        let password = draw()?;
        if weaknesses(&password, username, &Names::default()).is_empty() {
            return Ok(password);
        }
    }
}

fn draw() -> Result<Password, NoRandomness> {
    const GROUP: usize = 5;
    const LENGTH: usize = 23;
    let mut text = Zeroizing::new(String::with_capacity(LENGTH));
    let mut random = Zeroizing::new([0_u8; 64]);
    let mut in_group = 0_usize;
    loop {
        getrandom::fill(random.as_mut_slice())?;
        // Five bits of each byte are a place in the alphabet or beyond it; those beyond are dropped, so that all are equally likely.
        for character in random.iter().filter_map(|byte| ALPHABET.get(usize::from(byte & 0b1_1111))) {
            if in_group == GROUP {
                text.push('-');
                in_group = 0;
            }
            text.push(char::from(*character));
            in_group = in_group.saturating_add(1);
            if text.len() == LENGTH {
                return Ok(Password::new(std::mem::take(&mut *text)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_password_is_the_same_however_it_was_typed() {
        for (typed, kept) in [
            ("cafe\u{301} au lait", "caf\u{e9} au lait"),
            ("四个\u{3000}不相干\u{a0}的词", "四个 不相干 的词"),
            ("Ｆｕｌｌ width", "Ｆｕｌｌ width"),
            (" ends with spaces ", " ends with spaces "),
            ("tab\tand\u{2028}line", "tab\tand\u{2028}line"),
            ("", ""),
        ] {
            assert_eq!(Password::new(typed).reveal(), kept);
        }
    }

    #[test]
    fn a_log_shows_nothing_of_a_password() {
        let shown = format!("{:?}", Password::new("xylophone"));
        assert_eq!(shown, "Password(…)");
    }

    #[test]
    fn a_generated_password_is_strong_and_can_be_typed() {
        let mut seen = BTreeSet::new();
        let mut used = BTreeSet::new();
        for _ in 0..200 {
            let password = generate("zhangsan").unwrap();
            let groups: Vec<&str> = password.reveal().split('-').collect();
            assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [5; 4]);
            assert_eq!(weaknesses(&password, "zhangsan", &Names::default()), []);
            used.extend(groups.concat().into_bytes());
            seen.insert(password.reveal().to_owned());
        }
        assert_eq!(seen.len(), 200);
        assert_eq!(used, BTreeSet::from(*ALPHABET), "each letter is drawn, and no other");
        assert!(ALPHABET.len().pow(10) >= 1 << 45, "ten of its twenty letters are worth 45 bits");
    }
}
