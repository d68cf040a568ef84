//! Workbooks of Office Open XML. Rows go to a temporary file as they come, so that a workbook of any length takes the memory of one
//! row.

use std::io::Write;

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, Timelike as _};
use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format as Style, FormatAlign, FormatBorder, Workbook as Book, Worksheet as Sheet, XlsxError,
};

use super::table::{Cell, Row, is_like_a_formula, percent_decimals};

/// The longest text of a cell, in UTF-16 code units: a limit of the format.
const LONGEST: usize = 32_767;

/// What a text that was cut ends with.
const CUT: &str = "…（过长，已截断 cut）";

/// The longest name of a sheet.
const LONGEST_NAME: usize = 31;

/// How many significant digits a number of the format keeps, being binary. A longer one is written as text, which keeps them all.
const DIGITS: usize = 15;

/// How wide columns may be, in characters of Latin script; Chinese ones are twice as wide.
const WIDTHS: std::ops::RangeInclusive<usize> = 6..=48;

/// A4, as the format counts kinds of paper.
const A4: u8 = 9;

/// Why there is no workbook.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// There are more rows or columns than a sheet has.
    #[error("the table is larger than a sheet")]
    TooLarge,
    /// The file could not be written; a temporary file not, perhaps.
    #[error("the workbook could not be written")]
    Library(#[source] XlsxError),
}

impl From<XlsxError> for WorkbookError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::RowColumnLimitError => Self::TooLarge,
            error => Self::Library(error),
        }
    }
}

/// A workbook of one sheet, written row by row.
pub struct Workbook {
    book: Book,
    /// The row to write next.
    next: u32,
    /// The widest that was met in each column.
    widths: Vec<usize>,
    styles: Styles,
}

impl Workbook {
    /// Begins with the headings: bold, always in view, printed on each page.
    ///
    /// # Errors
    /// No temporary file can be made, or there are too many columns.
    pub fn begin(title: &str, headings: &[String], made_at: NaiveDateTime) -> Result<Self, WorkbookError> {
        let mut book = Book::new();
        let mut properties = DocProperties::new().set_title(title);
        if let Some(made_at) = time(made_at) {
            properties = properties.set_creation_datetime(&made_at);
        }
        book.set_properties(&properties);
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(sheet_name(title))?;
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_repeat_rows(0, 0)?;
        sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
        let style = Style::new().set_bold().set_text_wrap().set_align(FormatAlign::VerticalCenter).set_border_bottom(FormatBorder::Thin);
        for (column, heading) in (0..).zip(headings) {
            sheet.write_string_with_format(0, column, fitting(heading), &style)?;
        }
        Ok(Self { book, next: 1, widths: headings.iter().map(|heading| width(heading)).collect(), styles: Styles::new() })
    }

    /// Writes a row below those before it.
    ///
    /// # Errors
    /// The sheet is full.
    pub fn write(&mut self, row: &Row) -> Result<(), WorkbookError> {
        let sheet = self.book.worksheet_from_index(0)?;
        for ((column, cell), widest) in (0..).zip(row).zip(&mut self.widths) {
            *widest = width(&cell.shown()).max(*widest);
            write(sheet, &self.styles, (self.next, column), cell)?;
        }
        self.next = self.next.checked_add(1).ok_or(WorkbookError::TooLarge)?;
        Ok(())
    }

    /// Ends the workbook and writes it out.
    ///
    /// # Errors
    /// It could not be written.
    pub fn finish(mut self, file: impl Write + Send) -> Result<(), WorkbookError> {
        let sheet = self.book.worksheet_from_index(0)?;
        for (column, widest) in (0..).zip(&self.widths) {
            // Some room beside the text, and for the arrow of the filter.
            let width = u32::try_from(widest.saturating_add(3).clamp(*WIDTHS.start(), *WIDTHS.end())).unwrap_or(u32::MAX);
            sheet.set_column_width(column, width)?;
        }
        if let Some(last) = u16::try_from(self.widths.len()).ok().and_then(|columns| columns.checked_sub(1)) {
            sheet.autofilter(0, 0, self.next.saturating_sub(1), last)?;
        }
        self.book.save_to_writer(file)?;
        Ok(())
    }
}

/// How cells look.
struct Styles {
    text: Style,
    /// Of a text that looks like a formula: it stays a text when somebody edits the cell.
    guarded: Style,
    date: Style,
    time: Style,
}

