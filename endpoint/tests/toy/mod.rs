//! A library: a small product for tests, benches and fuzzing, and an example of how a product is plugged in.

#![allow(clippy::unused_async, reason = "the engine takes asynchronous resolvers alone")]

use std::{
    any::Any,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_graphql::{
    Context, ID, InputObject, Interface, Object, Request, Result, Schema, SimpleObject, Subscription, parser::types::OperationType,
};
use chrono::{DateTime, Utc};
use endpoint::{
    Asked, Code, Limits, Product,
    product::{
        self, BoxError, Check, Closed, Costs, Credentials, Engine, Event, Feed, Following, Identity, News, Opaque, Price, Step, Unproved,
        Wanted, engine,
    },
};
use futures_util::{Stream, future::BoxFuture, stream};
use language::Text;
use tokio::sync::watch;
use uuid::Uuid;

/// The token of the staff.
pub const STAFF: &str = "staff";

/// A library. Clones share its orders.
#[derive(Clone, Default)]
pub struct Library(Arc<Orders>);

struct Orders {
    titles: Mutex<Vec<String>>,
    /// How many there are.
    count: watch::Sender<i64>,
}

impl Default for Orders {
    fn default() -> Self {
        Self { titles: Mutex::default(), count: watch::Sender::new(0) }
    }
}

impl Orders {
    fn add(&self, title: String) {
        self.titles.lock().unwrap_or_else(PoisonError::into_inner).push(title);
        self.count.send_modify(|count| *count = count.saturating_add(1));
    }
}

impl From<Library> for Arc<dyn Product> {
    fn from(library: Library) -> Self {
        Self::from(Box::new(library) as Box<dyn Product>)
    }
}

/// Who asks.
#[derive(PartialEq)]
enum Reader {
    Public,
    Staff,
}

#[derive(SimpleObject, Clone)]
struct Genre {
    code: String,
    name: String,
}

#[derive(SimpleObject, Clone)]
struct Book {
    id: ID,
    title: String,
    year: i32,
}

#[derive(SimpleObject, Clone)]
struct Series {
    id: ID,
    title: String,
}

#[derive(Interface, Clone)]
#[graphql(field(name = "id", ty = "&ID"))]
enum Node {
    Book(Book),
    Series(Series),
}

#[derive(SimpleObject)]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

#[derive(SimpleObject)]
struct BookConnection {
    nodes: Vec<Book>,
    page_info: PageInfo,
    total_count: usize,
}

#[derive(InputObject, Default)]
struct BookFilter {
    year: Option<Vec<i32>>,
    text: Option<String>,
}

/// How many books there are.
const BOOKS: usize = 250;

fn books() -> impl Iterator<Item = Book> {
    (0..BOOKS).map(|number| Book {
        id: ID(format!("book{number}")),
        title: format!("Book {number}"),
        year: 2000_i32.saturating_add(i32::try_from(number % 20).unwrap_or_default()),
    })
}

struct Query;

#[Object]
impl Query {
    /// All genres.
    async fn genres(&self) -> Vec<Genre> {
        ["novel", "poetry", "science"].map(|code| Genre { code: code.to_owned(), name: code.to_uppercase() }).into()
    }

    /// A page of books.
    async fn books(&self, first: Option<usize>, after: Option<String>, filter: Option<BookFilter>) -> BookConnection {
        let filter = filter.unwrap_or_default();
        let matches = |book: &Book| {
            filter.year.as_ref().is_none_or(|years| years.contains(&book.year))
                && filter.text.as_ref().is_none_or(|text| book.title.contains(text.as_str()))
        };
        let found: Vec<Book> = books().filter(matches).collect();
        let begin = after.and_then(|cursor| cursor.parse::<usize>().ok()).unwrap_or_default();
        let end = begin.saturating_add(first.unwrap_or(20)).min(found.len());
        let nodes = found.get(begin..end).unwrap_or_default().to_vec();
        let page_info = PageInfo { has_next_page: end < found.len(), end_cursor: Some(end.to_string()) };
        BookConnection { nodes, page_info, total_count: found.len() }
    }

    /// What has an id.
    async fn node(&self, id: ID) -> Option<Node> {
        books().find(|book| book.id == id).map(Node::Book)
    }

    /// The same for several.
    async fn nodes(&self, ids: Vec<ID>) -> Vec<Option<Node>> {
        ids.into_iter().map(|id| (id.0 == "series1").then(|| Node::Series(Series { id, title: "A series".to_owned() }))).collect()
    }

    /// Answers after so many milliseconds.
    async fn slow(&self, milliseconds: u64) -> bool {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        true
    }

    /// Orders, for the staff alone.
    async fn orders(&self, context: &Context<'_>) -> Result<Vec<String>> {
        Ok(context.data::<Library>()?.0.titles.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

#[derive(SimpleObject)]
struct Ordered {
    count: i64,
}

struct Mutation;

#[Object]
impl Mutation {
    /// Orders a book.
    async fn order(&self, context: &Context<'_>, title: String) -> Result<Ordered> {
        let Library(orders) = context.data()?;
        orders.add(title);
        Ok(Ordered { count: *orders.count.borrow() })
    }
}

#[derive(SimpleObject)]
struct Order {
    title: String,
}

struct Subscriptions;

#[Subscription]
impl Subscriptions {
    /// Orders as they are made.
    async fn ordered(&self, context: &Context<'_>, after: Option<i64>) -> Result<impl Stream<Item = Order> + use<>> {
        let told = match context.data::<Step>()? {
            Step::Event(event) => event.value.downcast_ref::<String>().map(|title| Order { title: title.clone() }),
            Step::Opening(opening) => {
                let after = opening.last_event_id.as_ref().and_then(|id| id.parse().ok()).or(after);
                opening.want(Wanted { after, scope: Arc::new(()) });
                None
            }
        };
        Ok(stream::iter(told))
    }
}

impl Product for Library {
    fn name(&self) -> &'static str {
        "library"
    }

    fn engine(&self, limits: &Limits) -> Arc<dyn Engine> {
        engine(Schema::build(Query, Mutation, Subscriptions), limits)
    }

    fn schema(&self) -> String {
        Schema::new(Query, Mutation, Subscriptions).sdl()
    }

    fn costs(&self) -> Costs {
        const PRICES: [(&str, &str, Price); 1] = [("Query", "books", Price::call(500).counted(500))];
        Costs { prices: &PRICES, change: |_| 20, ..Costs::default() }
    }

    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    fn authenticate<'a>(&'a self, credentials: Credentials<'a>) -> BoxFuture<'a, Result<Identity, Unproved>> {
        Box::pin(async move {
            match credentials {
                Credentials::None => Ok(Identity { account: None, name: None, until: None, viewer: Arc::new(Reader::Public) }),
                Credentials::Bearer(STAFF) => {
                    Ok(Identity { account: Some(Uuid::nil()), name: Some(STAFF.to_owned()), until: None, viewer: Arc::new(Reader::Staff) })
                }
                Credentials::Bearer(_) | Credentials::Ticket { .. } => Err(Unproved::Invalid("nobody has this token".to_owned())),
            }
        })
    }

    fn prepare(&self, request: Request, _: product::Context) -> Request {
        request.data(self.clone())
    }

    fn open(&self, _: OperationType, field: &str, identity: &Identity) -> Result<(), Closed> {
        if field == "orders" && identity.viewer::<Reader>() != Some(&Reader::Staff) {
            let text = Text::new("请先登录。", "Sign in first.");
            return Err(Closed { code: Code::Unauthenticated, reason: "SIGN_IN_FIRST", text });
        }
        Ok(())
    }

    fn revision(&self) -> Option<String> {
        Some(self.0.count.borrow().to_string())
    }

    fn check(&self) -> BoxFuture<'_, Vec<Check>> {
        Box::pin(async { vec![Check { name: "shelves", state: "OK", is_good: true }] })
    }

    fn feed(&self) -> Option<&dyn Feed> {
        Some(self)
    }
}

impl Feed for Library {
    fn follow(&self) -> Box<dyn Following> {
        Box::new(Follower(self.0.count.subscribe()))
    }

    fn seen_revision(&self) -> Option<String> {
        self.revision()
    }

    fn last_event(&self) -> BoxFuture<'_, Result<i64, BoxError>> {
        let count = *self.0.count.borrow();
        Box::pin(async move { Ok(count) })
    }

    fn events(&self, _: Asked, _: Arc<dyn Opaque>, after: i64, until: i64, most: u64) -> BoxFuture<'static, Result<Vec<Event>, BoxError>> {
        let titles = self.0.titles.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let numbered = (1_i64..).zip(titles).filter(|(number, _)| (after.saturating_add(1)..=until).contains(number));
        let event = |(sequence, title): (i64, String)| {
            let value: Arc<dyn Any + Send + Sync> = Arc::new(title);
            Event { sequence, id: sequence.to_string(), value }
        };
        let events = numbered.take(usize::try_from(most).unwrap_or(usize::MAX)).map(event).collect();
        Box::pin(async { Ok(events) })
    }
}

struct Follower(watch::Receiver<i64>);

impl Following for Follower {
    fn news(&mut self) -> BoxFuture<'_, News> {
        let last_event = *self.0.borrow_and_update();
        Box::pin(async move { News { last_event, standing: 0 } })
    }

    fn seen(&self) -> News {
        News { last_event: *self.0.borrow(), standing: 0 }
    }

    fn changed(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            let _ = self.0.changed().await;
        })
    }
}
