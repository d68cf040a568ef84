//! What a process that serves tells whoever runs it.

use std::{
    fs::{self, File},
    io::{Read as _, Write as _},
    net::TcpStream,
};

use serde_json::{Value, json};

use crate::{
    command::{Serving, minsheng, out, run},
    plain_cases,
};

plain_cases![the_log_says_who_asked_for_what_and_no_more, measurements_are_elsewhere];

const SIGN_IN: &str = include_str!("contract/06-sign-in.graphql");

/// An embedded database with the notices.
fn database(folder: &tempfile::TempDir) -> String {
    let url = format!("sqlite:{}", folder.path().join("a.db").display());
    assert!(run(&["migrate", "--database-url", &url]).status.success());
    assert!(run(&["seed", "--database-url", &url]).status.success());
    url
}

fn the_log_says_who_asked_for_what_and_no_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = database(&folder);
    let made = out(&run(&["account", "create", "root", "--role", "admin", "--jurisdiction", "jining", "--database-url", &url]));
    let (_, rest) = made.split_once("initial password ").expect("a password");
    let password = rest.split(' ').next().expect("a password").to_owned();

    let log = folder.path().join("log");
    let mut command = minsheng(&["serve", "--database-url", &url, "--listen", "127.0.0.1:0"]);
    command.env("MINSHENG_LOG", "info,minsheng=debug").env("MINSHENG_LOG_FORMAT", "json").stderr(File::create(&log).expect("a file"));
    let serving = Serving::launch(command);
    let (_, answer) = serving.post(SIGN_IN, &json!({ "username": "root", "password": password }), None);
    let session = &answer["data"]["signIn"]["session"];
    let bearer = session["accessToken"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
    let account = session["account"]["id"].as_str().expect("an id").to_owned();
    let query = "query AskedFor($code: String!) { viewer { actions } jurisdiction(code: $code) { name } }";
    assert_eq!(serving.post(query, &json!({ "code": "geheim" }), Some(&bearer)).0, 200);
    assert_eq!(serving.post(&format!("query {} {{ topics {{ code }} }}", "L".repeat(200)), &json!({}), None).0, 200);
    assert!(serving.stop());

    let log = fs::read_to_string(&log).expect("a log");
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect();
    let answered: Vec<&Value> = lines.iter().filter(|line| line["message"] == "answered").collect();
    let of = |name: &str| {
        let named = |line: &&&Value| line["span"]["operation"] == name;
        (*answered.iter().find(named).unwrap_or_else(|| panic!("{name}: {log}"))).clone()
    };
    let asked = of("AskedFor");
    assert_eq!((&asked["span"]["name"], &asked["span"]["account"]), (&json!("request"), &json!(account)), "{asked}");
    assert_eq!(asked["span"]["request_id"].as_str().map(str::len), Some(36), "{asked}");
    assert_eq!((&asked["kind"], &asked["field"], &asked["outcome"]), (&json!("query"), &json!("several"), &json!("OK")), "{asked}");
    assert!(asked["milliseconds"].is_number(), "{asked}");
    assert_eq!(of("SignIn")["span"].get("account"), None, "nobody had proved yet who they are");
    assert_eq!(of(&"L".repeat(64))["field"], "topics");
    for secret in ["geheim", &bearer, &password, "code: $code", "topics {"] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

fn measurements_are_elsewhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = database(&folder);
    let variables = [("MINSHENG_METRICS_ENABLED", "true"), ("MINSHENG_METRICS_LISTEN", "127.0.0.1:0")];
    let serving = Serving::start_with(&["serve", "--database-url", &url, "--listen", "127.0.0.1:0"], &variables);
    assert_eq!(serving.post("{ topics { code } }", &json!({}), None).0, 200);
    let told = serving.said.iter().find_map(|line| line.trim().strip_prefix("metrics")).expect("where they are");
    let address = told.trim().strip_prefix("http://").and_then(|rest| rest.strip_suffix("/metrics")).expect("an address");
    let get = |path: &str| {
        let mut stream = TcpStream::connect(address).expect("it listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    };
    let text = get("/metrics");
    let line = "minsheng_operation_duration_seconds_count{kind=\"query\",operation=\"topics\",outcome=\"OK\"} 1";
    assert!(text.starts_with("HTTP/1.1 200") && text.contains(line), "{text}");
    assert!(get("/graphql").starts_with("HTTP/1.1 404"), "nothing else is there");
    assert_eq!(serving.get("/metrics").0, 404, "nor are they here");
    assert_eq!(serving.get("/readyz").0, 200);
    assert!(serving.stop());
}
