//! Questions generated from the schema.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use async_graphql::parser::{
    parse_schema,
    types::{BaseType, FieldDefinition, Type, TypeKind, TypeSystemDefinition},
};

/// A question to compare the answers of.
pub struct Question {
    pub text: String,
    /// Whether it is about what hidden changes are most likely to move.
    pub is_always_asked: bool,
}

/// How many rows of a list are asked for.
const ROWS: usize = 6;

/// What needs a sign-in anyway, or is about who asks and changes with every question.
const LEFT_OUT: [&str; 2] = ["budget", "viewer"];

/// Written by hand: filters, orders and groups that no generator would hit upon.
const BY_HAND: [&str; 20] = [
    "{ tasks(filter: { jurisdiction: [\"taibai-lake\"], light: [RED] }) { totalCount nodes { id } } }",
    "{ tasks(filter: { jurisdiction: [\"taibai-lake\"], light: [YELLOW] }) { totalCount nodes { id } } }",
    "{ tasks(filter: { jurisdiction: [\"taibai-lake\"], light: [GREEN] }) { totalCount nodes { id } } }",
    "{ tasks(filter: { jurisdiction: [\"taibai-lake\"], light: [GREY] }) { totalCount nodes { id } } }",
    "{ ledger(jurisdiction: \"taibai-lake\", year: 2024, first: 20) { totalCount summary { completion planned lights { light count } compliance { expected } } nodes { light stale completion gap latestReport { id } openBlockers { id } state { light stale proof { steps { kind text } toTurnGreen explanation } } } } }",
    "{ ledger(jurisdiction: \"taibai-lake\", year: 2024, filter: { stale: true }) { totalCount nodes { task { id } } } }",
    "{ ledger(jurisdiction: \"taibai-lake\", year: 2024, filter: { stale: false }) { totalCount nodes { task { id } } } }",
    "{ ledger(jurisdiction: \"taibai-lake\", year: 2024, filter: { light: [YELLOW, RED] }) { totalCount nodes { task { id } } } }",
    "{ taskGroups(by: [LIGHT]) { groupCount groups { key { light } taskCount stale completion } total { lights { light count } stale compliance { expected late } } } }",
    "{ taskGroups(by: [STATE, YEAR]) { groupCount groups { key { state year } taskCount } } }",
    "{ taskGroups(by: [LEAD_UNIT], orderBy: { field: STALE, direction: DESC }) { groups { key { leadUnit { id } } taskCount stale } } }",
    "{ taskGroups(by: [UNIT], having: { stale: { gte: 1 } }) { groupCount } }",
    "{ reportGroups(by: [UNIT]) { groupCount groups { key { unit { id } } reportCount onTime late unasked onTimeShare states { state count } compliance { expected } } total { reportCount late } } }",
    "{ reportGroups(by: [STATE, MONTH]) { groupCount groups { key { state month } reportCount } } }",
    "{ reportGroups(by: [UNIT], having: { late: { gte: 0 } }, orderBy: { field: LATE, direction: DESC }) { groupCount groups { key { unit { id } } } } }",
    "{ reportGroups(by: [LIGHT]) { groups { key { light } reportCount } } }",
    "{ tasks(filter: { jurisdiction: [\"taibai-lake\"] }, first: 20) { nodes { id light standing { version changedAt claimedOn claimNote returnReason } reports { totalCount } openBlockers { id } } } }",
    "{ reports(filter: { jurisdiction: [\"taibai-lake\"] }) { totalCount pageInfo { endCursor hasNextPage } nodes { id version firstSubmittedAt submittedAt history { decision } blockers { id } warnings { code } review { reason } } } }",
    "{ comparison(indicator: \"elder-canteens\") { rows { light completion achieved rank } } }",
    "{ notice(jurisdiction: \"taibai-lake\", year: 2024) { meetings { id } setting { version } } }",
];

