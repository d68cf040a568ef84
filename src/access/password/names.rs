//! Names and phrases that everybody knows, in the forms in which people type them into passwords. The forms are characters, pinyin, and
//! the first letters of the pinyin.

use std::{collections::HashSet, iter};

use pinyin::{ToPinyin as _, ToPinyinMulti as _};
use unicode_normalization::UnicodeNormalization as _;

/// Shorter forms are in too many passwords by chance: letters, and Chinese characters.
const SHORTEST_IN_LETTERS: usize = 4;
const SHORTEST_IN_CHARACTERS: usize = 2;

/// No form is longer, so that looking for them costs little.
const LONGEST: usize = 40;

/// How much of a password is looked at.
const LOOKED_AT: usize = 128;

/// How many readings of one name are kept: few characters of a name have two.
const MOST_READINGS: usize = 8;

/// The other characters that a password of one, two or three names may have and still count as made of them. A letter or character costs
/// 2, a digit or sign 1, and a year 1. More names are harder to guess, so less is allowed beside them.
const BESIDE: [usize; 3] = [6, 4, 2];

/// The words before the name proper of a unit, and behind that of a place.
const RANKS: [char; 6] = ['省', '市', '区', '县', '镇', '乡'];
const KINDS_OF_PLACES: [&str; 7] = ["经济技术开发区", "高新技术产业开发区", "新区", "市", "区", "县", "省"];

/// Names in all forms that people type.
#[derive(Clone, Debug, Default)]
pub struct Names(HashSet<String>);

impl<'a> FromIterator<&'a str> for Names {
    fn from_iter<T: IntoIterator<Item = &'a str>>(names: T) -> Self {
        let mut forms = HashSet::new();
        for name in names {
            let name: String = fold(name).into_iter().filter(|character| character.is_alphanumeric()).collect();
            let without_rank = name.strip_prefix(RANKS);
            let without_kind = KINDS_OF_PLACES.iter().find_map(|kind| name.strip_suffix(kind));
            for variant in iter::once(name.as_str()).chain(without_rank).chain(without_kind) {
                forms.extend(readings(variant));
                forms.insert(variant.to_owned());
            }
        }
        forms.retain(|form| {
            let length = form.chars().count();
            let shortest = if form.is_ascii() { SHORTEST_IN_LETTERS } else { SHORTEST_IN_CHARACTERS };
            (shortest..=LONGEST).contains(&length) && !form.chars().all(|character| character.is_ascii_digit())
        });
        Self(forms)
    }
}

impl Names {
    /// Whether `password` is made of these names and `others`, at most three of them, with little beside: years, signs, a few digits.
    #[must_use]
    pub fn spells(&self, password: &str, others: &Self) -> bool {
        let text: Vec<char> = fold(password).into_iter().take(LOOKED_AT).collect();
        // For each number of names: the least that is beside them up to each place.
        let mut least = vec![vec![None; text.len().saturating_add(1)]; BESIDE.len().saturating_add(1)];
        improve(&mut least, 0, 0, 0);
        for start in 0..text.len() {
            let rest = text.get(start..).unwrap_or_default();
            let ends: Vec<usize> = (1..=rest.len().min(LONGEST))
                .filter(|length| rest.get(..*length).is_some_and(|part| self.holds(part) || others.holds(part)))
                .map(|length| start.saturating_add(length))
                .collect();
            let step = if is_year(rest) { (4, 1) } else { (1, rest.first().map_or(0, |character| cost(*character))) };
            for number in 0..least.len() {
                let Some(Some(beside)) = least.get(number).and_then(|row| row.get(start)).copied() else { continue };
                improve(&mut least, number, start.saturating_add(1), beside.saturating_add(rest.first().map_or(0, |c| cost(*c))));
                improve(&mut least, number, start.saturating_add(step.0), beside.saturating_add(step.1));
                for end in &ends {
                    improve(&mut least, number.saturating_add(1), *end, beside);
                }
            }
        }
        let beside = |number: usize| least.get(number).and_then(|row| row.last()).copied().flatten();
        BESIDE.iter().zip(1..).any(|(most, number)| beside(number).is_some_and(|beside: usize| beside <= *most))
    }

    fn holds(&self, part: &[char]) -> bool {
        let plain: String = part.iter().collect();
        self.0.contains(&plain) || self.0.contains(&part.iter().copied().map(undisguised).collect::<String>())
    }
}

