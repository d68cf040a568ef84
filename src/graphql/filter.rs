//! How much a filter may ask for: every choice is a value of a statement, and a long text a long search.

use async_graphql::{Context, ID, Result};

use super::{
    error,
    id::{self, GlobalId},
};
use crate::domain::language::Text;

/// How many choices a list of a filter may hold.
const CHOICES: usize = 100;

/// How many characters a text to search for may have.
const CHARACTERS: usize = 100;

/// The text to search for, if it is short enough.
pub(super) fn text(context: &Context<'_>, text: Option<String>) -> Result<Option<String>> {
    let count = text.as_ref().map_or(0, |text| text.chars().count());
    if count <= CHARACTERS {
        return Ok(text);
    }
    let message = Text::new(
        format!("搜索文字至多 {CHARACTERS} 个字，收到 {count} 个。请用其中一段搜索。"),
        format!("A text to search for has at most {CHARACTERS} characters, not {count}. Search for a part of it."),
    );
    Err(error::bad_input(context, "filter.text", &message))
}

/// The choices of the filter's field `argument`, if they are few enough.
pub(super) fn choices<T, U: From<T>>(context: &Context<'_>, argument: &str, choices: Option<Vec<T>>) -> Result<Option<Vec<U>>> {
    let count = choices.as_ref().map_or(0, Vec::len);
    if count <= CHOICES {
        return Ok(choices.map(|choices| choices.into_iter().map(U::from).collect()));
    }
    let message = Text::new(
        format!("一次至多选 {CHOICES} 项，收到 {count} 项。请分几次查询。"),
        format!("At most {CHOICES} choices at once, not {count}. Ask in several requests."),
    );
    Err(error::bad_input(context, &format!("filter.{argument}"), &message))
}

/// The ids of the filter's field `argument`, if they are few enough and of what it wants.
pub(super) fn ids<I: GlobalId>(context: &Context<'_>, argument: &str, ids: Option<Vec<ID>>) -> Result<Option<Vec<I>>> {
    let Some(ids) = choices::<ID, ID>(context, argument, ids)? else { return Ok(None) };
    let decoded = ids.iter().enumerate().map(|(index, id)| id::decode(context, &format!("filter.{argument}.{index}"), id));
    decoded.collect::<Result<Vec<_>>>().map(Some)
}
