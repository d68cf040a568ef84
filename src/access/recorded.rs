//! Which of what an audit event tells of a change is shown to whom: one rule for each field, by where the field stands otherwise.

use entity::Action;

use super::policy::rule;

/// Who is shown a field, among those who read the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// All of them. It tells only of the event itself.
    Always,
    /// Those who see what the event is about: a notice, a task, an account or an API key.
    WithSubject,
    /// Those who read what is internal to the jurisdiction.
    Inside,
}

/// A name that stands for every report of an event of several, by its id.
pub(super) const EACH_REPORT: &str = "*";

/// Who is shown a field of an action. A field that is not listed is shown inside alone, so that a forgotten one tells too little.
#[must_use]
pub fn shown(action: Action, field: &str) -> Shown {
    let listed = rule(action).records;
    let found = listed.iter().find(|(name, _)| *name == field).or_else(|| listed.iter().find(|(name, _)| *name == EACH_REPORT));
    found.map_or(Shown::Inside, |(_, shown)| *shown)
}

/// Whether a field of an action is listed.
#[must_use]
pub fn is_listed(action: Action, field: &str) -> bool {
    rule(action).records.iter().any(|(name, _)| [field, EACH_REPORT].contains(name))
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable as _;

    use super::*;

    #[test]
    fn a_field_that_is_not_listed_is_shown_inside_alone() {
        for action in Action::iter() {
            assert_eq!(shown(action, "forgotten"), Shown::Inside, "{action:?}");
        }
    }

    #[test]
    fn internal_texts_are_shown_inside_alone() {
        for (action, field) in [
            (Action::ClaimCompletion, "claimNote"),
            (Action::ReturnCompletion, "returnReason"),
            (Action::ReviewProgress, "stateReason"),
            (Action::ResolveBlocker, "resolution"),
        ] {
            assert_eq!((shown(action, field), is_listed(action, field)), (Shown::Inside, true), "{action:?}");
        }
        assert_eq!(shown(Action::AcceptCompletion, "closingNote"), Shown::WithSubject);
    }
}
