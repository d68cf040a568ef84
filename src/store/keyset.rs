//! Keyset pages: rows after a place, not rows after a count, so that an insert neither repeats nor skips a row.

use std::{collections::HashMap, hash::Hash};

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait as _, EntityTrait, FromQueryResult as _, IntoSimpleExpr as _, QueryFilter as _, QueryResult,
    QuerySelect as _, QueryTrait as _, Select, TryGetable, Value,
    sea_query::{Alias, Asterisk, Expr, ExprTrait as _, Func, Order, OverStatement as _, Query, SelectStatement, WindowStatement},
};
use uuid::Uuid;

use super::{StoreError, reader::Reader};
use crate::domain::page::{Cursor, Direction, Page, PageRequest};

/// Whether the first row has the lowest or the highest key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum OrderDirection {
    /// Lowest first.
    #[default]
    Ascending,
    /// Highest first.
    Descending,
}

/// The order of a list: its keys, which are whole numbers, and the id that settles ties.
#[derive(Clone, Debug)]
pub struct Ordering {
    list: &'static str,
    keys: Vec<(Expr, OrderDirection)>,
    id: Expr,
}

impl Ordering {
    /// The order of `list` by `keys`, then by id. The name ties a cursor to this list in this order.
    pub(super) fn new(list: &'static str, keys: Vec<(Expr, OrderDirection)>, id: Expr) -> Self {
        Self { list, keys, id }
    }

    /// This order for another list: a cursor of a parent's rows is not valid in the list of all.
    pub(super) fn of_list(mut self, list: &'static str) -> Self {
        self.list = list;
        self
    }

    /// Makes the descending of ascending and the reverse.
    pub(super) fn turned(mut self, direction: OrderDirection, reversed_list: &'static str) -> Self {
        if direction == OrderDirection::Descending {
            self.list = reversed_list;
            for (_, direction) in &mut self.keys {
                *direction = match direction {
                    OrderDirection::Ascending => OrderDirection::Descending,
                    OrderDirection::Descending => OrderDirection::Ascending,
                };
            }
        }
        self
    }

    /// Where a request starts and ends.
    fn places(&self, request: &PageRequest) -> Result<Places, StoreError> {
        let place = |opaque: &Option<String>, argument| match opaque {
            None => Ok(None),
            Some(opaque) => Cursor::decode(opaque, self.list, self.keys.len()).map(Some).ok_or(StoreError::Cursor { argument }),
        };
        Ok(Places { after: place(&request.after, "after")?, before: place(&request.before, "before")? })
    }

    fn by(&self, direction: Direction) -> Vec<(Expr, Order)> {
        let keys = self.keys.iter().map(|(key, order)| (key.clone(), *order));
        keys.chain([(self.id.clone(), OrderDirection::Ascending)])
            .map(|(key, order)| {
                let ascending = (order == OrderDirection::Ascending) == (direction == Direction::Forward);
                (key, if ascending { Order::Asc } else { Order::Desc })
            })
            .collect()
    }

    /// The rows on one side of a place: behind it in the list (`Forward`) or ahead of it.
    fn beyond(&self, place: &Cursor, direction: Direction) -> Condition {
        let keys = self.keys.iter().zip(&place.keys).map(|((key, order), value)| (key.clone(), *order, Value::from(*value)));
        let id = (self.id.clone(), OrderDirection::Ascending, Value::from(place.id));
        let mut any = Condition::any();
        let mut equal = Condition::all();
        for (key, order, value) in keys.chain([id]) {
            let greater = (order == OrderDirection::Ascending) == (direction == Direction::Forward);
            let past = if greater { key.clone().gt(value.clone()) } else { key.clone().lt(value.clone()) };
            any = any.add(equal.clone().add(past));
            equal = equal.add(key.eq(value));
        }
        any
    }

    /// The row at a place, if it is still there, and all rows on one side of it.
    fn from(&self, place: &Cursor, direction: Direction) -> Condition {
        self.beyond(place, direction).add(self.id.clone().eq(place.id))
    }