/// All questions: each root field, each type by a shortest way to it, and those written by hand.
pub fn questions(tasks: &[String]) -> Vec<Question> {
    let schema = Schema::read(tasks);
    let mut questions = Vec::new();
    let mut add = |text: String, is_always_asked: bool| questions.push(Question { text, is_always_asked });
    let mut seen = BTreeSet::new();
    let mut waiting = VecDeque::new();
    for (name, field) in schema.fields("Query") {
        if LEFT_OUT.contains(&name.as_str()) {
            continue;
        }
        let call = schema.call(name, field);
        // A root field is asked for even where its type was met before.
        add(format!("{{ {call} {} }}", schema.leaves(base(&field.ty.node))), false);
        waiting.push_back((base(&field.ty.node).to_owned(), vec![call]));
    }
    while let Some((of, path)) = waiting.pop_front() {
        if !seen.insert(of.clone()) {
            continue;
        }
        let text = path.iter().rev().fold(schema.leaves(&of), |inner, call| format!("{{ {call} {inner} }}"));
        add(text, false);
        for (name, field) in schema.fields(&of) {
            let next = base(&field.ty.node);
            if schema.is_object(next) {
                waiting.push_back((next.to_owned(), [path.clone(), vec![schema.call(name, field)]].concat()));
            }
        }
    }
    for text in BY_HAND {
        add(text.to_owned(), true);
    }
    for task in tasks {
        for of in ["Task", "Node"] {
            add(format!("{{ node(id: \"{task}\") {{ ... on {of} {} }} }}", schema.leaves(of)), true);
        }
    }
    assert!(seen.len() > 50, "the schema has more types: {}", seen.len());
    questions
}

/// The name of a type without its lists.
fn base(of: &Type) -> &str {
    match &of.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => base(inner),
    }
}

struct Schema {
    objects: BTreeMap<String, Vec<(String, FieldDefinition)>>,
    tasks: String,
    first: String,
}

impl Schema {
    fn read(tasks: &[String]) -> Self {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql")).expect("the schema");
        let document = parse_schema(text).expect("a schema");
        let mut objects = BTreeMap::new();
        for definition in document.definitions {
            let TypeSystemDefinition::Type(of) = definition else { continue };
            let name = of.node.name.node.to_string();
            let fields = match of.node.kind {
                TypeKind::Object(object) => object.fields,
                TypeKind::Interface(interface) => interface.fields,
                _ => continue,
            };
            objects.insert(name, fields.into_iter().map(|field| (field.node.name.node.to_string(), field.node)).collect());
        }
        let list = tasks.iter().map(|task| format!("\"{task}\"")).collect::<Vec<_>>().join(", ");
        Self { objects, tasks: format!("[{list}]"), first: format!("\"{}\"", tasks[0]) }
    }

    fn fields(&self, of: &str) -> &[(String, FieldDefinition)] {
        self.objects.get(of).map_or(&[], Vec::as_slice)
    }

    fn is_object(&self, of: &str) -> bool {
        self.objects.contains_key(of)
    }

    /// All fields of a type that have no fields themselves.
    fn leaves(&self, of: &str) -> String {
        let is_leaf = |field: &FieldDefinition| !self.is_object(base(&field.ty.node));
        let leaves: Vec<String> =
            self.fields(of).iter().filter(|(_, field)| is_leaf(field)).map(|(name, field)| self.call(name, field)).collect();
        format!("{{ __typename {} }}", leaves.join(" "))
    }

    /// A field with the arguments that it wants, and as many rows as are compared.
    fn call(&self, name: &str, field: &FieldDefinition) -> String {
        let arguments: Vec<String> = field
            .arguments
            .iter()
            .filter_map(|argument| {
                let argument = &argument.node;
                let (name, of) = (argument.name.node.as_str(), base(&argument.ty.node));
                let is_wanted = !argument.ty.node.nullable && argument.default_value.is_none();
                (is_wanted || name == "first").then(|| format!("{name}: {}", self.value(name, of)))
            })
            .collect();
        if arguments.is_empty() { name.to_owned() } else { format!("{name}({})", arguments.join(", ")) }
    }

    fn value(&self, argument: &str, of: &str) -> String {
        match (argument, of) {
            ("jurisdiction" | "root" | "code", _) => "\"taibai-lake\"".into(),
            ("indicator", _) => "\"elder-canteens\"".into(),
            ("year", _) => "2024".into(),
            ("years", _) => "[2024]".into(),
            ("number", _) => "2".into(),
            ("name", _) => "\"区社会事业发展局\"".into(),
            ("username", _) => "\"office\"".into(),
            ("ids", _) => self.tasks.clone(),
            ("id" | "task", _) => self.first.clone(),
            ("from", _) => "\"2024-01-01\"".into(),
            ("to", _) => "\"2024-12-31\"".into(),
            ("first", _) => ROWS.to_string(),
            ("by", "ReportGroupBy") => "[UNIT, MONTH]".into(),
            ("by", "TaskGroupBy") => "[LIGHT, STATE]".into(),
            (other, of) => panic!("say what the argument {other} of {of} is asked with"),
        }
    }
}
