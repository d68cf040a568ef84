//! 横向比较: who promised how much under an indicator, who delivers, who is behind, and who has no such item.
//!
//! A row is one jurisdiction in one year. A city's figure contains its districts', so rows of different levels never meet. Everything in it can be rebuilt by hand from the targets and tasks that it names: see
//! `docs/COMPARISON.md`.

mod combine;
mod rank;

use std::collections::{BTreeMap, BTreeSet};

use entity::{JurisdictionId, NoticeId, StatusLight, TargetId, TaskId};
use rust_decimal::Decimal;

pub use combine::{Combined, Counted, Obstacle, combined, counted};
pub use rank::Rank;

use crate::domain::{
    catalogue::indicator::Indicator,
    language::Text,
    notices::notice::Notice,
    places::jurisdiction::Tree,
    progress::{
        completion::TooLarge,
        dossier::{Dossier, TaskState},
    },
    share::Share,
};

/// A task, and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// All that is known of it.
    pub dossier: &'a Dossier,
    /// Where it stands.
    pub state: &'a TaskState,
}

/// The promise of a jurisdiction under an indicator for a year, and its progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The jurisdiction.
    pub jurisdiction_id: JurisdictionId,
    /// The year.
    pub year: i32,
    /// The notice that says so.
    pub notice_id: NoticeId,
    /// The figures of all its targets under the indicator, as one.
    pub figures: Combined,
    /// 灯: the light of its task, or the most worrying of several.
    pub light: StatusLight,
    /// 名次: among the jurisdictions of its level in its year; `None` where it cannot be compared.
    pub rank: Option<Rank>,
    /// 占上级目标的比重: its target ÷ the target of the level above in the same year; `None` for a rate, and if the level above has no target.
    pub share_of_parent_target: Option<Share>,
    /// The target of the level above that this is a share of.
    pub parent_target: Option<Decimal>,
    /// 比上年增减: its target less that of the year before; `None` where there is none.
    pub change_from_previous_year: Option<Decimal>,
    /// The targets behind the figures, parts of others left out.
    pub targets: Vec<TargetId>,
    /// The tasks behind them, by number.
    pub tasks: Vec<TaskId>,
    /// Whether anything in it was invented for a demo.
    pub demonstration: bool,
}

/// A jurisdiction that has no such item in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// The jurisdiction.
    pub jurisdiction_id: JurisdictionId,
    /// The year.
    pub year: i32,
    /// Its notice of that year, which does not name the item; `None` if no notice is known.
    pub notice_id: Option<NoticeId>,
}

