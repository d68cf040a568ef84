//! Files as other programs read them.

use std::io::{Cursor, Read as _};

use axum::{body::Body, http::Request};
use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};
use serde_json::{Value, json};

use crate::support::{
    actor::Actor,
    app::{App, Reply},
};

pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What stands in the cells of a sheet, as another program reads them.
pub struct Opened {
    pub name: String,
    pub rows: Vec<Vec<Data>>,
    /// The sheet as it is written.
    pub xml: String,
}

impl Opened {
    /// A workbook that must be sound and have one sheet.
    pub fn of(reply: &Reply) -> Self {
        assert_eq!((reply.status.as_u16(), &reply.headers["content-type"]), (200, &XLSX.parse().expect("a value")), "{}", reply.text);
        assert_eq!(reply.headers["content-length"], reply.bytes.len().to_string().as_str());
        let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(reply.bytes.clone())).expect("a workbook");
        let [name] = book.sheet_names().try_into().expect("one sheet");
        let rows = book.worksheet_range(&name).expect("the sheet").rows().map(<[Data]>::to_vec).collect();
        assert!(book.worksheet_formula(&name).expect("formulas").cells().next().is_none(), "nothing is a formula");
        let mut archive = zip::ZipArchive::new(Cursor::new(reply.bytes.clone())).expect("an archive");
        let mut xml = String::new();
        archive.by_name("xl/worksheets/sheet1.xml").expect("the sheet").read_to_string(&mut xml).expect("a text");
        Self { name, rows, xml }
    }

    pub fn headings(&self) -> Vec<String> {
        self.rows[0].iter().map(ToString::to_string).collect()
    }

    /// The cell under a heading, in the row with this text somewhere.
    pub fn cell(&self, having: &str, heading: &str) -> &Data {
        let column = self.headings().iter().position(|of| of == heading).unwrap_or_else(|| panic!("no column {heading}"));
        let has = |row: &&Vec<Data>| row.iter().any(|cell| matches!(cell, Data::String(text) if text == having));
        &self.rows.iter().find(has).unwrap_or_else(|| panic!("no row with {having}"))[column]
    }
}

/// The records of a file of comma-separated values, headings first.
pub fn records(reply: &Reply) -> Vec<Vec<String>> {
    assert_eq!(
        (reply.status.as_u16(), &reply.headers["content-type"]),
        (200, &"text/csv; charset=utf-8; header=present".parse().expect("a value")),
        "{}",
        reply.text
    );
    let text = reply.text.strip_prefix('\u{feff}').expect("the mark that Excel wants");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.expect("a record as long as the others").iter().map(str::to_owned).collect()).collect()
}

impl App {
    /// Follows a link.
    pub async fn follow_link(&self, address: &str, headers: &[(&str, &str)]) -> Reply {
        let request = headers.iter().fold(Request::get(address), |request, (name, value)| request.header(*name, *value));
        self.send(request.body(Body::empty()).expect("a request")).await
    }
}

impl Actor<'_> {
    /// Follows a link with its token.
    pub async fn download(&self, app: &App, address: &str) -> Reply {
        app.follow_link(address, &[("authorization", &format!("Bearer {}", self.bearer()))]).await
    }

    /// Posts in its name, for an answer of a media type.
    pub async fn post_accepting(&self, app: &App, query: &str, variables: Value, accept: &str) -> Reply {
        app.post_with(query, variables, &[("accept", accept), ("authorization", &format!("Bearer {}", self.bearer()))]).await
    }

    /// A link of its own to an address.
    pub async fn link(&self, address: &str) -> Value {
        let query = "query($address: String!) { viewer { downloadLink(address: $address) { address expiresAt } } }";
        self.data(query, json!({ "address": address })).await["viewer"]["downloadLink"].clone()
    }
}

/// A text for a URL.
pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