impl Styles {
    fn new() -> Self {
        let plain = || Style::new().set_align(FormatAlign::Top);
        Self {
            text: plain().set_text_wrap(),
            guarded: plain().set_text_wrap().set_quote_prefix(),
            date: plain().set_num_format("yyyy-mm-dd"),
            time: plain().set_num_format("yyyy-mm-dd hh:mm:ss"),
        }
    }
}

/// A number with so many decimals, all of which are shown.
fn numeric(decimals: u32, unit: &str) -> Style {
    let decimals = usize::try_from(decimals).unwrap_or_default();
    let point = if decimals == 0 { "" } else { "." };
    Style::new().set_align(FormatAlign::Top).set_num_format(format!("0{point}{}{unit}", "0".repeat(decimals)))
}

fn write(sheet: &mut Sheet, styles: &Styles, (row, column): (u32, u16), cell: &Cell) -> Result<(), XlsxError> {
    // As texts, whatever they say: the format keeps texts and formulas apart. What is no number or date of the format is one too.
    let text = |sheet: &mut Sheet, text: &str| {
        let style = if is_like_a_formula(text) { &styles.guarded } else { &styles.text };
        sheet.write_string_with_format(row, column, fitting(text), style).map(|_| ())
    };
    match cell {
        Cell::Empty => Ok(()),
        Cell::Text(content) => text(sheet, content),
        Cell::Number(number) => match binary(*number) {
            Some(value) => sheet.write_number_with_format(row, column, value, &numeric(number.normalize().scale(), "")).map(|_| ()),
            None => text(sheet, &cell.shown()),
        },
        Cell::Share(share) => match binary(*share) {
            Some(value) => sheet.write_number_with_format(row, column, value, &numeric(percent_decimals(*share), "%")).map(|_| ()),
            None => text(sheet, &cell.shown()),
        },
        Cell::Date(day) => match date(*day) {
            Some(value) => sheet.write_datetime_with_format(row, column, &value, &styles.date).map(|_| ()),
            None => text(sheet, &cell.shown()),
        },
        Cell::Time(instant) => match time(*instant) {
            Some(value) => sheet.write_datetime_with_format(row, column, &value, &styles.time).map(|_| ()),
            None => text(sheet, &cell.shown()),
        },
    }
}

/// The binary number that is shown as this decimal; `None` where there is none.
fn binary(number: Decimal) -> Option<f64> {
    let number = number.normalize();
    let digits = number.mantissa().unsigned_abs().to_string().len();
    if digits <= DIGITS { number.to_string().parse().ok().or_else(|| number.to_f64()) } else { None }
}

fn date(date: NaiveDate) -> Option<ExcelDateTime> {
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    // Before that day the format counts a leap day that never was.
    if date < NaiveDate::from_ymd_opt(1900, 3, 1)? {
        return None;
    }
    ExcelDateTime::from_ymd(u16::try_from(date.year()).ok()?, month, day).ok()
}

fn time(time: NaiveDateTime) -> Option<ExcelDateTime> {
    let (hour, minute) = (u16::try_from(time.hour()).ok()?, u8::try_from(time.minute()).ok()?);
    date(time.date())?.and_hms(hour, minute, time.second()).ok()
}

/// A text as long as a cell may be.
fn fitting(text: &str) -> String {
    if text.encode_utf16().count() <= LONGEST {
        return text.to_owned();
    }
    let mut room = LONGEST.saturating_sub(CUT.encode_utf16().count());
    let mut kept: String = text
        .chars()
        .take_while(|character| match room.checked_sub(character.len_utf16()) {
            Some(left) => {
                room = left;
                true
            }
            None => false,
        })
        .collect();
    kept.push_str(CUT);
    kept
}

/// A name that a sheet may have.
fn sheet_name(title: &str) -> String {
    let allowed = |character: &char| !(character.is_control() || matches!(character, '[' | ']' | ':' | '*' | '?' | '/' | '\\'));
    let mut room = LONGEST_NAME;
    let name: String = title
        .chars()
        .filter(allowed)
        .take_while(|character| match room.checked_sub(character.len_utf16()) {
            Some(left) => {
                room = left;
                true
            }
            None => false,
        })
        .collect();
    let name = name.trim_matches('\'').trim();
    if name.is_empty() { "1".to_owned() } else { name.to_owned() }
}

