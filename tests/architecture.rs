//! The house holds: which room may know of which, and which library may be spoken where.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use crate::plain_cases;

plain_cases![
    knowledge_flows_one_way,
    libraries_stay_in_their_rooms,
    rooms_of_nouns_know_those_listed,
    tables_are_known_to_storage_alone,
    texts_are_cleaned,
    no_file_has_two_subjects,
    the_endpoint_knows_no_product
];

/// Which rooms each room may name. `docs/ARCHITECTURE.md` draws the same.
const DIRECTIONS: [(&str, &[&str]); 10] = [
    ("cli", &["access", "config", "domain", "graphql", "service", "store"]),
    ("config", &["domain"]),
    ("graphql", &["access", "domain", "events", "service", "store"]),
    ("service", &["access", "domain", "readers", "store"]),
    ("events", &["store"]),
    ("store", &["access", "domain"]),
    ("access", &["domain"]),
    ("domain", &[]),
    ("readers", &["domain"]),
    ("lib.rs", &[]),
];

/// The layers that have the rooms of nouns inside.
const LAYERS: [&str; 4] = ["domain", "store", "service", "graphql"];

/// The rooms of nouns, the same in every layer, and which others each may name. A room that two layers see differently has a line for each.
/// The types of GraphQL lead from one noun to another and back, so `graphql` has circles that no other layer has.
const NOUNS: [(&str, &str, &[&str]); 26] = [
    ("domain", "places", &[]),
    ("domain", "catalogue", &[]),
    ("domain", "notices", &["places"]),
    ("domain", "progress", &["places", "catalogue", "notices"]),
    ("domain", "analysis", &["places", "catalogue", "notices", "progress"]),
    ("domain", "supervision", &[]),
    ("domain", "people", &[]),
    ("domain", "audit", &[]),
    ("store", "places", &[]),
    ("store", "catalogue", &[]),
    ("store", "notices", &["places"]),
    ("store", "progress", &["places", "catalogue", "notices"]),
    ("store", "analysis", &[]),
    ("store", "supervision", &[]),
    ("store", "people", &[]),
    ("store", "audit", &[]),
    ("service", "notices", &["places"]),
    ("service", "progress", &["places", "notices", "analysis", "supervision", "people", "audit"]),
    ("service", "analysis", &["catalogue", "notices", "progress"]),
    ("service", "people", &["places", "audit"]),
    ("graphql", "places", &["progress"]),
    ("graphql", "notices", &["places", "catalogue", "progress", "analysis"]),
    ("graphql", "progress", &["places", "notices", "people"]),
    ("graphql", "analysis", &["places", "catalogue", "notices", "progress"]),
    ("graphql", "people", &["places", "progress"]),
    ("graphql", "audit", &["places", "people"]),
];

/// Which rooms may speak each library.
const LIBRARIES: [(&str, &[&str]); 15] = [
    ("sea_orm", &["access", "store"]),
    ("migration", &["store"]),
    ("async_graphql", &["graphql"]),
    ("axum", &[]),
    ("endpoint", &["cli", "config", "graphql"]),
    ("fair", &["access", "service", "store"]),
    ("clap", &["cli"]),
    ("argon2", &["access"]),
    ("hmac", &["access"]),
    ("hyper", &["access"]),
    ("jsonwebtoken", &["access"]),
    ("pinyin", &["access"]),
    ("rustls", &["access"]),
    ("unicode_security", &["domain"]),
    ("zxcvbn", &["access"]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The code of each file of `src`, comments left out, by its path from there.
fn sources() -> BTreeMap<PathBuf, String> {
    sources_of("src")
}

/// The same of another folder.
fn sources_of(folder: &str) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root().join(folder)];
    while let Some(here) = folders.pop() {
        for entry in fs::read_dir(here).expect("the sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).expect("a source");
                let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
                found.insert(path.strip_prefix(root().join(folder)).expect("below it").to_owned(), code);
            }
        }
    }
    assert!(!found.is_empty(), "the sources were found");
    found
}

fn room(path: &Path) -> String {
    path.iter().next().expect("a room").to_string_lossy().into_owned()
}

