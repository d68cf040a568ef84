//! The answer to any query as a table, with the same rules of visibility and the same limits, page after page.

mod fill;
mod layout;
mod paging;

use std::{
    collections::HashMap,
    hash::BuildHasher,
    sync::Arc,
    time::{Duration, Instant},
};

use async_graphql::{
    Name, Request, ServerError, Variables,
    parser::{
        parse_query,
        types::{ExecutableDocument, OperationType},
    },
};
use chrono::NaiveDateTime;
use futures_util::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use language::{Language, Text};

use self::{fill::Hand, layout::Layout, paging::Paging};
use crate::{
    answer::{
        Accepts, Answer, Outcome,
        error::{self, Code, refusal},
    },
    asked::Asked,
    endpoint::Endpoint,
    examine::{Admitted, chosen, chosen_operation, root_field::conditions},
    export::Row,
    http::unproved_answer,
    product::NamedFile,
    schema_index::SchemaIndex,
    subscription::Prover,
};

/// How many pages of tables are read at once in one process, of one client two at most: interactive requests have the rest.
pub(crate) const EXPORTING: usize = 8;

/// The most rows of a table.
const ROWS: usize = 200_000;

/// How long a table may take.
const DURATION: Duration = Duration::from_mins(5);

/// What is to become a table.
pub struct Wanted {
    /// The query.
    pub request: Request,
    /// The list that makes its rows, by its keys, where the caller has chosen one.
    pub rows: Option<String>,
    /// Who finds out again who asks, before each further page.
    pub prover: Prover,
}

/// What a table and its columns are called, where that does not follow from the query.
#[derive(Default)]
struct Naming {
    title: Option<String>,
    headings: Vec<(&'static str, Text)>,
}

impl Naming {
    fn heading(&self, path: &str) -> Option<Text> {
        self.headings.iter().find(|(of, _)| *of == path).map(|(_, text)| text.clone())
    }
}

/// A table, of which the first rows have been read.
pub struct Table {
    /// What it is about.
    pub title: String,
    /// The headings of its columns.
    pub headings: Vec<String>,
    /// When it was asked for, in the installation's time zone.
    pub made_at: NaiveDateTime,
    /// Its rows, page by page, until they end or one cannot be had.
    pub pages: BoxStream<'static, Result<Vec<Row>, Box<Answer>>>,
}

impl Endpoint {
    /// The answer to a query as a table.
    ///
    /// # Errors
    /// The answer, where there is none but errors.
    pub async fn tabulate(&self, mut wanted: Wanted, asked: Asked) -> Result<Table, Box<Answer>> {
        self.resolve(&mut wanted.request, asked.language).await?;
        self.tabulate_as(wanted, asked, Naming::default()).await
    }

    /// The table of a name, with parameters as a URL has them; `None` where nothing has the name.
    ///
    /// # Errors
    /// The answer, where there is none but errors.
    pub(crate) async fn named_table(
        &self,
        name: &str,
        parameters: &[(String, String)],
        mut asked: Asked,
        prover: Prover,
    ) -> Option<Result<Table, Box<Answer>>> {
        let file = self.product.files()?.file(name, parameters, &mut asked)?;
        Some(match file.await {
            Ok(NamedFile { request, title, headings }) => {
                let naming = Naming { title: Some(title), headings };
                self.tabulate_as(Wanted { request, rows: None, prover }, asked, naming).await
            }
            Err(refused) => Err(refused),
        })
    }