/// How wide the widest line of a text is, in Latin characters.
fn width(text: &str) -> usize {
    let of_line = |line: &str| line.chars().map(|character| if character < '\u{2e80}' { 1_usize } else { 2 }).sum();
    text.lines().map(of_line).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader as _, Xlsx};

    use super::*;

    fn made_at() -> NaiveDateTime {
        "2024-04-12T10:00:00".parse().expect("a time")
    }

    /// The rows below the headings of a workbook with these rows.
    fn read(rows: &[Row]) -> Vec<Vec<Data>> {
        let headings: Vec<String> = rows.iter().map(Vec::len).max().map(|columns| vec!["列".to_owned(); columns]).unwrap_or_default();
        let mut workbook = Workbook::begin("表", &headings, made_at()).expect("it begins");
        for row in rows {
            workbook.write(row).expect("there is room");
        }
        let mut bytes = Vec::new();
        workbook.finish(&mut bytes).expect("it ends");
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook");
        book.worksheet_range("表").expect("the sheet").rows().skip(1).map(<[Data]>::to_vec).collect()
    }

    fn number(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    #[test]
    fn numbers_are_numbers_as_long_as_they_are_exact() {
        let text = |text: &str| Data::String(text.into());
        for (given, read_as) in [
            ("0", Data::Float(0.0)),
            ("-17.5800", Data::Float(-17.58)),
            ("900719925474099", Data::Float(900_719_925_474_099.0)),
            ("0.000000000000001", Data::Float(1e-15)),
            ("9007199254740993", text("9007199254740993")),
            ("0.1234567890123456", text("0.1234567890123456")),
            ("79228162514264337593543950335", text("79228162514264337593543950335")),
        ] {
            assert_eq!(read(&[vec![Cell::Number(number(given))]]), [[read_as]], "{given}");
        }
        assert_eq!(read(&[vec![Cell::Share(number("0.3333"))]]), [[Data::Float(0.3333)]]);
        assert_eq!(read(&[vec![Cell::Share(number("0.12345678901234567"))]]), [[text("12.345678901234567%")]]);
    }

    #[test]
    fn days_are_days_where_the_format_has_them() {
        for (day, is_day) in
            [("1900-02-28", false), ("1900-03-01", true), ("2024-02-29", true), ("9999-12-31", true), ("0001-01-01", false)]
        {
            let read = read(&[vec![Cell::Date(day.parse().expect("a day"))]]);
            match &read[0][0] {
                Data::DateTime(time) => {
                    let (year, month, day_of_month, ..) = time.to_ymd_hms_milli();
                    assert_eq!((format!("{year:04}-{month:02}-{day_of_month:02}"), true), (day.to_owned(), is_day));
                }
                other => assert_eq!((other, false), (&Data::String(day.into()), is_day)),
            }
        }
        let [time] = &read(&[vec![Cell::Time("2024-04-12T23:59:59".parse().expect("a time"))]])[0][..] else { panic!("one cell") };
        assert!(matches!(time, Data::DateTime(time) if time.to_ymd_hms_milli() == (2024, 4, 12, 23, 59, 59, 0)), "{time:?}");
    }

    #[test]
    fn texts_come_back_as_they_were() {
        let long = "长".repeat(LONGEST);
        for text in ["=1+1", "-5", "1", "2024-01-12", "<&>\"'", " 空 ", "上\n下", "_x0041_", "https://example.org", long.as_str()] {
            assert_eq!(read(&[vec![Cell::Text(text.into())]]), [[Data::String(text.into())]], "{text:.20}");
        }
        let [Data::String(cut)] = &read(&[vec![Cell::Text("𠮷".repeat(LONGEST))]])[0][..] else { panic!("a text") };
        assert!(cut.ends_with(CUT) && cut.encode_utf16().count() <= LONGEST && cut.encode_utf16().count() >= LONGEST - 1);
    }

    #[test]
    fn an_empty_table_is_a_workbook() {
        assert_eq!(read(&[]), Vec::<Vec<Data>>::new());
        assert_eq!(read(&[vec![Cell::Empty, Cell::Text("a".into())]]), [[Data::Empty, Data::String("a".into())]]);
    }

    #[test]
    fn a_sheet_has_a_name_that_it_may_have() {
        assert_eq!(sheet_name("济宁市2024年台账"), "济宁市2024年台账");
        assert_eq!(sheet_name("a/b\\c[d]e:f*g?h"), "abcdefgh");
        assert_eq!(sheet_name("'"), "1");
        assert_eq!(sheet_name(&"𠮷".repeat(40)).encode_utf16().count(), 30);
    }
}