/// The words that follow `prefix::`, with those of a braced list.
fn named_after(code: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (start, _) in code.match_indices(prefix) {
        let before = code[..start].chars().next_back();
        if before.is_some_and(|character| character.is_alphanumeric() || character == '_' || character == ':') {
            continue;
        }
        let rest = &code[start + prefix.len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0_usize;
            let mut item = String::new();
            for character in list.chars() {
                match character {
                    '}' if depth == 0 => break,
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => names.push(std::mem::take(&mut item)),
                    _ if depth == 0 => item.push(character),
                    _ => {}
                }
            }
            names.push(item);
        } else {
            names.push(rest.to_owned());
        }
    }
    let word =
        |name: String| name.trim().chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect::<String>();
    names.into_iter().map(word).filter(|name| !name.is_empty()).collect()
}

fn knowledge_flows_one_way() {
    let directions: BTreeMap<&str, &[&str]> = DIRECTIONS.into_iter().collect();
    for (path, code) in sources() {
        let room = room(&path);
        let Some(allowed) = directions.get(room.as_str()) else {
            assert_eq!(room, "main.rs", "{} is in no room that the table names", path.display());
            continue;
        };
        for name in named_after(&code, "crate::") {
            let known = directions.contains_key(name.as_str());
            assert!(!known || name == room || allowed.contains(&name.as_str()), "{} names {name}", path.display());
        }
    }
}

/// The paths that a `use` brings in, each from the crate: `domain`, `notices`, `task`.
fn used(code: &str, module: &[String]) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for statement in code.split("use ").skip(1) {
        let statement = statement.split(';').next().unwrap_or_default();
        gather(statement, &[], &mut paths);
    }
    let from_crate = |path: Vec<String>| -> Option<Vec<String>> {
        let above = path.iter().take_while(|part| *part == "super").count();
        let rest = path.get(above.max(1)..).unwrap_or_default();
        match path.first().map(String::as_str) {
            Some("crate") => Some(rest.to_vec()),
            Some("super") => Some([module.get(..module.len().checked_sub(above)?)?, rest].concat()),
            _ => None,
        }
    };
    paths.into_iter().filter_map(from_crate).collect()
}

fn gather(text: &str, before: &[String], paths: &mut Vec<Vec<String>>) {
    let text = text.trim();
    match text.split_once('{') {
        Some((head, list)) if !head.contains(',') => {
            let head: Vec<String> = head.split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect();
            let before = [before, &head].concat();
            let (mut depth, mut item) = (0_usize, String::new());
            for character in list.chars() {
                match character {
                    '}' if depth == 0 => break,
                    ',' if depth == 0 => gather(&std::mem::take(&mut item), &before, paths),
                    _ => {
                        depth += usize::from(character == '{');
                        depth -= usize::from(character == '}');
                        item.push(character);
                    }
                }
            }
            gather(&item, &before, paths);
        }
        _ if text.is_empty() => {}
        _ => paths.push(before.iter().cloned().chain(text.split("::").map(|part| part.trim().to_owned())).collect()),
    }
}

fn rooms_of_nouns_know_those_listed() {
    let listed: BTreeMap<(&str, &str), &[&str]> = NOUNS.into_iter().map(|(layer, room, known)| ((layer, room), known)).collect();
    let nouns: BTreeSet<&str> = NOUNS.into_iter().map(|(_, room, _)| room).collect();
    let mut seen = BTreeSet::new();
    for (path, code) in sources() {
        let module: Vec<String> = path.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let [layer, own, ..] = module.as_slice() else { continue };
        if !LAYERS.contains(&layer.as_str()) || !nouns.contains(own.as_str()) {
            continue;
        }
        let known = listed.get(&(layer.as_str(), own.as_str())).copied().unwrap_or_default();
        let module = if path.ends_with("mod.rs") { &module[..module.len() - 1] } else { &module[..] };
        for named in used(&code, module) {
            let [of, room, ..] = named.as_slice() else { continue };
            if LAYERS.contains(&of.as_str()) && nouns.contains(room.as_str()) && room != own {
                assert!(known.contains(&room.as_str()), "{} names {}", path.display(), named.join("::"));
                seen.insert((layer.clone(), own.clone(), room.clone()));
            }
        }
    }
    let unused: Vec<_> = NOUNS
        .into_iter()
        .flat_map(|(layer, own, known)| known.iter().map(move |room| (layer.to_owned(), own.to_owned(), (*room).to_owned())))
        .filter(|line| !seen.contains(line))
        .collect();
    assert!(unused.is_empty(), "listed, and named by nobody: {unused:?}");
}