    async fn tabulate_as(&self, wanted: Wanted, asked: Asked, naming: Naming) -> Result<Table, Box<Answer>> {
        let Wanted { mut request, rows, prover } = wanted;
        let language = asked.language;
        let admitted = self.admit(&mut request, Accepts::Anything, &asked).map_err(errors_alone)?;
        let paid = admitted.cost.price();
        match admitted.kind {
            Some(OperationType::Mutation | OperationType::Subscription) => {
                let message = Text::new(
                    "只有查询的结果可以导出为文件：修改和订阅请用 Accept: application/json 或 text/event-stream。",
                    "Only the answers to queries become files: ask for changes and subscriptions as application/json or text/event-stream.",
                );
                return Err(refused(Code::BadUserInput, language, &message));
            }
            // The engine tells which operation is meant, or that none is.
            None => return Err(errors_alone(self.answer(request, admitted, asked).await.into())),
            Some(OperationType::Query) => {}
        }
        let layout = self.layout(&mut request, rows.as_deref(), language)?;
        let paging = Paging::prepare(&mut request, &layout, self.limits().page_size, self.costs.most_groups);
        // Its lists are longer now: what is too much for the second page is too much for the file.
        let admitted = self.readmit(&mut request, Accepts::Queries, &asked).map_err(errors_alone)?;
        let beyond = admitted.cost.price().saturating_sub(paid);
        self.clients.spend(self.limits(), &asked, beyond).map_err(|too_much| Box::new(Answer::waiting(&too_much, language)))?;
        let headings = layout
            .columns()
            .into_iter()
            .map(|column| naming.heading(&column.path).unwrap_or(column.heading).in_language(language).to_owned())
            .collect();
        let title = naming.title.or_else(|| operation_name(&mut request)).or_else(|| layout.roots.first().map(|root| root.key.clone()));
        let title = title.unwrap_or_else(|| self.product.name().to_owned());
        let made_at = asked.at.with_timezone(&self.product.zone()).naive_local();
        let Ok(document) = request.parsed_query().cloned() else { return Err(Box::new(Answer::refused(error::unavailable(language)))) };
        let pages = Pages {
            endpoint: self.clone(),
            layout,
            paging,
            document,
            operation: request.operation_name.clone(),
            variables: request.variables.clone(),
            admitted,
            asked,
            prover,
            until: Instant::now().checked_add(DURATION),
            written: 0,
            next: None,
        };
        let (first, pages) = pages.first(request).await?;
        let rest = stream::unfold(Some(pages), |pages| async move {
            let mut pages = pages?;
            match pages.turn().await {
                None => None,
                Some(Ok(rows)) => Some((Ok(rows), Some(pages))),
                // Nothing comes after what cannot be had.
                Some(Err(answer)) => Some((Err(answer), None)),
            }
        });
        let pages = stream::iter([Ok(first)]).chain(rest).boxed();
        Ok(Table { title, headings, made_at, pages })
    }

    fn layout(&self, request: &mut Request, rows: Option<&str>, language: Language) -> Result<Layout, Box<Answer>> {
        let variables: HashMap<Name, bool> = conditions(request);
        let Some(operation) = chosen_operation(request).cloned() else {
            return Err(Box::new(Answer::refused(error::unavailable(language))));
        };
        let Ok(document) = request.parsed_query() else { return Err(Box::new(Answer::refused(error::unavailable(language)))) };
        Layout::of(&self.shape, document, &operation, &variables, rows).map_err(|lists| {
            let lists = lists.join("、");
            let message = Text::new(
                format!("查询中没有这个列表：extensions.table.rows 可以是 {lists}。"),
                format!("The query has no such list: extensions.table.rows may be {lists}."),
            );
            refused(Code::BadUserInput, language, &message)
        })
    }
}

/// The paths of the columns that a document makes. A product tests by it that its headings are of columns.
///
/// # Errors
/// The document is none, or has none.
pub fn columns<S: BuildHasher>(
    shape: &SchemaIndex,
    document: &str,
    conditions: &HashMap<Name, bool, S>,
) -> Result<Vec<String>, ServerError> {
    let document = parse_query(document)?;
    let Some(operation) = chosen(&document, None) else { return Ok(Vec::new()) };
    let conditions = conditions.iter().map(|(name, holds)| (name.clone(), *holds)).collect();
    let layout = Layout::of(shape, &document, operation, &conditions, None).map_err(|lists| ServerError::new(lists.join(", "), None))?;
    Ok(layout.columns().into_iter().map(|column| column.path).collect())
}

/// The pages of a table that are still to come.
struct Pages {
    endpoint: Endpoint,
    layout: Layout,
    paging: Paging,
    document: ExecutableDocument,
    operation: Option<String>,
    variables: Variables,
    admitted: Admitted,
    asked: Asked,
    prover: Prover,
    until: Option<Instant>,
    written: usize,
    /// Where the next page begins.
    next: Option<String>,
}

impl Pages {
    async fn first(mut self, request: Request) -> Result<(Vec<Row>, Self), Box<Answer>> {
        let filing = self.endpoint.clients.file_now(&self.asked);
        let place = Arc::clone(&self.endpoint.exporting).try_acquire_owned().ok();
        let (Some(filing), Some(place)) = (filing, place) else {
            let message = Text::new("正在导出的文件过多，请稍后重试。", "Too many files are being made at the moment; try again shortly.");
            return Err(refused(Code::RateLimited, self.asked.language, &message));
        };
        let rows = self.read(request, None).await?;
        drop((place, filing));
        Ok((rows, self))
    }

