//! The limits as the manual lists them.

use endpoint::Limits;
use serde_json::Value;

crate::plain_cases![every_limit_is_documented_with_its_value];

fn every_limit_is_documented_with_its_value() {
    let documentation = include_str!("../../docs/API.md");
    let Value::Object(limits) = serde_json::to_value(Limits::default()).expect("limits") else { panic!("an object") };
    assert!(limits.len() > 30);
    for (name, value) in limits {
        let row = format!("| `{name}` | {value} |");
        assert!(documentation.contains(&row), "docs/API.md has no row that begins with {row}");
    }
}