fn libraries_stay_in_their_rooms() {
    for (path, code) in sources() {
        for (library, rooms) in LIBRARIES {
            let speaks = !named_after(&code, &format!("{library}::")).is_empty();
            assert!(!speaks || rooms.contains(&room(&path).as_str()), "{} speaks {library}", path.display());
        }
    }
}

fn tables_are_known_to_storage_alone() {
    for (path, code) in sources() {
        if ["access", "store"].contains(&room(&path).as_str()) {
            continue;
        }
        for name in named_after(&code, "entity::") {
            assert!(name.starts_with(char::is_uppercase), "{} names the table {name}", path.display());
        }
    }
}

/// Inputs of mutations that are no free texts: each is compared with what there is, or read by rules of its own.
const NO_FREE_TEXTS: [&str; 10] = [
    "built_in",
    "code",
    "current_password",
    "external_subject",
    "jurisdiction",
    "new_password",
    "password",
    "period",
    "refresh_token",
    "username",
];

/// A text that a mutation takes is a `Line` or a `Prose`, which clean it. A new field that is a plain `String` fails here.
fn texts_are_cleaned() {
    let mut found = 0;
    for (path, code) in sources().into_iter().filter(|(path, _)| room(path) == "graphql") {
        let inputs = code.split("#[derive(InputObject").skip(1).filter_map(|rest| {
            let (name, rest) = rest.split_once("pub struct ")?.1.split_once(" {")?;
            name.ends_with("Input").then(|| rest.split("\n}").next().unwrap_or_default().to_owned())
        });
        for field in inputs.flat_map(|fields| fields.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>()) {
            let Some((name, kind)) = field.split_once(": ") else { continue };
            if kind.contains("String") {
                assert!(NO_FREE_TEXTS.contains(&name), "{}: {name} is taken as it comes", path.display());
            }
            found += usize::from(kind.contains("Line") || kind.contains("Prose"));
        }
    }
    assert!(found >= 15, "the texts were found: {found}");
}

fn no_file_has_two_subjects() {
    for (path, code) in sources().into_iter().chain(sources_of("endpoint/src")) {
        assert!(code.lines().count() <= 450, "{} has {} lines of code", path.display(), code.lines().count());
    }
}

/// What the endpoint must not name: crates of the product, its storage, and nouns of livelihood projects.
const OF_THE_PRODUCT: [&str; 4] = ["entity", "migration", "minsheng", "sea_orm"];
const NOUNS_OF_THE_PRODUCT: [&str; 15] = [
    "allocation",
    "assignment",
    "audit",
    "blocker",
    "dossier",
    "indicator",
    "jurisdiction",
    "ledger",
    "meeting",
    "milestone",
    "notice",
    "project",
    "similarity",
    "supervision",
    "trend",
];

/// The words of an identifier: `TaskFilter` and `task_filter` are `task`, `filter`.
fn words(identifier: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for character in identifier.chars() {
        if character == '_' || character.is_uppercase() {
            words.push(String::new());
        }
        if character != '_' {
            words.last_mut().expect("a word").extend(character.to_lowercase());
        }
    }
    words.into_iter().filter(|word| !word.is_empty()).collect()
}

/// The code without what stands in its strings.
fn without_strings(code: &str) -> String {
    let mut kept = String::new();
    let mut characters = code.chars();
    let mut inside = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' if inside => {
                characters.next();
            }
            '"' => inside = !inside,
            _ if !inside => kept.push(character),
            _ => {}
        }
    }
    kept
}

fn the_endpoint_knows_no_product() {
    for (path, code) in ["endpoint", "fair", "language"].into_iter().flat_map(sources_of_crate) {
        for name in OF_THE_PRODUCT {
            assert!(named_after(&code, &format!("{name}::")).is_empty(), "{} names {name}", path.display());
        }
        let code = without_strings(&code.replace("'\"'", "").replace("b'\"'", ""));
        for identifier in code.split(|character: char| !(character.is_alphanumeric() || character == '_')) {
            let noun = words(identifier).into_iter().find(|word| {
                let singular = word.strip_suffix('s').unwrap_or(word);
                NOUNS_OF_THE_PRODUCT.contains(&singular)
            });
            assert!(noun.is_none(), "{} has the identifier {identifier}", path.display());
        }
    }
}

/// The sources of a crate of the workspace, by their paths from the root.
fn sources_of_crate(name: &str) -> Vec<(PathBuf, String)> {
    let folder = format!("{name}/src");
    sources_of(&folder).into_iter().map(|(path, code)| (Path::new(&folder).join(path), code)).collect()
}
