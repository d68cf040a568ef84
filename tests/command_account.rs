//! The commands for accounts and signing keys, and the accounts of the demo, run as a person runs them.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Output, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    command::{Serving, minsheng, out, refusal, run},
    plain_cases,
    support::{actor::PASSWORD, issuer::part},
};

plain_cases![
    the_first_admin_is_made_and_signs_in,
    what_cannot_be_an_account_is_one_clear_line,
    accounts_are_looked_after_from_the_shell,
    the_last_admin_stays,
    keys_are_rotated_from_the_shell,
    every_printed_account_of_the_demo_signs_in,
    the_demo_and_the_service_have_their_own_databases,
];

const SIGN_IN: &str = include_str!("contract/06-sign-in.graphql");
const WHO: &str = "{ viewer { account { username role jurisdiction { code } passwordTemporary } } }";

/// A database of its own, with the schema and the five notices.
pub struct Desk {
    pub folder: TempDir,
    pub url: String,
}

impl Desk {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("own.db").display());
        let desk = Self { folder, url };
        desk.done(&["migrate"]);
        desk.done(&["seed"]);
        desk
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        run(&[arguments, &["--database-url", &self.url]].concat())
    }

    /// What a command prints that must succeed.
    pub fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        out(&output)
    }

    /// Runs a command that reads a password.
    fn typing(&self, arguments: &[&str], typed: &[u8]) -> Output {
        let arguments = [arguments, &["--password-stdin", "--database-url", &self.url]].concat();
        let mut child =
            minsheng(&arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        child.stdin.take().expect("its input").write_all(typed).expect("typed");
        child.wait_with_output().expect("it ends")
    }

    /// Makes the first admin, with the password of the tests.
    pub fn with_admin(self) -> Self {
        let made = self.typing(&["account", "create", "root", "--role", "admin", "--jurisdiction", "jining"], PASSWORD.as_bytes());
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        self
    }

    fn list(&self) -> String {
        self.done(&["account", "list"])
    }

    fn serve(&self) -> Serving {
        Serving::start(&["serve", "--database-url", &self.url, "--listen", "127.0.0.1:0"])
    }

    /// What `audit verify` says to note elsewhere.
    pub fn end_of_the_chain(&self) -> String {
        let said = self.done(&["audit", "verify"]);
        let end = said.lines().last().expect("a line").to_owned();
        assert!(said.contains("the chain holds") && said.contains("审计链完整"), "{said}");
        end
    }
}

/// The password that a command printed.
fn initial(said: &str) -> String {
    let (_, rest) = said.split_once("initial password ").unwrap_or_else(|| panic!("{said}"));
    rest.split(' ').next().expect("a password").to_owned()
}

fn sign_in(serving: &Serving, username: &str, password: &str) -> Value {
    let (status, answer) = serving.post(SIGN_IN, &json!({ "username": username, "password": password }), None);
    assert_eq!(status, 200, "{answer}");
    answer["data"]["signIn"].clone()
}

fn token(serving: &Serving, username: &str, password: &str) -> String {
    let answer = sign_in(serving, username, password);
    answer["session"]["accessToken"].as_str().unwrap_or_else(|| panic!("{username}: {answer}")).to_owned()
}

fn the_first_admin_is_made_and_signs_in() {
    let desk = Desk::new();
    let create = ["account", "create", "root", "--role", "admin", "--jurisdiction", "jining"];
    // A shell ends what it passes on with a line break, and some systems with two characters.
    let made = desk.typing(&create, format!("{PASSWORD}\r\n").as_bytes());
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let said = out(&made);
    assert!(said.contains("root  ADMIN  jining") && !said.contains(PASSWORD) && !said.contains("password"), "{said}");
    let serving = desk.serve();
    let root = token(&serving, "root", PASSWORD);
    let (status, who) = serving.post(WHO, &json!({}), Some(&root));
    let expected = json!({ "username": "root", "role": "ADMIN", "jurisdiction": { "code": "jining" }, "passwordTemporary": false });
    assert_eq!((status, &who["data"]["viewer"]["account"]), (200, &expected));
    // While the service runs, the shell makes others, whose first password is printed and must be changed.
    let said = desk.done(&["account", "create", "office", "--role", "office", "--jurisdiction", "yanzhou"]);
    assert!(said.contains("初始密码") && said.contains("office  OFFICE  yanzhou"), "{said}");
    let office = token(&serving, "office", &initial(&said));
    let (_, who) = serving.post(WHO, &json!({}), Some(&office));
    assert_eq!(who["data"]["viewer"]["account"]["passwordTemporary"], true);
    let (_, refused) = serving.post("{ auditEvents(first: 1) { nodes { id } } }", &json!({}), Some(&office));
    assert_eq!(refused["errors"][0]["extensions"]["reason"], "PASSWORD_TEMPORARY");
    let query = "{ auditEvents(first: 2, filter: { action: [CREATE_ACCOUNT] }) { nodes { action requestId actor { username } address } } }";
    let (_, audit) = serving.post(query, &json!({}), Some(&root));
    let expected = json!({ "action": "CREATE_ACCOUNT", "requestId": "command", "actor": null, "address": null });
    assert_eq!(audit["data"]["auditEvents"]["nodes"], json!([expected, expected]), "{audit}");
    assert!(serving.stop(), "it stops cleanly");
}

