//! The matrix: what the policy decides for each row and column.

use std::{collections::BTreeSet, fmt::Write as _};

use entity::Action;
use minsheng::{
    access::{
        policy::{self, Decision},
        reason::Reason,
    },
    domain::language::Language,
};
use sea_orm::Iterable as _;

use super::{
    compare_section, name_of,
    places::{Column, Places},
    rows::{Question, Row, tables},
};

/// What the policy decides for a row and a column, which must be one thing.
fn cell(places: &Places, column: &Column, row: &Row) -> Decision {
    let mut decided: Option<Decision> = None;
    for viewer in &column.viewers {
        for action in row.actions.iter().copied() {
            for resource in (row.resources)(&Question { places, viewer, action }) {
                let decision = policy::decide(viewer, action, &resource);
                let first = *decided.get_or_insert(decision);
                assert_eq!(
                    decision, first,
                    "the row “{}” is not one row for “{}”: split it; the difference is {action:?} on {resource:?} for {viewer:?}",
                    row.english, column.title
                );
            }
        }
    }
    decided.expect("a row and a column hold something")
}

fn shown(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "✓",
        Decision::Hide => "–",
        Decision::Forbid(reason) => reason.word(),
    }
}

/// Every reason, in the order of the legend. The match makes a new one known here: it does not compile without.
fn reasons() -> Vec<Reason> {
    const ALL: [Reason; 24] = [
        Reason::SignInFirst,
        Reason::PasswordTemporary,
        Reason::RoleMayNot,
        Reason::OutsideJurisdiction,
        Reason::MoreThanYouHave,
        Reason::OwnAccount,
        Reason::ReadOnlyKey,
        Reason::NotByKey,
        Reason::NotSignedInHere,
        Reason::AlreadyLocked,
        Reason::NotLocked,
        Reason::LastAdmin,
        Reason::AlreadyEnded,
        Reason::NotAssigned,
        Reason::NotLead,
        Reason::OtherJurisdiction,
        Reason::InternalElsewhere,
        Reason::NotYourReport,
        Reason::NotIssued,
        Reason::TaskClosed,
        Reason::TaskSuspended,
        Reason::NotSuspended,
        Reason::AlreadyClaimed,
        Reason::NotClaimed,
    ];
    let place = |reason: Reason| match reason {
        Reason::SignInFirst => 0,
        Reason::PasswordTemporary => 1,
        Reason::RoleMayNot => 2,
        Reason::OutsideJurisdiction => 3,
        Reason::MoreThanYouHave => 4,
        Reason::OwnAccount => 5,
        Reason::ReadOnlyKey => 6,
        Reason::NotByKey => 7,
        Reason::NotSignedInHere => 8,
        Reason::AlreadyLocked => 9,
        Reason::NotLocked => 10,
        Reason::LastAdmin => 11,
        Reason::AlreadyEnded => 12,
        Reason::NotAssigned => 13,
        Reason::NotLead => 14,
        Reason::OtherJurisdiction => 15,
        Reason::InternalElsewhere => 16,
        Reason::NotYourReport => 17,
        Reason::NotIssued => 18,
        Reason::TaskClosed => 19,
        Reason::TaskSuspended => 20,
        Reason::NotSuspended => 21,
        Reason::AlreadyClaimed => 22,
        Reason::NotClaimed => 23,
    };
    assert!(ALL.iter().enumerate().all(|(index, reason)| place(*reason) == index));
    ALL.to_vec()
}

fn matrix() -> String {
    let places = Places::new();
    let mut text = String::new();
    for table in tables() {
        let columns = (table.columns)(&places);
        let titles: Vec<&str> = columns.iter().map(|column| column.title).collect();
        let rule = "|---|---|".to_owned() + &":-:|".repeat(columns.len());
        write!(text, "\n### {}\n\n| 操作<br>action | 对象<br>on what | {} |\n{rule}\n", table.heading, titles.join(" | ")).unwrap();
        for row in table.rows {
            let (chinese, english): (Vec<String>, Vec<String>) = row.actions.iter().map(|action| name_of(*action)).unzip();
            let cells: Vec<&str> = columns.iter().map(|column| shown(cell(&places, column, &row))).collect();
            let actions = match row.called {
                Some((chinese, english)) => format!("{chinese}<br>{english}"),
                None => format!("{}<br>{}", chinese.join("、"), english.join("; ")),
            };
            writeln!(text, "| {actions} | {}<br>{} | {} |", row.chinese, row.english, cells.join(" | ")).unwrap();
        }
    }
    text.push_str("\n### 图例 · Legend\n\n| 格 cell | 含义 | meaning |\n|---|---|---|\n");
    text.push_str("| ✓ | 可以。 | It may be done. |\n");
    text.push_str("| – | 不可见：与不存在没有区别。 | Hidden: it cannot be told from what does not exist. |\n");
    for reason in reasons() {
        let sentence = reason.text();
        let (chinese, english) = (sentence.in_language(Language::Chinese), sentence.in_language(Language::English));
        writeln!(text, "| {} | {chinese} | {english} |", reason.word()).unwrap();
    }
    text.push('\n');
    text
}

pub fn the_docs_show_what_the_policy_decides() {
    compare_section("matrix", &matrix());
}

pub fn every_action_is_in_the_matrix() {
    let shown: BTreeSet<Action> = tables().into_iter().flat_map(|table| table.rows).flat_map(|row| row.actions).collect();
    let all: BTreeSet<Action> = Action::iter().collect();
    assert_eq!(shown, all, "an action has no row");
    let rows: usize = tables().iter().map(|table| table.rows.len()).sum();
    assert!((60..=130).contains(&rows), "{rows} rows: enough to say all, and few enough to be read");
}