/// Keeps `value` if it is less than the known value for this number of names and this place.
fn improve(least: &mut [Vec<Option<usize>>], number: usize, place: usize, value: usize) {
    if let Some(found) = least.get_mut(number).and_then(|row| row.get_mut(place)) {
        *found = Some(found.map_or(value, |found| found.min(value)));
    }
}

/// A text in one width and lower case, by its characters.
fn fold(text: &str) -> Vec<char> {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

fn cost(character: char) -> usize {
    if character.is_alphabetic() { 2 } else { 1 }
}

/// Four digits, or the characters for them, that begin like a year of the last or this century.
fn is_year(rest: &[char]) -> bool {
    let digit = |character: &char| match character {
        '〇' | '零' => Some(0),
        '一' => Some(1),
        '二' => Some(2),
        '九' => Some(9),
        '三' | '四' | '五' | '六' | '七' | '八' => Some(3),
        digit => digit.to_digit(10),
    };
    let digits: Vec<u32> = rest.iter().take(4).map_while(digit).collect();
    matches!(digits.as_slice(), [1, 9, _, _] | [2, 0, _, _])
}

/// The letter that a sign or digit stands in for.
fn undisguised(character: char) -> char {
    match character {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// How a Chinese name is spelt: in full by each reading, and by first letters.
fn readings(name: &str) -> Vec<String> {
    let mut spellings = vec![(String::new(), String::new())];
    let mut is_chinese = false;
    for character in name.chars() {
        let mut syllables: Vec<String> = character
            .to_pinyin_multi()
            .map(|readings| readings.into_iter().map(|reading| reading.plain().replace('ü', "v")).collect())
            .or_else(|| character.to_pinyin().map(|reading| vec![reading.plain().replace('ü', "v")]))
            .unwrap_or_default();
        is_chinese |= !syllables.is_empty();
        if syllables.is_empty() {
            syllables.push(character.to_string());
        }
        let mut seen = HashSet::new();
        syllables.retain(|syllable| seen.insert(syllable.clone()));
        spellings = spellings
            .iter()
            .flat_map(|(full, initials)| {
                syllables.iter().map(move |syllable| {
                    let first = syllable.chars().next().map(String::from).unwrap_or_default();
                    (format!("{full}{syllable}"), format!("{initials}{first}"))
                })
            })
            .take(MOST_READINGS)
            .collect();
    }
    if !is_chinese {
        return Vec::new();
    }
    spellings.into_iter().flat_map(|(full, initials)| [full, initials]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_its_forms() {
        let names: Names = ["市财政局", "重庆市", "太白湖新区", "QQ群", "一"].into_iter().collect();
        for form in [
            "市财政局",
            "财政局",
            "shicaizhengju",
            "caizhengju",
            "sczj",
            "重庆",
            "chongqing",
            "zhongqing",
            "太白湖",
            "taibaihuxinqu",
            "taibaihu",
            "qqqun",
        ] {
            assert!(names.0.contains(form), "{form}");
        }
        for short in ["一", "yi", "czj", "cq"] {
            assert!(!names.0.contains(short), "{short}");
        }
    }

    #[test]
    fn years_are_known_in_digits_and_characters() {
        let year = |text: &str| is_year(&text.chars().collect::<Vec<_>>());
        assert!(year("2024") && year("1988x") && year("二〇二六") && year("二零二六"));
        assert!(!year("2124") && !year("202") && !year("20a4") && !year(""));
    }

    #[test]
    fn little_beside_a_name_makes_no_password() {
        let names: Names = ["财政局", "兖州", "督查室", "民政局"].into_iter().collect();
        let spells = |text: &str| names.spells(text, &Names::default());
        for made in ["caizhengju2024!", "Caizhengju-Yanzhou", "caizhengjuabc", "财政局、兖州！", "yanzhouduchashiminzhengju"] {
            assert!(spells(made), "{made}");
        }
        for other in ["caizhengjuabcd", "caizhengju12345678", "yanzhouduchashiminzhengjucaizhengju", "2024", "", "abc"] {
            assert!(!spells(other), "{other}");
        }
    }

    #[test]
    fn the_longest_password_is_looked_at_quickly() {
        let names: Names = ["财政局", "兖州"].into_iter().collect();
        let started = std::time::Instant::now();
        assert!(!names.spells(&"caizhengju".repeat(100), &names));
        assert!(started.elapsed().as_secs() < 5, "and not in a time that grows with a power of its length");
    }
}