fn what_cannot_be_an_account_is_one_clear_line() {
    let desk = Desk::new().with_admin();
    let before = desk.list();
    let office = ["--role", "office", "--jurisdiction", "jining"];
    for (arguments, expected) in [
        (&["account", "create", "x1", "--role", "office", "--jurisdiction", "atlantis"][..], ["没有这个辖区", "no such jurisdiction"]),
        (&["account", "create", "x1", "--role", "unit", "--jurisdiction", "yanzhou"], ["须指定单位", "needs a unit"]),
        (&["account", "create", "x1", "--role", "unit", "--jurisdiction", "yanzhou", "--unit", "区无此局"], ["区无此局", "no unit"]),
        (&["account", "create", "x1", "--role", "unit", "--jurisdiction", "jining", "--unit", "区卫生健康局"], ["区卫生健康局", "no unit"]),
        (
            &["account", "create", "x1", "--role", "leader", "--jurisdiction", "yanzhou", "--unit", "区卫生健康局"],
            ["只有单位账号", "Only a unit account"],
        ),
        (&[&["account", "create", "ROOT"][..], &office].concat(), ["已被使用", "taken"]),
        (&[&["account", "create", "ｒｏｏｔ"][..], &office].concat(), ["已被使用", "taken"]),
        (&[&["account", "create", "x"][..], &office].concat(), ["2 至 64 个字", "2 to 64"]),
        (&[&["account", "create", ""][..], &office].concat(), ["账号名", "username"]),
        (&[&["account", "create", "a b"][..], &office].concat(), ["账号名", "username"]),
        (&[&["account", "create", "x1", "--external-subject", " "][..], &office].concat(), ["外部身份", "external subject"]),
        (&["account", "lock", "nobody", "--reason", "x"], ["没有账号 nobody", "no account nobody"]),
        (&["account", "lock", "root", "--reason", " "], ["原因", "Say why"]),
        (&["account", "unlock", "root"], ["没有锁定", "not locked"]),
        (&["account", "transfer", "root", "--jurisdiction", "atlantis"], ["没有这个辖区", "no such jurisdiction"]),
        (&["account", "change", "root", "--role", "unit"], ["须指定单位", "needs a unit"]),
        (&["account", "change", "root", "--rename", "!"], ["账号名", "username"]),
        (&["account", "reset", "nobody"], ["没有账号 nobody", "no account nobody"]),
    ] {
        let line = refusal(&desk.run(arguments));
        assert!(expected.iter().all(|part| line.contains(part)), "{arguments:?}: {line}");
    }
    let create = [&["account", "create", "x1"][..], &office].concat();
    for (typed, expected) in [
        (&b""[..], "too short"),
        (b"\n", "too short"),
        (b"password1", "too short"),
        (b"1234567890", "tried first"),
        (&b"wisteria-quilt-57-Ngong".repeat(20), "long"),
        (b"\xff\xfe\xfd wisteria quilt", "UTF-8"),
    ] {
        let line = refusal(&desk.typing(&create, typed));
        assert!(line.contains(expected), "{}: {line}", String::from_utf8_lossy(typed));
        assert!(typed.len() < 9 || !line.contains(&*String::from_utf8_lossy(typed)), "a password is not repeated: {line}");
    }
    // What the parser of the command line refuses never gets as far as the database.
    for arguments in [
        &["account", "create", "x1", "--role", "king", "--jurisdiction", "jining"][..],
        &["account", "create", "x1", "--role", "ADMIN", "--jurisdiction", "jining"],
        &["account", "create", "x1", "--jurisdiction", "jining"],
        &["account", "create", "x1", "--role", "admin"],
        &["account", "lock", "root"],
    ] {
        let output = desk.run(arguments);
        assert!(!output.status.success() && !output.stderr.is_empty(), "{arguments:?}");
        assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{arguments:?}");
    }
    assert_eq!(desk.list(), before, "nothing was changed");
    // What got as far as an action left its trace.
    desk.end_of_the_chain();
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("none.db").display());
    for command in [&["account", "list"][..], &["audit", "verify"], &["key", "rotate"]] {
        let line = refusal(&run(&[command, &["--database-url", &url]].concat()));
        assert!(line.contains("minsheng migrate"), "{command:?}: {line}");
    }
}

