//! Free texts of people, cleaned of invisible characters.
//!
//! Controls, marks of direction and characters without width hide the real text. Two texts look alike and are not. One is shown in another
//! order than it is read. Some programs stop at a NUL. They come with pasted text, so they are removed and not rejected.

/// A text of several lines: line ends become `\n`, and tabs stay.
#[must_use]
pub fn lines(text: &str) -> String {
    let joined = text.replace("\r\n", "\n");
    joined.chars().filter_map(|character| if ends_line(character) { Some('\n') } else { visible(character) }).collect()
}

/// A text of one line: line ends and tabs become spaces.
#[must_use]
pub fn line(text: &str) -> String {
    let joined = text.replace("\r\n", "\n");
    let shown = |character: char| if ends_line(character) || character == '\t' { Some(' ') } else { visible(character) };
    joined.chars().filter_map(shown).collect()
}

fn ends_line(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn visible(character: char) -> Option<char> {
    (character == '\t' || !(character.is_control() || is_invisible(character))).then_some(character)
}

/// Characters that show nothing by themselves, besides controls and spaces. Variation selectors are not among them: they choose between
/// the forms of a Chinese character, also in names of people.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    matches!(
        character,
        // The soft hyphen, and fillers of Hangul and Khmer, which are drawn as nothing.
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}'
        // Marks of direction, some of which reverse the text after them.
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        // Without width.
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{feff}'
        // Notes between the lines, notes of music, and tags.
        | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}'
        // Code points that are not characters, or that XML does not hold.
        | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const HIDDEN: &str = "\0\u{1}\u{7}\u{1b}\u{7f}\u{9f}\u{ad}\u{61c}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{202a}\u{202e}\u{2060}\u{2066}\u{2069}\u{3164}\u{feff}\u{fff9}\u{ffff}\u{e0041}";

    #[test]
    fn what_nobody_sees_is_taken_out() {
        for hidden in HIDDEN.chars() {
            let text = format!("新{hidden}增");
            assert_eq!((lines(&text), line(&text)), ("新增".to_owned(), "新增".to_owned()), "{hidden:?}");
        }
        assert_eq!(lines(HIDDEN), "");
    }

    #[test]
    fn what_people_see_stays() {
        // Among them a name with a variation selector, letters with marks apart, and an emoji.
        for text in ["已新增托位 162 个。", "葛\u{e0100}城", "e\u{301}", "😀", "空\u{3000}格", " 两端 ", "“引号”—、；", "𠮷𰻝"]
        {
            assert_eq!((lines(text).as_str(), line(text).as_str()), (text, text));
        }
    }

    #[test]
    fn lines_and_tabs_stay_where_there_are_lines() {
        for (written, of_lines, of_one) in [
            ("一\n二", "一\n二", "一 二"),
            ("一\r\n二\r三", "一\n二\n三", "一 二 三"),
            ("一\t二", "一\t二", "一 二"),
            ("一\u{2028}二\u{85}三", "一\n二\n三", "一 二 三"),
        ] {
            assert_eq!((lines(written).as_str(), line(written).as_str()), (of_lines, of_one), "{written:?}");
        }
    }
}
