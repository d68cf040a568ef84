//! Who may do what, as people read it: `docs/ACCESS.md` shows what the policy decides, and the policy names every root field.
//!
//! `MINSHENG_UPDATE=1 cargo test --test integration -- access::the_docs` writes both tables into the page; the difference is for a reader to
//! judge.

mod matrix;
mod places;
mod report_rows;
mod root_field;
mod rows;
mod rule;
mod task_rows;

use std::{
    collections::BTreeMap,
    env, fs,
    path::Path,
    sync::{LazyLock, Mutex, PoisonError},
};

use async_graphql_parser::{
    parse_schema,
    types::{TypeKind, TypeSystemDefinition},
};
use entity::Action;
use serde::Serialize;

use crate::plain_cases;
use matrix::{every_action_is_in_the_matrix, the_docs_show_what_the_policy_decides};
use root_field::{
    a_change_that_is_open_to_anybody_has_a_reason, a_field_that_is_not_for_everybody_says_what_it_needs,
    a_root_field_that_nobody_has_opened_is_noticed, every_root_field_is_named_in_the_policy, the_docs_show_who_may_call_what,
};
pub use root_field::{differences, named_in_the_policy};
use rule::{a_field_that_says_whether_something_may_be_done_is_of_one_action, what_changes_nothing_is_read};

plain_cases![
    the_docs_show_what_the_policy_decides,
    every_action_is_in_the_matrix,
    the_docs_show_who_may_call_what,
    every_root_field_is_named_in_the_policy,
    a_root_field_that_nobody_has_opened_is_noticed,
    a_field_that_is_not_for_everybody_says_what_it_needs,
    a_change_that_is_open_to_anybody_has_a_reason,
    a_field_that_says_whether_something_may_be_done_is_of_one_action,
    what_changes_nothing_is_read,
];

/// Compares a section of the page with what it should be, or writes it.
fn compare_section(name: &str, expected: &str) {
    // One at a time: two that write the page at once would each lose what the other wrote.
    static WRITING: Mutex<()> = Mutex::new(());
    let _turn = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ACCESS.md");
    let page = fs::read_to_string(&file).expect("docs/ACCESS.md");
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("docs/ACCESS.md has no line {begin:?}"));
    let (section, after) = rest.split_once(&end).unwrap_or_else(|| panic!("docs/ACCESS.md has no line {end:?}"));
    if section == expected {
        return;
    }
    let command = "MINSHENG_UPDATE=1 cargo test --test integration -- access::the_docs";
    if env::var_os("MINSHENG_UPDATE").is_some() {
        fs::write(&file, format!("{before}{begin}{expected}{end}{after}")).expect("docs/ACCESS.md is written");
        println!("docs/ACCESS.md: the section `{name}` was written anew; read the difference");
        return;
    }
    let differing = section.lines().zip(expected.lines()).find(|(shown, decided)| shown != decided);
    let difference = differing.map_or_else(
        || format!("{} lines there, {} expected", section.lines().count(), expected.lines().count()),
        |(shown, decided)| format!("the first difference:\n  page:   {shown}\n  policy: {decided}"),
    );
    panic!(
        "the section `{name}` of docs/ACCESS.md is not what the policy says; {difference}\nwrite it anew with\n  {command}\nand read what changed"
    );
}

/// The word of an enumeration, as in the schema.
fn word(value: impl Serialize) -> String {
    serde_json::to_value(value).expect("a word").as_str().expect("a word").to_owned()
}

/// What an action is called in both languages: the schema says it already.
fn name_of(action: Action) -> (String, String) {
    static NAMES: LazyLock<BTreeMap<String, (String, String)>> = LazyLock::new(names);
    NAMES.get(&word(action)).cloned().expect("an action of the schema")
}

fn names() -> BTreeMap<String, (String, String)> {
    let document = parse_schema(minsheng::graphql::sdl()).expect("the schema parses");
    let mut found = BTreeMap::new();
    for definition in &document.definitions {
        if let TypeSystemDefinition::Type(definition) = definition
            && definition.node.name.node == "Action"
            && let TypeKind::Enum(actions) = &definition.node.kind
        {
            for value in &actions.values {
                let text = &value.node.description.as_ref().expect("a description").node;
                let (chinese, english) = text.split_once("。\n\n").expect("both languages");
                found.insert(value.node.value.node.to_string(), (chinese.to_owned(), english.trim_end_matches('.').to_owned()));
            }
        }
    }
    found
}
