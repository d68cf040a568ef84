//! Comma-separated values (RFC 4180).

use std::borrow::Cow;

use super::table::{Cell, Row, is_like_a_formula};

/// What tells Excel that a file is UTF-8. Without it Chinese is taken for GBK.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// What is put before a text that looks like a formula. Spreadsheets take what follows for text.
const GUARD: char = '\'';

/// Writes a table piece by piece. Nothing is kept from one piece to the next.
#[derive(Debug)]
pub struct Csv;

impl Csv {
    /// The beginning of a file: the byte order mark, and the headings.
    #[must_use]
    pub fn beginning(headings: &[String]) -> Vec<u8> {
        let mut bytes = BYTE_ORDER_MARK.to_vec();
        bytes.extend(records(std::iter::once(headings.iter().map(|heading| defused(heading)).collect())));
        bytes
    }

    /// Some rows.
    #[must_use]
    pub fn rows(rows: &[Row]) -> Vec<u8> {
        records(rows.iter().map(|row| row.iter().map(field).collect()))
    }
}

/// Lines of quoted fields. By hand, because the `csv` crate quotes what its own separator asks for and nothing else.
fn records(records: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut lines = String::new();
    for record in records {
        // Readers skip a line without anything, and a row with it.
        if let [only] = record.as_slice()
            && only.is_empty()
        {
            lines.push_str("\"\"");
        }
        for (place, field) in record.iter().enumerate() {
            if place > 0 {
                lines.push(',');
            }
            lines.push_str(&quoted(field));
        }
        lines.push_str("\r\n");
    }
    lines.into_bytes()
}

/// A field as the file has it. Excel separates at `;` where a comma is the decimal sign, unless the field is quoted.
fn quoted(field: &str) -> Cow<'_, str> {
    if field.contains([',', ';', '"', '\r', '\n', '\t']) { format!("\"{}\"", field.replace('"', "\"\"")).into() } else { field.into() }
}

fn field(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => defused(text),
        // A number such as -5 is none of a text's business: it stays a number.
        other => other.shown(),
    }
}

/// A text that no spreadsheet runs. Whoever reads the file by program takes the apostrophe off again.
fn defused(text: &str) -> String {
    let mut field = String::with_capacity(text.len().saturating_add(1));
    if is_like_a_formula(text) {
        field.push(GUARD);
    }
    // A NUL ends the file for some programs.
    field.extend(text.chars().filter(|character| *character != '\0'));
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(cells: &[Cell]) -> String {
        String::from_utf8(Csv::rows(&[cells.to_vec()])).expect("a text")
    }

    fn text(text: &str) -> Cell {
        Cell::Text(text.into())
    }

    #[test]
    fn a_file_begins_with_the_mark_that_excel_wants() {
        let beginning = Csv::beginning(&["序号".into(), "任务".into()]);
        assert_eq!(beginning, "\u{feff}序号,任务\r\n".as_bytes());
    }

    #[test]
    fn separators_quotes_and_lines_are_kept() {
        assert_eq!(line(&[text("a,b"), text("说\"好\""), text("上\n下"), Cell::Empty]), "\"a,b\",\"说\"\"好\"\"\",\"上\n下\",\r\n");
    }

    #[test]
    fn a_semicolon_separates_nowhere() {
        assert_eq!(line(&[text("新增;改造"), text("a\tb"), text("；")]), "\"新增;改造\",\"a\tb\",；\r\n");
        // A reader that separates at semicolons finds the text in one piece, where the line is of this one field.
        let bytes = line(&[text("一;\"二\";三")]);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(b';').from_reader(bytes.as_bytes());
        let read = reader.records().next().expect("a record").expect("it is sound");
        assert_eq!(read.iter().collect::<Vec<_>>(), ["一;\"二\";三"]);
    }

    #[test]
    fn a_text_is_never_a_formula() {
        for formula in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(1)",
            "＝1",
            "＋1",
            "－1",
            "＠a",
            " =1",
            "\u{a0}=1",
            "\u{200b}=1",
            "\u{feff}=1",
            "\"=1",
            "'=1",
            "”＝1",
            "\u{1}=1",
        ] {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(std::io::Cursor::new(line(&[text(formula)])));
            let read = reader.records().next().expect("a record").expect("it is sound");
            assert_eq!(read.get(0).map(str::to_owned), Some(format!("'{formula}")));
        }
        for formula in ["\t1", "\r1", "\n1"] {
            assert!(line(&[text(formula)]).trim_start_matches('"').starts_with('\''), "{formula:?}");
        }
        assert_eq!(Csv::beginning(&["=1".into()]), "\u{feff}'=1\r\n".as_bytes());
    }

    #[test]
    fn other_texts_and_numbers_are_left_alone() {
        let number = |text: &str| Cell::Number(text.parse().expect("a decimal"));
        assert_eq!(line(&[text("1-2"), text("新增=3"), text("“好”"), text("")]), "1-2,新增=3,“好”,\r\n");
        assert_eq!(
            line(&[number("-5"), number("79228162514264337593543950335"), Cell::Share(number_of("-0.1"))]),
            "-5,79228162514264337593543950335,-10.00%\r\n"
        );
        assert_eq!(line(&[text("a\0b")]), "ab\r\n");
        assert_eq!(line(&[text("")]), "\"\"\r\n");
    }

    fn number_of(text: &str) -> rust_decimal::Decimal {
        text.parse().expect("a decimal")
    }
}
