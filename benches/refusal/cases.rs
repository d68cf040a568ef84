//! Requests that are made to cost: each as large as a body may be, or as long as a document may be.

use serde_json::{Value, json};

/// A body, and what it is made of.
pub struct Case {
    /// What it is made of.
    pub name: &'static str,
    /// The body.
    pub body: String,
}

/// So many pieces.
fn times(count: usize, each: impl Fn(usize) -> String) -> String {
    (0..count).map(each).collect()
}

/// As much of `unit` as `bytes` have room for.
fn fill(unit: &str, bytes: usize) -> String {
    unit.repeat(bytes / unit.len())
}

/// All of them, of about `bytes` each where they are long, and of about `tokens` tokens where documents are.
pub fn cases(bytes: usize, tokens: usize) -> Vec<Case> {
    let room = bytes.saturating_sub(200);
    let fields = tokens / 3;
    let mut cases = Vec::new();
    let mut add = |name: &'static str, query: String, variables: Option<Value>| {
        let body = match variables {
            Some(variables) => json!({ "query": query, "variables": variables }),
            None => json!({ "query": query }),
        };
        cases.push(Case { name, body: body.to_string() });
    };

    // The text alone.
    add("open brackets", fill("[", room), None);
    add("open braces", fill("{", room), None);
    add("open parentheses", fill("(", room), None);
    add("selections without end", fill("{ topics ", room), None);
    add("values without end", format!("{{ node(id: {}", fill("{a:", room)), None);
    add("closing brackets", fill("]", room), None);
    add("spaces", format!("{{{} topics }}", fill(" ", room)), None);
    add("commas", format!("{{{} topics }}", fill(",", room)), None);
    add("line breaks", format!("{{{} topics }}", fill("\r\n", room / 4)), None);
    add("byte order marks", format!("{}{{ topics }}", fill("\u{feff}", room)), None);
    add("one comment", format!("#{}\n{{ nothing }}", fill("x", room)), None);
    add("empty comments", fill("#\n", room / 2), None);
    add("a long name", format!("{{ {} }}", fill("a", room)), None);
    add("a long number", format!("{{ node(id: {}) {{ id }} }}", fill("1", room)), None);
    add("a long fraction", format!("{{ node(id: 1.{}) {{ id }} }}", fill("1", room)), None);
    add("a long exponent", format!("{{ node(id: 1e{}) {{ id }} }}", fill("9", room)), None);
    add("signs", fill("-", room), None);
    add("dots", fill("...", room), None);
    add("quotes", fill("\"", room / 2), None);
    add("a long string", format!("{{ node(id: \"{}\") {{ id }} }}", fill("x", room)), None);
    add("escapes", format!("{{ node(id: \"{}\") {{ id }} }}", fill("\\u4e2d", room * 6 / 7)), None);
    add("an open string", format!("{{ node(id: \"{}", fill("x", room)), None);
    add("a long block string", format!("{{ node(id: \"\"\"{}\"\"\") {{ id }} }}", fill("x", room)), None);
    add("a block string of lines", format!("{{ node(id: \"\"\"{}\"\"\") {{ id }} }}", fill(" \n", room / 3 * 2)), None);
    add("a block string of quotes", format!("{{ node(id: \"\"\"{}\"\"\") {{ id }} }}", fill("\\\"\"\" ", room / 2)), None);
    add("an open block string", format!("{{ node(id: \"\"\"{}", fill("\\\"", room / 3)), None);
    add("Chinese characters", fill("中", room), None);
    add("other planes", format!("{{ node(id: \"{}\") {{ id }} }}", fill("😀", room)), None);
    add("control characters", fill("\u{1}", room / 6), None);
    add("words", fill("a ", room), None);
    add("aliases without end", format!("{{ {} }}", fill("a: topics { code } ", room)), None);

    // As long as a document may be, with as much space as there is room for.
    let gap = " ".repeat(room / tokens.max(1));
    add("fields far apart", format!("{{{}}}", times(tokens - 10, |_| format!("{gap}a"))), None);
    add("nested fields far apart", format!("{{{gap}{}{gap}}}", times(tokens / 10, |_| format!("{gap}a{gap}{{{gap}b{gap}}}"))), None);
    add("arguments far apart", format!("{{ topics({}) }}", times(tokens / 4, |index| format!("{gap}a{index}{gap}:{gap}1"))), None);
    add("list far apart", format!("{{ nodes(ids: [{}]) {{ id }} }}", times(tokens - 50, |_| format!("{gap}1"))), None);
    add("directives far apart", format!("{{ topics {} }}", times(tokens / 6, |_| format!("{gap}@{gap}skip(if:true)"))), None);
    add(
        "definitions far apart",
        format!("query({}) {{ topics {{ code }} }}", times(tokens / 5, |index| format!("${gap}v{index}:Int{gap}"))),
        None,
    );
    add("operations", times(tokens / 6, |index| format!("query q{index} {{ topics }} ")), None);
    add(
        "fragments",
        format!("{{ topics {{ code }} }} {}", times(tokens / 8, |index| format!("fragment f{index} on Query {{ a }} "))),
        None,
    );
    add("inline fragments", format!("{{ {} }}", times(tokens / 8, |_| "... { a } ".to_owned())), None);
    add("deep inline fragments", format!("{{ {}{}{} }}", "... { ".repeat(60), "a ".repeat(fields), "}".repeat(60)), None);

    // What validation makes of it.
    add("unknown fields", format!("{{ {} }}", times(fields, |index| format!("a{index} "))), None);
    add("the same field", format!("{{ {} }}", "topics ".repeat(fields)), None);
    add("the same field with arguments", format!("{{ a(b: 1) {} }}", "a ".repeat(fields)), None);
    let arguments = times(45, |index| format!("x{index}: 1 "));
    add("many arguments against none", format!("{{ a({arguments}) {} }}", "a ".repeat(fields)), None);
    add("many arguments", format!("{{ {} }}", times(tokens / 150, |index| format!("a{index}: topics({arguments}) {{ code }} "))), None);
    add("aliases", format!("{{ {} }}", times(490, |index| format!("a{index}: topics {{ code nothing }} "))), None);
    add("repeated fields", format!("{{ {} }}", "topics { code name } ".repeat(tokens / 6)), None);
    let spread =
        times(99, |index| format!("fragment f{index} on Query {{ {}...f{} }} ", "topics { code } ".repeat(tokens / 600), index + 1));
    add("a chain of fragments", format!("{{ ...f0 }} {spread} fragment f99 on Query {{ topics {{ code }} }}"), None);
    add("a chain that nobody uses", format!("{{ topics {{ code }} }} {spread} fragment f99 on Query {{ topics {{ code }} }}"), None);
    let doubled = times(24, |level| format!("fragment f{level} on Query {{ ...f{0} ...f{0} }} ", level + 1));
    add("doubled fragments", format!("{{ ...f0 }} {doubled} fragment f24 on Query {{ topics {{ code }} }}"), None);
    add("doubled fragments that nobody uses", format!("{{ topics {{ code }} }} {doubled} fragment f24 on Query {{ topics }}"), None);
    let large = format!("fragment F on Query {{ {} }}", times(fields / 2, |index| format!("b{index}: __typename ")));
    add("one large fragment", format!("{{ {} }} {large}", "... { ...F } ".repeat(tokens / 40)), None);
    add(
        "a large fragment that nobody uses",
        format!("{{ topics {{ code }} }} {large} fragment G on Query {{ {} }}", "... { ...F } ".repeat(tokens / 40)),
        None,
    );
    add(
        "circles",
        format!(
            "{{ ...f0 }} {}",
            times(99, |index| format!("fragment f{index} on Query {{ ...f{} ...f{} }} ", index / 2, (index * 7 + 1) % 99))
        ),
        None,
    );
    add(
        "twice in a value",
        format!("{{ tasks(filter: {{ {} }}) {{ totalCount }} }}", times(tokens / 4, |index| format!("a{index}: 1 "))),
        None,
    );
    add("introspections", format!("{{ {} }}", times(400, |index| format!("a{index}: __schema {{ types {{ name }} }} "))), None);
    let using = times(fields / 2, |index| format!("a{index}: node(id: $v{}) {{ id }} ", index % 90));
    let definitions = times(90, |index| format!("$v{index}: ID! "));
    add(
        "many variables",
        format!("query({definitions}) {{ {using} }}"),
        Some(Value::Object((0..90).map(|index| (format!("v{index}"), json!("x"))).collect())),
    );
    add("operations that share fragments", format!("{} {large}", times(20, |index| format!("query q{index} {{ ...F }} "))), None);

    // Variables.
    let items = room / 2;
    let ids = "query($v: [ID!]!) { nodes(ids: $v) { id } }";
    add("many values", ids.to_owned(), Some(json!({ "v": vec![1; items] })));
    add("many small lists", ids.to_owned(), Some(json!({ "v": vec![Value::Array(Vec::new()); room / 3] })));
    add("many texts", ids.to_owned(), Some(json!({ "v": vec!["x"; room / 4] })));
    add("one text", "query($v: ID!) { node(id: $v) { id } }".to_owned(), Some(json!({ "v": "x".repeat(room) })));
    add("values that nothing uses", "{ topics { code } }".to_owned(), Some(json!({ "v": vec![1; items] })));
    let used = |count: usize| format!("query($v: [ID!]!) {{ {} }}", times(count, |index| format!("a{index}: nodes(ids: $v) {{ id }} ")));
    add("values that much uses", used(400), Some(json!({ "v": vec![1; items] })));
    add("as many values as may be", used(1), Some(json!({ "v": vec![1; 199_000.min(items)] })));
    add("as many values by many uses", used(95), Some(json!({ "v": vec![1; 2_000.min(items)] })));
    let years = "query($v: [Int!]) { tasks(filter: {year: $v}) { totalCount } }";
    add("many numbers", years.to_owned(), Some(json!({ "v": vec![2024; 199_000.min(room / 5)] })));
    let objects: Vec<Value> = (0..room / 8).map(|_| json!({ "a": 1 })).collect();
    let submit = "mutation($v: [SubmitProgressInput!]!) { submitProgressBatch(inputs: $v) { errors { code } } }";
    add("many objects", submit.to_owned(), Some(json!({ "v": objects })));
    let names: serde_json::Map<String, Value> = (0..room / 12).map(|index| (format!("n{index}"), json!(1))).collect();
    add("many names", "query($v: TaskFilter) { tasks(filter: $v) { totalCount } }".to_owned(), Some(json!({ "v": names })));
    add("many variables that nothing uses", "{ topics { code } }".to_owned(), Some(Value::Object(names)));

    // Bodies that are none.
    let nested = room / 2;
    for (name, body) in [
        ("deep JSON", format!("{{\"query\": \"{{ a }}\", \"variables\": {{\"v\": {}{}}}}}", "[".repeat(nested), "]".repeat(nested))),
        ("JSON that is a list", format!("[{}]", fill("{\"query\":\"{a}\"},", room))),
        ("extensions", format!("{{\"query\": \"{{ a }}\", \"extensions\": {{\"v\": [{}1]}}}}", fill("1,", room))),
        ("unknown keys", format!("{{\"query\": \"{{ a }}\", \"x\": [{}1]}}", fill("{\"a\":1},", room))),
        ("a long operation name", format!("{{\"query\": \"{{ a }}\", \"operationName\": \"{}\"}}", fill("x", room))),
        ("the same name twice", format!("{{\"query\": \"{{ a }}\", \"variables\": {{{}\"a\": 1}}}}", fill("\"a\":1,", room))),
        ("no JSON", fill("x", bytes)),
        ("broken characters", String::from_utf8_lossy(&vec![0xff; room / 3]).into_owned()),
    ] {
        cases.push(Case { name, body });
    }
    cases
}