fn accounts_are_looked_after_from_the_shell() {
    let desk = Desk::new().with_admin();
    let health = ["--role", "unit", "--jurisdiction", "yanzhou", "--unit", "区卫生健康局"];
    let said = desk.done(&[&["account", "create", "health"][..], &health].concat());
    assert!(said.contains("health  UNIT  yanzhou  区卫生健康局"), "{said}");
    let first = initial(&said);
    let said = desk.done(&["account", "create", "wang", "--role", "leader", "--jurisdiction", "jining", "--external-subject", "4711"]);
    assert!(said.contains("wang  LEADER  jining") && !said.contains("password"), "whoever signs in elsewhere needs none here: {said}");
    let names = |arguments: &[&str]| -> Vec<String> {
        let said = desk.done(&[&["account", "list"][..], arguments].concat());
        said.lines().filter_map(|line| line.split("  ").next()).map(str::to_owned).collect()
    };
    assert_eq!(names(&[]), ["root", "wang", "health"]);
    assert_eq!(names(&["--jurisdiction", "yanzhou"]), ["health"]);
    assert_eq!(names(&["--jurisdiction", "jining"]), ["root", "wang", "health"], "those below it too");
    assert_eq!(names(&["--role", "leader"]), ["wang"]);
    assert_eq!(names(&["--role", "leader", "--jurisdiction", "yanzhou"]), [""; 0]);
    let serving = desk.serve();
    let open = token(&serving, "health", &first);
    let status = |token: &str| serving.post(WHO, &json!({}), Some(token)).0;
    assert_eq!(status(&open), 200);
    let said = desk.done(&["account", "lock", "HEALTH", "--reason", "调离岗位"]);
    assert!(said.contains("锁定 locked: 调离岗位"), "{said}");
    assert_eq!(status(&open), 401, "at once");
    assert_eq!(sign_in(&serving, "health", &first)["errors"][0]["code"], "ACCOUNT_LOCKED");
    let line = refusal(&desk.run(&["account", "lock", "health", "--reason", "again"]));
    assert!(line.contains("locked already"), "{line}");
    assert!(!desk.done(&["account", "unlock", "health"]).contains("locked"));
    let open = token(&serving, "health", &first);
    let said = desk.done(&["account", "reset", "health"]);
    let second = initial(&said);
    assert_ne!(first, second);
    assert_eq!(status(&open), 401, "at once");
    assert_eq!(sign_in(&serving, "health", &first)["errors"][0]["code"], "INVALID_CREDENTIALS");
    let open = token(&serving, "health", &second);
    let said = desk.done(&["account", "transfer", "health", "--jurisdiction", "jining-etdz", "--unit", "区社会事业中心"]);
    assert!(said.contains("health  UNIT  jining-etdz  区社会事业中心"), "{said}");
    let said = desk.done(&["account", "change", "health", "--rename", "social", "--role", "office"]);
    assert!(said.contains("social  OFFICE  jining-etdz"), "{said}");
    let (_, who) = serving.post(WHO, &json!({}), Some(&open));
    let expected = json!({ "username": "social", "role": "OFFICE", "jurisdiction": { "code": "jining-etdz" }, "passwordTemporary": true });
    assert_eq!(who["data"]["viewer"]["account"], expected, "in the open session");
    // Who it is elsewhere may be said later, and be taken away where there is a password.
    desk.done(&["account", "change", "social", "--external-subject", "4712"]);
    let line = refusal(&desk.run(&["account", "change", "social", "--external-subject", "4711"]));
    assert!(line.contains("已绑定") && line.contains("Another account"), "{line}");
    desk.done(&["account", "change", "social", "--external-subject", ""]);
    let line = refusal(&desk.run(&["account", "change", "wang", "--external-subject", ""]));
    assert!(line.contains("reset its password first"), "{line}");
    initial(&desk.done(&["account", "reset", "wang"]));
    desk.done(&["account", "change", "wang", "--external-subject", ""]);
    assert!(serving.stop());
    desk.end_of_the_chain();
}

