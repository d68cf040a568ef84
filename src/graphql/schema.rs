//! The schema.

use std::sync::Arc;

use async_graphql::{SDLExportOptions, Schema, SchemaBuilder};
use endpoint::{
    Limits,
    product::{Engine, engine},
};

use super::root::{Mutation, Query, Subscription};
use crate::domain::language::Text;

/// The schema definition, sorted so that it changes only where the schema does.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items().include_specified_by();
    builder().finish().sdl_with_options(options)
}

/// What executes operations.
pub(super) fn of(limits: &Limits) -> Arc<dyn Engine> {
    engine(builder(), limits)
}

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
}

/// Checks that a document can be run: that it is within the limits and fits the schema, each of its operations with the variables it names.
///
/// # Errors
/// What is wrong with it, in words.
pub async fn check_document(text: &str, limits: &Limits) -> Result<(), Text> {
    endpoint::check_document(&sdl(), &*of(limits), text, limits).await
}

#[cfg(test)]
mod tests {
    use endpoint::{SchemaIndex, bottom};

    use super::*;
    use crate::domain::language::Language;

    #[tokio::test]
    async fn what_can_be_run_is_told_from_what_cannot() {
        for good in [
            "{ topics { code } }",
            "query A($code: String!) { jurisdiction(code: $code) { name } } query B { topics { code } }",
            "mutation { signOut { ended } }",
            "subscription { progressEvents(jurisdiction: \"jining\") { id } }",
            "{ ...T } fragment T on Query { topics { code } }",
            "{ __schema { types { name } } }",
        ] {
            assert_eq!(check_document(good, &Limits::default()).await, Ok(()), "{good}");
        }
        for bad in [
            "",
            "{",
            "{ nothing }",
            "fragment T on Query { topics { code } }",
            "query A { topics { code } } query B { nothing }",
            "subscription { nothing { id } }",
            "{ topics { code } } { topics { code } }",
            &"{ topics ".repeat(5000),
        ] {
            assert!(
                check_document(bad, &Limits::default())
                    .await
                    .is_err_and(|reason| reason.into_wordings().iter().all(|text| !text.is_empty())),
                "{bad}"
            );
        }
    }

    #[test]
    fn the_schema_says_what_to_call_a_column_and_which_figure_is_a_share() {
        let schema = SchemaIndex::of(&sdl());
        for (of, name, chinese, english, is_share) in [
            ("LedgerEntry", "completion", "完成率", "Completion", true),
            ("LedgerEntry", "gap", "差距", "Gap", false),
            ("LedgerEntry", "nextMilestone", "下一个尚未完成的时间节点", "Next milestone", false),
            ("TargetProgress", "completion", "完成率", "Completion", true),
            ("Target", "value", "目标值", "Value", false),
            ("Compliance", "onTimeRate", "按时率", "On time rate", true),
            ("ProgressReport", "statedCompletion", "自报完成率", "Stated completion", false),
        ] {
            let field = schema.field(of, name).unwrap_or_else(|| panic!("no {of}.{name}"));
            assert_eq!(
                (field.title.in_language(Language::Chinese), field.title.in_language(Language::English)),
                (chinese, english),
                "{of}.{name}"
            );
            assert_eq!(bottom(&field.of) == "Share", is_share, "{of}.{name}");
        }
        // A field that holds other fields needs no heading: they have one each.
        let plain = ["cursor", "hasNextPage", "hasPreviousPage", "startCursor", "endCursor"];
        // Limits are the endpoint's own, and the numbers of a rule are given as they are asked for.
        let bare = ["Allowance", "Cost", "LightBand", "Limits", "Node"];
        let is_shown = |of: &str, name: &str| !plain.contains(&name) && !bare.contains(&of);
        for (of, name, field) in schema.fields().filter(|(of, name, _)| is_shown(of.as_str(), name.as_str())) {
            let is_named = field.title.in_language(Language::Chinese) != field.title.in_language(Language::English);
            assert!(is_named || schema.has_fields(bottom(&field.of)), "{of}.{name} has no heading");
        }
        let word = schema.word("DutyState", "NOT_YET_DUE").expect("a word");
        assert_eq!((word.in_language(Language::Chinese), word.in_language(Language::English)), ("未到期", "Not yet due"));
        assert!(schema.field("Query", "__schema").is_none());
    }
}