    fn cursor(&self, row: &QueryResult, id: Uuid) -> Result<Cursor, StoreError> {
        let keys = (0..self.keys.len()).map(|index| whole_number(row, &key_alias(index))).collect::<Result<_, _>>()?;
        Ok(Cursor { list: self.list.to_owned(), keys, id })
    }
}

/// The cursors of a request, read.
struct Places {
    after: Option<Cursor>,
    before: Option<Cursor>,
}

impl Places {
    /// The cursors beyond which rows may lie: behind the page's start and past its end, both seen in its direction.
    fn outside(&self, direction: Direction) -> [(Option<&Cursor>, Direction); 2] {
        match direction {
            Direction::Forward => [(self.after.as_ref(), Direction::Backward), (self.before.as_ref(), Direction::Forward)],
            Direction::Backward => [(self.before.as_ref(), Direction::Forward), (self.after.as_ref(), Direction::Backward)],
        }
    }

    /// Only the rows between the cursors.
    fn bound<E: EntityTrait>(&self, mut select: Select<E>, ordering: &Ordering) -> Select<E> {
        if let Some(after) = &self.after {
            select = select.filter(ordering.beyond(after, Direction::Forward));
        }
        if let Some(before) = &self.before {
            select = select.filter(ordering.beyond(before, Direction::Backward));
        }
        select
    }
}

/// `PostgreSQL` returns an `integer` column as 32 bits and a computed key as 64.
fn whole_number(row: &QueryResult, column: &str) -> Result<i64, StoreError> {
    Ok(row.try_get::<i64>("", column).or_else(|_| row.try_get::<i32>("", column).map(i64::from))?)
}

fn key_alias(index: usize) -> String {
    format!("key_{index}")
}

const ID_ALIAS: &str = "key_id";
const PARENT_ALIAS: &str = "key_parent";
const RANK_ALIAS: &str = "key_rank";

/// One page of all rows that `select` finds.
pub(super) async fn page<E>(
    connection: &Reader,
    select: Select<E>,
    ordering: &Ordering,
    request: &PageRequest,
) -> Result<Page<E::Model>, StoreError>
where
    E: EntityTrait,
{
    let places = ordering.places(request)?;
    let total = if request.counted { Some(count(connection, &select).await?) } else { None };
    let mut query = with_keys(places.bound(select.clone(), ordering), ordering);
    for (key, order) in ordering.by(request.direction) {
        query.order_by_expr(key, order);
    }
    query.limit(u64::from(request.size).saturating_add(1));
    let rows = connection.query_all(&query).await?;
    let rows = rows.iter().map(|row| parse::<E>(ordering, row)).collect::<Result<Vec<_>, _>>()?;
    let mut outside = [false, false];
    for (found, (place, side)) in outside.iter_mut().zip(places.outside(request.direction)) {
        if let Some(place) = place {
            let rest = select.clone().filter(ordering.from(place, side));
            *found = connection.query_one(rest.select_only().expr(Expr::val(1)).limit(1).as_query()).await?.is_some();
        }
    }
    Ok(assemble(rows, request, outside, total))
}