fn the_last_admin_stays() {
    let desk = Desk::new().with_admin();
    let last = |arguments: &[&str]| {
        let before = desk.list();
        let line = refusal(&desk.run(arguments));
        assert!(line.contains("最后一位") && line.contains("last admin"), "{line}");
        assert_eq!(desk.list(), before);
    };
    let (lock, demote) = (["account", "lock", "root", "--reason", "left"], ["account", "change", "root", "--role", "office"]);
    last(&lock);
    last(&demote);
    last(&["account", "change", "root", "--role", "unit", "--unit", "市民政局"]);
    // A second one who cannot sign in is no help.
    desk.done(&["account", "create", "second", "--role", "admin", "--jurisdiction", "jining"]);
    desk.done(&["account", "lock", "second", "--reason", "on leave"]);
    last(&lock);
    last(&demote);
    desk.done(&["account", "unlock", "second"]);
    desk.done(&lock);
    for arguments in [&["account", "lock", "second", "--reason", "left"][..], &["account", "change", "second", "--role", "leader"]] {
        last(arguments);
    }
    // What leaves an admin who can sign in is done to the last one as well.
    desk.done(&["account", "reset", "second"]);
    desk.done(&["account", "change", "second", "--rename", "third"]);
    desk.done(&["account", "transfer", "third", "--jurisdiction", "yanzhou"]);
    desk.done(&["account", "unlock", "root"]);
    desk.done(&["account", "change", "third", "--role", "leader"]);
    last(&lock);
}

fn keys_are_rotated_from_the_shell() {
    let desk = Desk::new().with_admin();
    let serving = desk.serve();
    let old = token(&serving, "root", PASSWORD);
    let said = desk.done(&["key", "rotate"]);
    assert!(said.contains("1 个签名密钥") && said.contains("1 keys sign no more"), "{said}");
    let answer = sign_in(&serving, "root", PASSWORD);
    let new = answer["session"]["accessToken"].as_str().expect("a token").to_owned();
    assert_ne!(part(&old, 0)["kid"], part(&new, 0)["kid"]);
    let (status, keys) = serving.get("/.well-known/jwks.json");
    assert_eq!((status, keys["keys"].as_array().map(Vec::len)), (200, Some(2)));
    for token in [&old, &new] {
        assert_eq!(serving.post(WHO, &json!({}), Some(token)).0, 200, "nobody has to sign in again");
    }
    let begun = Instant::now();
    desk.done(&["key", "rotate", "--revoke"]);
    for token in [&old, &new] {
        while serving.post(WHO, &json!({}), Some(token)).0 == 200 {
            assert!(begun.elapsed() < Duration::from_secs(15), "five seconds, and some for a busy machine");
            std::thread::sleep(Duration::from_millis(100));
        }
        assert_eq!(serving.post(WHO, &json!({}), Some(token)).0, 401);
    }
    let refresh = "mutation($t: String!) { refreshSession(input: { refreshToken: $t }) { session { accessToken } } }";
    let (_, renewed) = serving.post(refresh, &json!({ "t": answer["session"]["refreshToken"] }), None);
    let renewed = renewed["data"]["refreshSession"]["session"]["accessToken"].as_str().expect("a token").to_owned();
    assert_eq!(serving.post(WHO, &json!({}), Some(&renewed)).0, 200);
    assert!(serving.stop());
    desk.end_of_the_chain();
}

/// The accounts that a demo printed, and their password.
fn printed(demo: &Serving) -> (Vec<String>, String) {
    let said = demo.said.iter().position(|line| line.contains("demo accounts")).unwrap_or_else(|| panic!("{:#?}", demo.said));
    let (_, password) = demo.said[said].split_once("with the password ").expect("a password");
    let password = password.split(' ').next().expect("a password").to_owned();
    assert!(demo.said[said].contains(&format!("密码均为 {password}")), "{}", demo.said[said]);
    let names = demo.said[said + 1..].iter().take_while(|line| line.starts_with("  "));
    (names.flat_map(|line| line.split_whitespace()).map(str::to_owned).collect(), password)
}

