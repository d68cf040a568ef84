//! Requests that are made to cost: each as large as a body may be, or as its document may be.

use serde_json::{Value, json};

/// A request, and what it is made of.
pub struct Case {
    /// What it is made of.
    pub name: &'static str,
    /// The body.
    pub body: String,
    /// A header that is made to cost.
    pub header: Option<(&'static str, String)>,
}

/// So many pieces.
fn times(count: usize, each: impl Fn(usize) -> String) -> String {
    (0..count).map(each).collect()
}

/// As much of `member` as `bytes` have room for.
fn fill(member: &str, bytes: usize) -> String {
    member.repeat(bytes / member.len())
}

/// Requests of about so many bytes where they are long, and of about so many tokens where documents are.
struct Cases {
    /// The room for what is repeated in a body.
    body: usize,
    /// The same in a document.
    document: usize,
    tokens: usize,
    found: Vec<Case>,
}

impl Cases {
    fn add(&mut self, name: &'static str, query: impl Into<String>, variables: Option<Value>) {
        let query = query.into();
        let body = match variables {
            Some(variables) => json!({ "query": query, "variables": variables }),
            None => json!({ "query": query }),
        };
        self.found.push(Case { name, body: body.to_string(), header: None });
    }
}

/// All of them, for bodies, documents and tokens that are within these limits, or just beyond.
pub fn cases(bytes: usize, document: usize, tokens: usize) -> Vec<Case> {
    let mut cases = Cases { body: bytes.saturating_sub(200), document: document.saturating_sub(200), tokens, found: Vec::new() };
    texts(&mut cases);
    long_documents(&mut cases);
    documents_to_validate(&mut cases);
    fragments_to_validate(&mut cases);
    variables(&mut cases);
    bodies(&mut cases, bytes);
    headers(&mut cases);
    cases.found
}

/// The text alone.
fn texts(cases: &mut Cases) {
    let (body, room) = (cases.body, cases.document);
    cases.add("a document as long as a body", fill("{a}", body), None);
    cases.add("open brackets", fill("[", room), None);
    cases.add("open braces", fill("{", room), None);
    cases.add("open parentheses", fill("(", room), None);
    cases.add("selections without end", fill("{ genres ", room), None);
    cases.add("values without end", format!("{{ node(id: {}", fill("{a:", room)), None);
    cases.add("closing brackets", fill("]", room), None);
    cases.add("spaces", format!("{{{} genres }}", fill(" ", room)), None);
    cases.add("commas", format!("{{{} genres }}", fill(",", room)), None);
    cases.add("line breaks", format!("{{{} genres }}", fill("\r\n", room)), None);
    cases.add("byte order marks", format!("{}{{ genres }}", fill("\u{feff}", room)), None);
    cases.add("one comment", format!("#{}\n{{ nothing }}", fill("x", room)), None);
    cases.add("empty comments", fill("#\n", room), None);
    cases.add("a long name", format!("{{ {} }}", fill("a", room)), None);
    cases.add("a long number", format!("{{ node(id: {}) {{ id }} }}", fill("1", room)), None);
    cases.add("a long fraction", format!("{{ node(id: 1.{}) {{ id }} }}", fill("1", room)), None);
    cases.add("a long exponent", format!("{{ node(id: 1e{}) {{ id }} }}", fill("9", room)), None);
    cases.add("signs", fill("-", room), None);
    cases.add("dots", fill("...", room), None);
    cases.add("quotes", fill("\"", room), None);
    cases.add("a long string", format!("{{ node(id: \"{}\") {{ id }} }}", fill("x", room)), None);
    cases.add("escapes", format!("{{ node(id: \"{}\") {{ id }} }}", fill("\\u4e2d", room)), None);
    cases.add("escapes in braces without end", format!("{{ node(id: \"{}\") {{ id }} }}", fill("\\u{", room)), None);
    cases.add("an open string", format!("{{ node(id: \"{}", fill("x", room)), None);
    cases.add("a long block string", format!("{{ node(id: \"\"\"{}\"\"\") {{ id }} }}", fill("x", room)), None);
    cases.add("a block string of lines", format!("{{ node(id: \"\"\"{}\"\"\") {{ id }} }}", fill(" \n", room)), None);
    cases.add("a block string of quotes", format!("{{ node(id: \"\"\"{}\"\"\") {{ id }} }}", fill("\\\"\"\" ", room)), None);
    cases.add("an open block string", format!("{{ node(id: \"\"\"{}", fill("\\\"", room)), None);
    cases.add("Chinese characters", fill("中", room), None);
    cases.add("other planes", format!("{{ node(id: \"{}\") {{ id }} }}", fill("😀", room)), None);
    cases.add("control characters", fill("\u{1}", room.min(body / 6)), None);
    cases.add("words", fill("a ", room), None);
    cases.add("aliases without end", format!("{{ {} }}", fill("a: genres { code } ", room)), None);
}

/// As long as a document may be, with as much space as there is room for.
fn long_documents(cases: &mut Cases) {
    let (room, tokens) = (cases.document, cases.tokens);
    let fields = tokens / 3;
    // A piece has a sign or two besides its gap.
    let gap = " ".repeat((room / tokens.max(1)).saturating_sub(2));
    cases.add("fields far apart", format!("{{{}}}", times(tokens - 10, |_| format!("{gap}a"))), None);
    cases.add("nested fields far apart", format!("{{{gap}{}{gap}}}", times(tokens / 10, |_| format!("{gap}a{gap}{{{gap}b{gap}}}"))), None);
    cases.add("arguments far apart", format!("{{ genres({}) }}", times(tokens / 4, |index| format!("{gap}a{index}{gap}:{gap}1"))), None);
    cases.add("list far apart", format!("{{ nodes(ids: [{}]) {{ id }} }}", times(tokens - 50, |_| format!("{gap}1"))), None);
    cases.add("directives far apart", format!("{{ genres {} }}", times(tokens / 6, |_| format!("{gap}@{gap}skip(if:true)"))), None);
    cases.add(
        "definitions far apart",
        format!("query({}) {{ genres {{ code }} }}", times(tokens / 5, |index| format!("${gap}v{index}:Int{gap}"))),
        None,
    );
    cases.add("operations", times(tokens / 6, |index| format!("query q{index} {{ genres }} ")), None);
    cases.add(
        "fragments",
        format!("{{ genres {{ code }} }} {}", times(tokens / 8, |index| format!("fragment f{index} on Query {{ a }} "))),
        None,
    );
    cases.add("inline fragments", format!("{{ {} }}", times(tokens / 8, |_| "... { a } ".to_owned())), None);
    cases.add("deep inline fragments", format!("{{ {}{}{} }}", "... { ".repeat(60), "a ".repeat(fields), "}".repeat(60)), None);
}

/// What validation makes of it.
fn documents_to_validate(cases: &mut Cases) {
    let tokens = cases.tokens;
    let fields = tokens / 3;
    cases.add("unknown fields", format!("{{ {} }}", times(fields, |index| format!("a{index} "))), None);
    cases.add("the same field", format!("{{ {} }}", "genres ".repeat(fields)), None);
    cases.add("the same field with arguments", format!("{{ a(b: 1) {} }}", "a ".repeat(fields)), None);
    let arguments = times(45, |index| format!("x{index}: 1 "));
    cases.add("many arguments against none", format!("{{ a({arguments}) {} }}", "a ".repeat(fields)), None);
    cases.add(
        "many arguments",
        format!("{{ {} }}", times(tokens / 150, |index| format!("a{index}: genres({arguments}) {{ code }} "))),
        None,
    );
    cases.add("aliases", format!("{{ {} }}", times(490, |index| format!("a{index}: genres {{ code nothing }} "))), None);
    let conditions = times(tokens / 10, |index| format!("... on X{index} {{ a }} "));
    cases.add("many type conditions", format!("{{ node(id: 1) {{ {conditions} }} }}"), None);
    let outer = times(60, |index| format!("... on Y{index} {{ p: a {{ b }} }} "));
    cases.add(
        "type conditions within others",
        format!("{{ node(id: 1) {{ ... on Series {{ p: a {{ {conditions} }} }} ... on Book {{ p: a {{ b }} }} {outer} }} }}"),
        None,
    );
    cases.add("repeated fields", format!("{{ {} }}", "genres { code name } ".repeat(tokens / 6)), None);
    cases.add(
        "twice in a value",
        format!("{{ books(filter: {{ {} }}) {{ totalCount }} }}", times(tokens / 4, |index| format!("a{index}: 1 "))),
        None,
    );
    cases.add("introspections", format!("{{ {} }}", times(400, |index| format!("a{index}: __schema {{ types {{ name }} }} "))), None);
    let using = times(fields / 2, |index| format!("a{index}: node(id: $v{}) {{ id }} ", index % 90));
    let definitions = times(90, |index| format!("$v{index}: ID! "));
    cases.add(
        "many variables",
        format!("query({definitions}) {{ {using} }}"),
        Some(Value::Object((0..90).map(|index| (format!("v{index}"), json!("x"))).collect())),
    );
}

/// What validation makes of fragments.
fn fragments_to_validate(cases: &mut Cases) {
    let tokens = cases.tokens;
    let fields = tokens / 3;
    let spread =
        times(99, |index| format!("fragment f{index} on Query {{ {}...f{} }} ", "genres { code } ".repeat(tokens / 600), index + 1));
    cases.add("a chain of fragments", format!("{{ ...f0 }} {spread} fragment f99 on Query {{ genres {{ code }} }}"), None);
    cases.add("a chain that nobody uses", format!("{{ genres {{ code }} }} {spread} fragment f99 on Query {{ genres {{ code }} }}"), None);
    let doubled = times(24, |level| format!("fragment f{level} on Query {{ ...f{0} ...f{0} }} ", level + 1));
    cases.add("doubled fragments", format!("{{ ...f0 }} {doubled} fragment f24 on Query {{ genres {{ code }} }}"), None);
    cases.add(
        "doubled fragments that lead nowhere",
        format!("{{ genres {{ code }} ...f0 }} {doubled} fragment f24 on Query {{ ...nowhere }}"),
        None,
    );
    cases.add("doubled fragments that nobody uses", format!("{{ genres {{ code }} }} {doubled} fragment f24 on Query {{ genres }}"), None);
    let large = format!("fragment F on Query {{ {} }}", times(fields / 2, |index| format!("b{index}: __typename ")));
    cases.add("one large fragment", format!("{{ {} }} {large}", "... { ...F } ".repeat(tokens / 40)), None);
    cases.add(
        "a large fragment that nobody uses",
        format!("{{ genres {{ code }} }} {large} fragment G on Query {{ {} }}", "... { ...F } ".repeat(tokens / 40)),
        None,
    );
    cases.add(
        "circles",
        format!(
            "{{ ...f0 }} {}",
            times(99, |index| format!("fragment f{index} on Query {{ ...f{} ...f{} }} ", index / 2, (index * 7 + 1) % 99))
        ),
        None,
    );
    cases.add("operations that share fragments", format!("{} {large}", times(20, |index| format!("query q{index} {{ ...F }} "))), None);
}

/// Variables.
fn variables(cases: &mut Cases) {
    let room = cases.body;
    // Beside the document that uses them.
    let items = (room / 2).saturating_sub(10_000);
    let ids = "query($v: [ID!]!) { nodes(ids: $v) { id } }";
    cases.add("many values", ids.to_owned(), Some(json!({ "v": vec![1; items] })));
    cases.add("many small lists", ids.to_owned(), Some(json!({ "v": vec![Value::Array(Vec::new()); room / 3] })));
    cases.add("many texts", ids.to_owned(), Some(json!({ "v": vec!["x"; room / 4] })));
    cases.add("one text", "query($v: ID!) { node(id: $v) { id } }".to_owned(), Some(json!({ "v": "x".repeat(room) })));
    cases.add("values that nothing uses", "{ genres { code } }".to_owned(), Some(json!({ "v": vec![1; items] })));
    let used = |count: usize| format!("query($v: [ID!]!) {{ {} }}", times(count, |index| format!("a{index}: nodes(ids: $v) {{ id }} ")));
    cases.add("values that much uses", used(400), Some(json!({ "v": vec![1; items] })));
    cases.add("as many values as may be", used(1), Some(json!({ "v": vec![1; 99_000.min(items)] })));
    cases.add("as many values by many uses", used(95), Some(json!({ "v": vec![1; 2_000.min(items)] })));
    let years = "query($v: [Int!]) { books(filter: {year: $v}) { totalCount } }";
    cases.add("many numbers", years.to_owned(), Some(json!({ "v": vec![2024; 99_000.min(room / 5)] })));
    let objects: Vec<Value> = (0..room / 8).map(|_| json!({ "a": 1 })).collect();
    let submit = "mutation($v: [SaveOrderInput!]!) { saveOrders(input: $v) { errors { code } } }";
    cases.add("many objects", submit.to_owned(), Some(json!({ "v": objects })));
    let names: serde_json::Map<String, Value> = (0..room / 12).map(|index| (format!("n{index}"), json!(1))).collect();
    cases.add("many names", "query($v: BookFilter) { books(filter: $v) { totalCount } }".to_owned(), Some(json!({ "v": names })));
    cases.add("many variables that nothing uses", "{ genres { code } }".to_owned(), Some(Value::Object(names)));
}

/// Bodies that are no request.
fn bodies(cases: &mut Cases, bytes: usize) {
    let room = cases.body;
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
        cases.found.push(Case { name, body, header: None });
    }
}

/// Headers of a small request.
fn headers(cases: &mut Cases) {
    let room = cases.body;
    for (name, header, value) in [
        ("a long token", "authorization", format!("Bearer {}", fill("x", room))),
        ("a token of dots", "authorization", format!("Bearer {}", fill(".", room))),
        ("a token in base64", "authorization", format!("Bearer {}.{}.x", fill("eyJh", room / 2), fill("eyJh", room / 2))),
        ("many media types", "accept", fill("a/b;q=0.1,", room)),
        ("one media type", "accept", fill("a", room)),
        ("many parameters", "content-type", format!("application/json{}", fill(";a=b", room))),
        ("many languages", "accept-language", fill("xx;q=0.1,", room)),
        ("many tags", "if-none-match", fill("W/\"x\",", room)),
        ("an open tag", "if-none-match", format!("\"{}", fill("x", room))),
        ("a long origin", "origin", format!("https://{}", fill("a.", room))),
        ("many proxies", "x-forwarded-for", fill("192.0.2.1,", room)),
    ] {
        cases.found.push(Case { name, body: json!({ "query": "{ nothing }" }).to_string(), header: Some((header, value)) });
    }
}
