//! What others report of the same target, and what a reviewer is told of it. Nothing here is refused: two units may well have done the same.

use rust_decimal::Decimal;

use super::Warning;
use crate::domain::progress::completion::Makeup;

/// What others have reported of a target, as far as it bears on the figure of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// Whose figures make that of the target.
    pub makeup: Makeup,
    /// Whether this unit's is one of them.
    pub is_counted: bool,
    /// Whether it leads the task, so that its figure is meant to be the whole.
    pub is_lead: bool,
    /// What others report that is counted, together; `None` where nobody does.
    pub counted: Option<Decimal>,
    /// What others report that is not counted, together; `None` where nobody does.
    pub uncounted: Option<Decimal>,
    /// What each of the others reports that is counted.
    pub figures: Vec<Decimal>,
}

impl Default for Beside {
    fn default() -> Self {
        Self { makeup: Makeup::Lead, is_counted: true, is_lead: true, counted: None, uncounted: None, figures: Vec::new() }
    }
}

impl Beside {
    /// What a reviewer should look at in the figure of a unit with or without a share.
    pub(super) fn warnings(&self, value: Decimal, share: Option<Decimal>) -> impl Iterator<Item = Warning> {
        let above = share.filter(|share| self.makeup == Makeup::Shares && value > *share).map(|share| Warning::AboveShare { share });
        [above, self.twice(value).or_else(|| self.disagreement(value))].into_iter().flatten()
    }

    /// The same figure again, where it is not added, or would be added to itself. Those with shares may well have done as much as another.
    fn twice(&self, value: Decimal) -> Option<Warning> {
        let is_told = value > Decimal::ZERO && (self.counted == Some(value) || self.figures.contains(&value));
        let is_repeated = match self.makeup {
            Makeup::Lead | Makeup::Shares => !self.is_counted,
            Makeup::Leads => true,
            Makeup::Latest => false,
        };
        (is_told && is_repeated).then_some(Warning::ReportedTwice { figure: value, is_added: self.is_counted })
    }

    /// The whole and what it is made of, where they contradict each other.
    fn disagreement(&self, value: Decimal) -> Option<Warning> {
        let disagree = |whole: Decimal, parts: Decimal| Warning::PartsDisagree { whole, parts };
        match (self.makeup, self.is_counted) {
            // The lead's total beside the shares: it is to be their sum.
            (Makeup::Shares, false) if self.is_lead => self.counted.filter(|parts| *parts != value).map(|parts| disagree(value, parts)),
            // Another share, with which they come to more than the total that somebody stated.
            (Makeup::Shares, true) => {
                let parts = self.counted.unwrap_or_default().checked_add(value)?;
                self.uncounted.filter(|whole| parts > *whole).map(|whole| disagree(whole, parts))
            }
            // What others did is in the lead's figure, so it is no less than that.
            (Makeup::Lead, true) => self.uncounted.filter(|parts| *parts > value).map(|parts| disagree(value, parts)),
            (Makeup::Lead, false) => {
                let parts = self.uncounted.unwrap_or_default().checked_add(value)?;
                self.counted.filter(|whole| parts > *whole).map(|whole| disagree(whole, parts))
            }
            (Makeup::Shares, false) | (Makeup::Leads | Makeup::Latest, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(beside: &Beside, value: i64, share: Option<i64>) -> Vec<&'static str> {
        beside.warnings(value.into(), share.map(Decimal::from)).map(Warning::word).collect()
    }

    #[test]
    fn what_a_supporting_unit_repeats_is_told_and_not_added() {
        let lead = |counted: i64| Beside {
            is_counted: false,
            is_lead: false,
            counted: Some(counted.into()),
            figures: vec![counted.into()],
            ..Beside::default()
        };
        assert_eq!(words(&lead(30), 30, None), ["REPORTED_TWICE"]);
        assert_eq!(words(&lead(30), 20, None), [""; 0], "it is in the lead's");
        assert_eq!(words(&lead(30), 31, None), ["PARTS_DISAGREE"]);
        assert_eq!(words(&lead(0), 0, None), [""; 0], "nothing done twice is nothing");
        let others = |uncounted: i64| Beside { uncounted: Some(uncounted.into()), ..Beside::default() };
        assert_eq!(words(&others(30), 30, None), [""; 0], "the lead has what the other did");
        assert_eq!(words(&others(31), 30, None), ["PARTS_DISAGREE"]);
    }

    #[test]
    fn a_total_is_checked_against_the_shares() {
        let figures = vec![Decimal::from(200), Decimal::from(100)];
        let total = Beside {
            makeup: Makeup::Shares,
            is_counted: false,
            is_lead: true,
            counted: Some(300.into()),
            figures: figures.clone(),
            ..Beside::default()
        };
        assert_eq!(words(&total, 300, None), ["REPORTED_TWICE"]);
        assert_eq!(words(&total, 310, None), ["PARTS_DISAGREE"]);
        let share = Beside {
            makeup: Makeup::Shares,
            is_lead: false,
            counted: Some(200.into()),
            uncounted: Some(300.into()),
            figures: vec![200.into()],
            ..Beside::default()
        };
        assert_eq!(words(&share, 100, Some(100)), [""; 0]);
        assert_eq!(words(&share, 101, Some(100)), ["ABOVE_SHARE", "PARTS_DISAGREE"]);
        assert_eq!(words(&share, 200, Some(400)), ["PARTS_DISAGREE"], "as much as another, which is no repetition");
    }

    #[test]
    fn two_leads_with_one_figure_are_asked_whether_it_is_one() {
        let leads = Beside { makeup: Makeup::Leads, counted: Some(40.into()), figures: vec![40.into()], ..Beside::default() };
        assert_eq!((words(&leads, 40, None), words(&leads, 41, None)), (vec!["REPORTED_TWICE"], vec![]));
        let rate = Beside { makeup: Makeup::Latest, ..leads };
        assert_eq!(words(&rate, 40, Some(1)), [""; 0]);
    }
}