fn every_printed_account_of_the_demo_signs_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let demo = Serving::demo(folder.path());
    let (names, password) = printed(&demo);
    let mut seen = Vec::new();
    let mut open = String::new();
    for name in &names {
        open = token(&demo, name, &password);
        let (_, who) = demo.post(WHO, &json!({}), Some(&open));
        let account = &who["data"]["viewer"]["account"];
        assert_eq!((&account["username"], &account["passwordTemporary"]), (&json!(name), &json!(false)));
        seen.push(format!("{} {}", account["jurisdiction"]["code"].as_str().expect("a code"), account["role"].as_str().expect("a role")));
    }
    seen.sort();
    let mut expected = vec!["jining ADMIN".to_owned()];
    for place in ["jining", "yanzhou", "jining-etdz", "taibai-lake"] {
        expected.extend(["OFFICE", "LEADER", "UNIT", "DEPUTY"].map(|role| format!("{place} {role}")));
    }
    expected.sort();
    assert_eq!(seen, expected, "one account per role and level");
    assert!(demo.stop());
    let again = Serving::demo(folder.path());
    let (same, other) = printed(&again);
    assert_eq!(same, names);
    assert_ne!(other, password, "another with every start");
    assert_eq!(sign_in(&again, "admin", &password)["errors"][0]["code"], "INVALID_CREDENTIALS");
    assert_eq!(again.post(WHO, &json!({}), Some(&open)).0, 401, "what was open has ended");
    // What was tried with an account is undone by the next start.
    let admin = token(&again, "admin", &other);
    let lookup = "{ account(username: \"yanzhou-office\") { id version } }";
    let (_, account) = again.post(lookup, &json!({}), Some(&admin));
    let lock =
        "mutation($id: ID!, $v: Int!) { lockAccount(input: { id: $id, expectedVersion: $v, reason: \"tried\" }) { errors { code } } }";
    let account = &account["data"]["account"];
    let (_, locked) = again.post(lock, &json!({ "id": account["id"], "v": account["version"] }), Some(&admin));
    assert_eq!(locked["data"]["lockAccount"]["errors"], json!([]), "{locked}");
    assert!(again.stop());
    let third = Serving::demo(folder.path());
    let (_, password) = printed(&third);
    token(&third, "yanzhou-office", &password);
    assert!(third.stop());
    let url = format!("sqlite:{}", folder.path().join("minsheng.db").display());
    assert!(out(&run(&["audit", "verify", "--database-url", &url])).contains("the chain holds"));
}

fn the_demo_and_the_service_have_their_own_databases() {
    // A database with an account of somebody who means it is not the demo's to change.
    let desk = Desk::new().with_admin();
    fs::rename(desk.folder.path().join("own.db"), desk.folder.path().join("minsheng.db")).expect("renamed");
    let own = desk.folder.path();
    let desk = Desk { url: format!("sqlite:{}", own.join("minsheng.db").display()), folder: desk.folder };
    let before = desk.list();
    let line = refusal(&demo(desk.folder.path()));
    assert!(line.contains("--data") && line.contains("minsheng serve"), "{line}");
    assert_eq!(desk.list(), before);
    // And the accounts of a demo, whose password was on a screen, are not served to others.
    let folder = tempfile::tempdir().expect("a folder");
    let demo = Serving::demo(folder.path());
    token(&demo, "admin", &printed(&demo).1);
    assert!(demo.stop());
    let url = format!("sqlite:{}", folder.path().join("minsheng.db").display());
    let line = refusal(&run(&["serve", "--database-url", &url, "--listen", "127.0.0.1:0"]));
    assert!(line.contains("演示") && line.contains("minsheng migrate"), "{line}");
    // Not even from an address of this machine, nor after an account was made there by the shell: it is of the demo too.
    let made = run(&["account", "create", "mine", "--role", "admin", "--jurisdiction", "jining", "--database-url", &url]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    refusal(&run(&["serve", "--database-url", &url, "--listen", "127.0.0.1:0"]));
    let demo = Serving::demo(folder.path());
    token(&demo, "mine", &initial(&out(&made)));
    assert!(demo.stop());
}

fn demo(data: &Path) -> Output {
    run(&["--data", data.to_str().expect("a path"), "--listen", "127.0.0.1:0"])
}
