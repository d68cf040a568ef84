//! Tables sent as files: CSV as it comes, a workbook once it is complete.

use std::{
    fs::File,
    io::{self, BufWriter, Read as _, Seek as _, Write as _},
};

use async_graphql::Request;
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use futures_util::{StreamExt as _, stream};
use language::{Language, Text};
use tokio::task;
use url::form_urlencoded;

use super::{
    caller::{Caller, Gate, challenge, unproved},
    graphql::{away, respond},
    media_type::MediaType,
};
use crate::{
    answer::{
        Answer,
        error::{Code, refusal},
    },
    export::{Csv, Format, Workbook, WorkbookError},
    table::{Table, Wanted},
};

/// How many bytes of a file are read at once.
const CHUNK: usize = 64 * 1024;

/// The longest name of a file, in characters, without its ending.
const LONGEST_NAME: usize = 80;

/// Where a download came from is nobody's business, and its address may hold a signature.
const REFERRER_POLICY: (HeaderName, HeaderValue) = (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));

impl Caller {
    /// Answers a query with a file, or says in JSON why there is none.
    pub(crate) async fn answer_with_file(self, gate: &Gate, request: Request, rows: Option<String>, format: Format) -> Response {
        let asked = match self.prove(gate).await {
            Ok(asked) => asked,
            Err(fault) => return unproved(&fault, gate, MediaType::Json, self.language),
        };
        let wanted = Wanted { request, rows, prover: self.prover(gate) };
        match gate.endpoint.tabulate(wanted, asked).await {
            Ok(table) => self.send(gate, table, format).await,
            Err(answer) => failed(*answer, gate, self.language),
        }
    }

    /// Sends a table as a file.
    pub(crate) async fn send(&self, gate: &Gate, table: Table, format: Format) -> Response {
        let plain = gate.endpoint.product.name();
        let name = file_name(&table.title, plain);
        let (body, length) = match format {
            Format::Csv => (self.csv(table), None),
            Format::Xlsx => match self.xlsx(table).await {
                Ok((body, length)) => (body, Some(length)),
                Err(answer) => return failed(*answer, gate, self.language),
            },
        };
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(format.media_type())),
            (header::CONTENT_DISPOSITION, disposition(&name, plain, format)),
            (header::CONTENT_LANGUAGE, HeaderValue::from_static(self.language.tag())),
            (header::VARY, HeaderValue::from_static("Accept, Accept-Language, Authorization")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            REFERRER_POLICY,
        ];
        let mut response = (headers, body).into_response();
        if let Some(length) = length {
            response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        }
        response
    }

    /// The text of a table, each page as soon as it was read and the client takes it. Where a page cannot be had the answer breaks
    /// off, which a client notices: it must not take a part for the whole.
    fn csv(&self, table: Table) -> Body {
        let request_id = self.request_id().to_owned();
        let beginning = Csv::beginning(&table.headings);
        let pages = table.pages.map(move |page| match page {
            Ok(rows) => Ok(Csv::rows(&rows)),
            Err(answer) => {
                tracing::warn!(request_id, code = answer.code(), "a file breaks off");
                Err(io::Error::other("the table could not be read to its end"))
            }
        });
        // Whoever compresses it asks once more after its end.
        Body::from_stream(stream::iter([Ok(beginning)]).chain(pages).fuse())
    }

    /// A workbook and its length, from a temporary file.
    async fn xlsx(&self, table: Table) -> Result<(Body, u64), Box<Answer>> {
        let fault = match workbook(table).await {
            Ok((file, length)) => return Ok((read(file), length)),
            Err(Fault::Workbook(WorkbookError::TooLarge)) => {
                let message = Text::new(
                    "表格超出工作表的大小：请缩小查询范围，或导出为 CSV。",
                    "The table is larger than a sheet: ask for less, or for CSV.",
                );
                return Err(Box::new(Answer::refused(refusal(Code::QueryTooComplex, self.language, &message))));
            }
            Err(Fault::Page(answer)) => return Err(answer),
            Err(fault) => fault,
        };
        let request_id = self.request_id();
        tracing::error!(request_id, ?fault, "a workbook could not be made");
        let message = Text::new(
            format!("文件未能生成，请稍后重试，或导出为 CSV。若仍然失败，请将请求编号 {request_id} 告知管理员。"),
            format!(
                "The file could not be made: try again later, or ask for CSV. If it persists, tell the operator the request id {request_id}."
            ),
        );
        Err(Box::new(Answer::refused(refusal(Code::Internal, self.language, &message))))
    }
}