/// One page of the rows of each parent, all parents in the same statements.
pub(super) async fn pages<E, C, P>(
    connection: &Reader,
    select: Select<E>,
    parent: C,
    parents: &[P],
    ordering: &Ordering,
    request: &PageRequest,
) -> Result<HashMap<P, Page<E::Model>>, StoreError>
where
    E: EntityTrait,
    C: ColumnTrait,
    P: Copy + Eq + Hash + TryGetable + Into<Value>,
{
    let places = ordering.places(request)?;
    let select = select.filter(parent.is_in(parents.iter().copied()));
    let mut totals = HashMap::new();
    if request.counted {
        let counts =
            select.clone().select_only().column_as(parent, PARENT_ALIAS).column_as(Expr::val(1).count(), RANK_ALIAS).group_by(parent);
        for row in connection.query_all(counts.as_query()).await? {
            let total = u64::try_from(whole_number(&row, RANK_ALIAS)?).unwrap_or_default();
            totals.insert(row.try_get::<P>("", PARENT_ALIAS)?, total);
        }
    }
    let mut outside: HashMap<P, [bool; 2]> = HashMap::new();
    for (end, (place, side)) in places.outside(request.direction).into_iter().enumerate() {
        if let Some(place) = place {
            let rest = select.clone().filter(ordering.from(place, side)).select_only().column_as(parent, PARENT_ALIAS).distinct();
            for row in connection.query_all(rest.as_query()).await? {
                let found = outside.entry(row.try_get::<P>("", PARENT_ALIAS)?).or_default();
                found.iter_mut().skip(end).take(1).for_each(|found| *found = true);
            }
        }
    }
    let mut found: HashMap<P, Vec<(Cursor, E::Model)>> = HashMap::new();
    for row in connection.query_all(&ranked(places.bound(select, ordering), parent, ordering, request)).await? {
        found.entry(row.try_get::<P>("", PARENT_ALIAS)?).or_default().push(parse::<E>(ordering, &row)?);
    }
    Ok(parents
        .iter()
        .map(|parent| {
            let rows = found.remove(parent).unwrap_or_default();
            let total = request.counted.then(|| totals.get(parent).copied().unwrap_or_default());
            (*parent, assemble(rows, request, outside.get(parent).copied().unwrap_or_default(), total))
        })
        .collect())
}

/// The first rows of each parent. Both databases have `row_number()` for it.
fn ranked<E: EntityTrait, C: ColumnTrait>(select: Select<E>, parent: C, ordering: &Ordering, request: &PageRequest) -> SelectStatement {
    let mut window = WindowStatement::new();
    window.add_partition_by(parent.into_simple_expr());
    for (key, order) in ordering.by(request.direction) {
        window.order_by_expr(key, order);
    }
    let mut inner = with_keys(select, ordering);
    inner.expr_as(parent.into_simple_expr(), PARENT_ALIAS).expr_window_as(Func::cust("row_number"), window, RANK_ALIAS);
    Query::select()
        .column(Asterisk)
        .from_subquery(inner, "ranked")
        .and_where(Expr::col(Alias::new(RANK_ALIAS)).lte(i64::from(request.size).saturating_add(1)))
        .order_by(Alias::new(RANK_ALIAS), Order::Asc)
        .take()
}

async fn count<E: EntityTrait>(connection: &Reader, select: &Select<E>) -> Result<u64, StoreError> {
    let counted = select.clone().select_only().column_as(Expr::val(1).count(), RANK_ALIAS);
    let row = connection.query_one(counted.as_query()).await?;
    Ok(row.map_or(Ok(0), |row| whole_number(&row, RANK_ALIAS))?.try_into().unwrap_or_default())
}

fn with_keys<E: EntityTrait>(select: Select<E>, ordering: &Ordering) -> SelectStatement {
    let mut query = select.into_query();
    for (index, (key, _)) in ordering.keys.iter().enumerate() {
        query.expr_as(key.clone(), Alias::new(key_alias(index)));
    }
    query.expr_as(ordering.id.clone(), ID_ALIAS);
    query
}

fn parse<E: EntityTrait>(ordering: &Ordering, row: &QueryResult) -> Result<(Cursor, E::Model), StoreError> {
    let cursor = ordering.cursor(row, row.try_get::<Uuid>("", ID_ALIAS)?)?;
    Ok((cursor, E::Model::from_query_result(row, "")?))
}

/// `outside` says whether rows lie behind the cursor at which the page starts and past the one at which it must end.
fn assemble<T>(mut rows: Vec<(Cursor, T)>, request: &PageRequest, outside: [bool; 2], total: Option<u64>) -> Page<T> {
    let size = usize::try_from(request.size).unwrap_or(usize::MAX);
    let [behind, past] = outside;
    let more = rows.len() > size || past;
    rows.truncate(size);
    let (has_previous, has_next) = match request.direction {
        Direction::Forward => (behind, more),
        Direction::Backward => {
            rows.reverse();
            (more, behind)
        }
    };
    Page { rows, has_previous, has_next, total }
}
