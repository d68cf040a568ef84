//! Trusted documents, as a person registers them.

use std::fs;

use minsheng::domain::document::DocumentHash;
use serde_json::json;

use crate::{
    command::{Serving, out, refusal, run},
    plain_cases,
};

plain_cases![documents_are_registered_listed_and_retired, a_folder_with_a_fault_registers_nothing];

fn documents_are_registered_listed_and_retired() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("a.db").display());
    assert!(run(&["migrate", "--database-url", &url]).status.success());
    assert!(run(&["seed", "--database-url", &url]).status.success());
    let documents = folder.path().join("documents");
    fs::create_dir_all(documents.join("screens")).expect("folders");
    let (topics, place) = ("query Topics { topics { code } }\n", "{ jurisdiction(code: \"jining\") { name } }");
    fs::write(documents.join("screens/topics.graphql"), topics).expect("a file");
    fs::write(documents.join("place.graphql"), place).expect("a file");
    fs::write(documents.join("notes.txt"), "not a document").expect("a file");
    let path = documents.to_str().expect("a path");

    let said = out(&run(&["documents", "register", path, "--database-url", &url]));
    let (first, second) = (DocumentHash::of(place).to_string(), DocumentHash::of(topics).to_string());
    assert!(said.contains(&format!("{first}  place")) && said.contains(&format!("{second}  screens/topics")), "{said}");
    assert!(said.contains("2 documents were registered, 0 had been before"), "{said}");
    let again = out(&run(&["documents", "register", path, "--database-url", &url]));
    assert!(again.contains("0 documents were registered, 2 had been before"), "{again}");

    let serving = Serving::start_with(
        &["serve", "--database-url", &url, "--listen", "127.0.0.1:0"],
        &[("MINSHENG_DOCUMENTS_ONLY_REGISTERED", "true")],
    );
    assert_eq!(serving.post("query Topics { topics { code } }\n", &json!({}), None).0, 200);
    let (_, refused) = serving.post("{ __typename }", &json!({}), None);
    assert_eq!(refused["errors"][0]["extensions"]["code"], "DOCUMENT_NOT_REGISTERED", "{refused}");
    assert!(serving.stop());

    let said = out(&run(&["documents", "retire", "screens/topics", "--database-url", &url]));
    assert!(said.contains(&second) && said.contains("1 documents were retired"), "{said}");
    let listed = out(&run(&["documents", "list", "--database-url", &url]));
    let line = |hash: &str| listed.lines().find(|line| line.starts_with(hash)).unwrap_or_else(|| panic!("{listed}")).to_owned();
    assert!(line(&second).contains("retired on") && !line(&first).contains("retired"), "{listed}");
    let line = refusal(&run(&["documents", "retire", "screens/topics", "--database-url", &url]));
    assert!(line.contains("minsheng documents list"), "{line}");
}

fn a_folder_with_a_fault_registers_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("a.db").display());
    assert!(run(&["migrate", "--database-url", &url]).status.success());
    let documents = folder.path().join("documents");
    fs::create_dir_all(&documents).expect("a folder");
    let path = documents.to_str().expect("a path");
    let line = refusal(&run(&["documents", "register", path, "--database-url", &url]));
    assert!(line.contains("no .graphql files"), "{line}");
    fs::write(documents.join("good.graphql"), "{ topics { code } }").expect("a file");
    fs::write(documents.join("old.graphql"), "{ nothing }").expect("a file");
    fs::write(documents.join("deep.graphql"), "{ topics ".repeat(100)).expect("a file");
    let output = run(&["documents", "register", path, "--database-url", &url]);
    assert!(!output.status.success());
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("old.graphql: ") && told.contains("deep.graphql: ") && !told.contains("good.graphql"), "{told}");
    assert_eq!(out(&run(&["documents", "list", "--database-url", &url])), "");
    let line = refusal(&run(&["documents", "register", "no/such/folder", "--database-url", &url]));
    assert!(line.contains("no/such/folder"), "{line}");
}