    async fn turn(&mut self) -> Option<Result<Vec<Row>, Box<Answer>>> {
        let cursor = self.next.take()?;
        let request = self.paging.turn(&self.document, self.operation.as_deref(), &self.variables, &cursor)?;
        let rows = self.go_on(request).await;
        // A page that begins where it began would begin there for ever.
        self.next.take_if(|next| *next == cursor);
        Some(rows)
    }

    /// Reads a further page, for whoever asks as they are now: a lock, or another role, holds from the next page on.
    async fn go_on(&mut self, mut request: Request) -> Result<Vec<Row>, Box<Answer>> {
        let language = self.asked.language;
        if self.until.is_some_and(|until| Instant::now() >= until) {
            let minutes = DURATION.as_secs().checked_div(60).unwrap_or_default();
            let message = Text::new(
                format!("导出超过 {minutes} 分钟，已停止：请缩小查询范围。"),
                format!("The file took longer than {minutes} minutes and was stopped: ask for less."),
            );
            return Err(refused(Code::Timeout, language, &message));
        }
        let proved = (self.prover)().await.map_err(|fault| Box::new(unproved_answer(&fault, &*self.endpoint.product, language)))?;
        // As of one instant, however long it takes.
        self.asked.identity = proved.identity;
        self.admitted = self.endpoint.readmit(&mut request, Accepts::Queries, &self.asked).map_err(errors_alone)?;
        // Each page costs like a request. A file that has begun is not cut for want of points or places: it waits for them.
        let (clients, points) = (&self.endpoint.clients, self.admitted.cost.price());
        let paid = clients.spend_in_time(self.endpoint.limits(), &self.asked, points, self.until).await;
        paid.map_err(|too_much| Box::new(Answer::waiting(&too_much, language)))?;
        // A place is held for a page, not for the file: a client that takes its time keeps nobody waiting.
        let filing = clients.file(&self.asked).await;
        let place = Arc::clone(&self.endpoint.exporting).acquire_owned().await;
        let rows = self.read(request, self.until).await;
        drop((place, filing));
        rows
    }

    async fn read(&mut self, request: Request, until: Option<Instant>) -> Result<Vec<Row>, Box<Answer>> {
        let language = self.asked.language;
        let answer = self.endpoint.answer_in_time(request, self.admitted, self.asked.clone(), until).await;
        // A file says nothing of what is missing in it, so there is none where anything is.
        if answer.outcome != Outcome::Run || !answer.errors().is_empty() {
            return Err(errors_alone(Box::new(answer)));
        }
        let data = &answer.response.data;
        let hand = Hand { shape: &self.endpoint.shape, language, zone: self.endpoint.product.zone() };
        let Some(rows) = fill::rows(&self.layout, data, hand) else {
            let message = Text::new(
                "没有可导出的内容，或您无权查看：请检查参数。",
                "There is nothing to export, or you may not see it: check the arguments.",
            );
            return Err(refused(Code::NotFound, language, &message));
        };
        if let Some(list) = self.paging.cut(data) {
            let message = Text::new(
                format!("文件会不完整：列表 {list} 一页放不下。请以它为主单独导出，或用 first（分组用 limit）写明只要多少项。"),
                format!(
                    "The file would not be whole: the list {list} has more than a page. Ask for a file of that list, or say by `first` \
                     (of groups, `limit`) how many will do."
                ),
            );
            return Err(refused(Code::QueryTooComplex, language, &message));
        }
        self.next = self.paging.next(data);
        self.written = self.written.saturating_add(rows.len());
        if self.written > ROWS {
            let message = Text::new(
                format!("表格过大：至多 {ROWS} 行。请缩小查询范围，或分几次导出。"),
                format!("The table is too large: at most {ROWS} rows. Ask for less, or for several files."),
            );
            return Err(refused(Code::QueryTooComplex, language, &message));
        }
        Ok(rows)
    }
}

fn operation_name(request: &mut Request) -> Option<String> {
    if request.operation_name.is_some() {
        return request.operation_name.clone();
    }
    let document = request.parsed_query().ok()?;
    document.operations.iter().find_map(|(name, _)| name.map(ToString::to_string))
}

/// What is said where there is no file: what went wrong, and no data beside it.
fn errors_alone(answer: Box<Answer>) -> Box<Answer> {
    match answer.outcome {
        Outcome::Waiting(_) => answer,
        Outcome::Run | Outcome::Refused | Outcome::NotAccepted => Box::new(Answer::refused(answer.response)),
    }
}

fn refused(code: Code, language: Language, message: &Text) -> Box<Answer> {
    Box::new(Answer::refused(refusal(code, language, message)))
}