/// Every jurisdiction that has targets under an indicator, in every year: in the official order, then by year.
///
/// Ranks, shares and changes are computed among all of them, so they do not depend on the requested ones.
///
/// # Errors
/// A sum of figures is larger than any decimal.
pub fn rows(indicator: &Indicator, tree: &Tree, items: &[Item<'_>]) -> Result<Vec<Row>, TooLarge> {
    let mut places: BTreeMap<(i32, i32, NoticeId), Vec<Item<'_>>> = BTreeMap::new();
    for item in items {
        let notice = &item.dossier.notice;
        let position = tree.by_id(notice.jurisdiction_id).map_or(i32::MAX, |jurisdiction| jurisdiction.position);
        places.entry((position, notice.year, notice.id)).or_default().push(*item);
    }
    let mut rows = Vec::new();
    for of_notice in places.values() {
        rows.extend(row(indicator, of_notice)?);
    }
    let linked: Vec<_> = rows.iter().map(|row| (parent_target(row, &rows, tree), change(row, &rows))).collect();
    let ranks = rank::ranks(&rows, tree);
    for ((row, (parent, change)), rank) in rows.iter_mut().zip(linked).zip(ranks) {
        row.share_of_parent_target = row.figures.target.zip(parent).and_then(|(target, parent)| Share::of(target, parent));
        (row.parent_target, row.change_from_previous_year, row.rank) = (parent, change, rank);
    }
    Ok(rows)
}

/// Which of these jurisdictions have no such item in which of these years, by year and then in the official order.
#[must_use]
pub fn absent(rows: &[Row], notices: &[Notice], places: &[JurisdictionId], years: &BTreeSet<i32>) -> Vec<Absence> {
    let has_it: BTreeSet<(JurisdictionId, i32)> = rows.iter().map(|row| (row.jurisdiction_id, row.year)).collect();
    let notices: BTreeMap<(JurisdictionId, i32), NoticeId> =
        notices.iter().map(|notice| ((notice.jurisdiction_id, notice.year), notice.id)).collect();
    let all = years.iter().flat_map(|year| places.iter().map(move |place| (*place, *year)));
    all.filter(|place| !has_it.contains(place))
        .map(|(jurisdiction_id, year)| Absence { jurisdiction_id, year, notice_id: notices.get(&(jurisdiction_id, year)).copied() })
        .collect()
}

/// The row of a notice; `None` if no task of it has a target under the indicator.
fn row(indicator: &Indicator, items: &[Item<'_>]) -> Result<Option<Row>, TooLarge> {
    let counted: Vec<(Item<'_>, Counted<'_>)> = items
        .iter()
        .flat_map(|item| counted(indicator.id, item.dossier, &item.state.completion).into_iter().map(move |counted| (*item, counted)))
        .collect();
    let Some((first, _)) = counted.first() else { return Ok(None) };
    let notice = &first.dossier.notice;
    let mut behind: Vec<Item<'_>> = counted.iter().map(|(item, _)| *item).collect();
    behind.sort_by_key(|item| item.dossier.task.number);
    behind.dedup_by_key(|item| item.dossier.task.id);
    let figures = combined(indicator, &counted.iter().map(|(_, counted)| *counted).collect::<Vec<_>>())?;
    Ok(Some(Row {
        jurisdiction_id: notice.jurisdiction_id,
        year: notice.year,
        notice_id: notice.id,
        figures,
        light: most_worrying(behind.iter().map(|item| item.state.verdict.light)),
        rank: None,
        share_of_parent_target: None,
        parent_target: None,
        change_from_previous_year: None,
        targets: counted.iter().map(|(_, counted)| counted.goal.target().id).collect(),
        tasks: behind.iter().map(|item| item.dossier.task.id).collect(),
        demonstration: behind.iter().any(|item| item.state.demonstration),
    }))
}

/// The light that wants attention first. Grey stands behind yellow: nothing is known yet, where green knows that all is well.
fn most_worrying(lights: impl Iterator<Item = StatusLight>) -> StatusLight {
    let order = [StatusLight::Red, StatusLight::Yellow, StatusLight::Grey, StatusLight::Green, StatusLight::Blue];
    let place = |light: &StatusLight| order.iter().position(|other| other == light);
    lights.min_by_key(place).unwrap_or(StatusLight::Grey)
}

fn parent_target(row: &Row, rows: &[Row], tree: &Tree) -> Option<Decimal> {
    let parent = tree.by_id(row.jurisdiction_id)?.parent_id?;
    let above = rows.iter().find(|other| other.jurisdiction_id == parent && other.year == row.year)?;
    if !(row.figures.adds_up && above.figures.adds_up) {
        return None;
    }
    row.figures.target.and(above.figures.target)
}

impl Row {
    /// Why its share of the target above is more than all of it; `None` where it is not.
    #[must_use]
    pub fn above_parent(&self) -> Option<Text> {
        let (target, parent) = self.figures.target.zip(self.parent_target).filter(|(target, parent)| target > parent)?;
        let (target, parent) = (target.normalize(), parent.normalize());
        Some(Text::new(
            format!(
                "本级通知承诺 {target}，多于上级目标 {parent}：超出部分是本级自加的，不是上级目标的一部分；分到本级的份额见上级目标的 breakdown。"
            ),
            format!(
                "Its own notice promises {target}, more than the target of {parent} above it: what is beyond is its own and no part of that. See the `breakdown` of the target above for its share."
            ),
        ))
    }
}

fn change(row: &Row, rows: &[Row]) -> Option<Decimal> {
    let before = rows.iter().find(|other| other.jurisdiction_id == row.jurisdiction_id && row.year.checked_sub(1) == Some(other.year))?;
    row.figures.target?.checked_sub(before.figures.target?)
}

#[cfg(test)]
mod tests;