/// Why there is no workbook.
#[derive(Debug, thiserror::Error)]
enum Fault {
    /// A page of the table cannot be had.
    #[error("a page could not be read")]
    Page(Box<Answer>),
    #[error(transparent)]
    Workbook(#[from] WorkbookError),
    #[error("a temporary file could not be used")]
    Temporary(#[from] io::Error),
    /// The library panics where the disk is full; or the process is stopping.
    #[error("the work was broken off")]
    BrokenOff(#[from] task::JoinError),
}

/// Writes a table into a temporary file, page by page.
async fn workbook(table: Table) -> Result<(File, u64), Fault> {
    let Table { title, headings, made_at, mut pages } = table;
    let mut workbook = apart(move || Ok(Workbook::begin(&title, &headings, made_at)?)).await?;
    while let Some(page) = pages.next().await {
        let rows = page.map_err(Fault::Page)?;
        workbook = apart(move || {
            rows.iter().try_for_each(|row| workbook.write(row))?;
            Ok(workbook)
        })
        .await?;
    }
    apart(move || finish(workbook)).await
}

/// Does something on a thread for such work. It waits for nothing, so that no thread is kept from others.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> Result<T, Fault> + Send + 'static) -> Result<T, Fault> {
    task::spawn_blocking(work).await?
}

fn finish(workbook: Workbook) -> Result<(File, u64), Fault> {
    let mut file = BufWriter::new(tempfile::tempfile()?);
    workbook.finish(&mut file)?;
    file.flush()?;
    let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.rewind()?;
    let length = file.metadata()?.len();
    Ok((file, length))
}

/// A file, read as the client takes it.
fn read(file: File) -> Body {
    let chunks = stream::try_unfold(file, |mut file| async move {
        let read = task::spawn_blocking(move || {
            let mut chunk = vec![0; CHUNK];
            let length = file.read(&mut chunk)?;
            chunk.truncate(length);
            Ok::<_, io::Error>((chunk, file))
        });
        let (chunk, file) = read.await.map_err(io::Error::other)??;
        Ok::<_, io::Error>((!chunk.is_empty()).then_some((chunk, file)))
    });
    Body::from_stream(chunks.fuse())
}

/// The answer where there is no file: JSON, with the status that says what kind of failure it is.
pub(crate) fn failed(answer: Answer, gate: &Gate, language: Language) -> Response {
    if answer.is_lost() {
        return away(MediaType::Json, language);
    }
    let status = match answer.code() {
        Some("UNAUTHENTICATED") => StatusCode::UNAUTHORIZED,
        Some("FORBIDDEN") => StatusCode::FORBIDDEN,
        Some("NOT_FOUND") => StatusCode::NOT_FOUND,
        Some("RATE_LIMITED") => StatusCode::TOO_MANY_REQUESTS,
        Some("TIMEOUT") => StatusCode::SERVICE_UNAVAILABLE,
        Some("INTERNAL") => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    };
    let mut response = respond(MediaType::Json, status, language, answer);
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge(gate, ""));
    }
    response
}

/// A name that every system takes for a file.
fn file_name(title: &str, plain_name: &str) -> String {
    let plain = |character: char| match character {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '\'' => '_',
        character if character.is_control() => '_',
        character => character,
    };
    let name: String = title.chars().take(LONGEST_NAME).map(plain).collect();
    let name = name.trim().trim_start_matches('.').trim_end_matches('.');
    if name.is_empty() { plain_name.to_owned() } else { name.to_owned() }
}

/// How a browser names the file (RFC 6266): in full, and for old ones in ASCII.
fn disposition(name: &str, plain_name: &str, format: Format) -> HeaderValue {
    let extension = format.extension();
    let plain = if name.is_ascii() { name } else { plain_name };
    // It writes a space as `+`, which stands for itself here.
    let encoded = form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20");
    let value = format!("attachment; filename=\"{plain}.{extension}\"; filename*=UTF-8''{encoded}.{extension}");
    // It is plain ASCII without quotes; the fallback only satisfies the type.
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_its_name_in_full_and_in_ascii() {
        let of = |title: &str| disposition(&file_name(title, "plain"), "plain", Format::Xlsx).to_str().expect("ASCII").to_owned();
        assert_eq!(
            of("济宁市2024年台账"),
            "attachment; filename=\"plain.xlsx\"; filename*=UTF-8''%E6%B5%8E%E5%AE%81%E5%B8%822024%E5%B9%B4%E5%8F%B0%E8%B4%A6.xlsx"
        );
        assert_eq!(of("Jining 2024"), "attachment; filename=\"Jining 2024.xlsx\"; filename*=UTF-8''Jining%202024.xlsx");
        assert_eq!(of("../a\"b\r\nc: d/"), "attachment; filename=\"_a_b__c_ d_.xlsx\"; filename*=UTF-8''_a_b__c_%20d_.xlsx");
        assert_eq!(of(" .. "), "attachment; filename=\"plain.xlsx\"; filename*=UTF-8''plain.xlsx");
        assert_eq!(file_name(&"长".repeat(500), "plain").chars().count(), LONGEST_NAME);
    }
}
