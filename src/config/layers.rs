//! Layer upon layer: each setting keeps where its value came from.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use serde::Serialize;
use serde_json::{Map, Value};
use serde_saphyr::DuplicateKeyPolicy;

use super::{Config, ConfigFault};
use crate::domain::{language::Text, nearest::nearest};

/// How variables of this program begin.
const PREFIX: &str = "MINSHENG_";

/// Names the file.
const FILE_VARIABLE: &str = "MINSHENG_CONFIG";

/// The largest file, in bytes: many times a file with every setting.
const LARGEST_FILE: u64 = 1024 * 1024;

/// Where a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nobody has set it.
    Default,
    /// A file.
    File(PathBuf),
    /// A variable of the environment.
    Variable(String),
    /// An option of the command.
    Flag(&'static str),
}

impl Source {
    /// In words.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Default => Text::new("默认", "default"),
            Self::File(path) => Text::new(format!("文件 {}", path.display()), format!("file {}", path.display())),
            Self::Variable(name) => Text::new(format!("环境变量 {name}"), format!("variable {name}")),
            Self::Flag(name) => Text::new(format!("选项 {name}"), format!("option {name}")),
        }
    }
}

/// The value of an option.
pub struct Flag {
    /// The path of the setting.
    key: &'static str,
    name: &'static str,
    value: Value,
}

impl Flag {
    /// An option that sets `key`, where it was given.
    #[must_use]
    pub fn given<T: Serialize>(key: &'static str, name: &'static str, value: Option<&T>) -> Option<Self> {
        Some(Self { key, name, value: serde_json::to_value(value?).ok()? })
    }

    /// This value as a text, which serde would mask.
    #[must_use]
    pub fn secret(key: &'static str, name: &'static str, value: Option<&str>) -> Option<Self> {
        Some(Self { key, name, value: Value::from(value?) })
    }
}

/// Settings as they are gathered.
#[derive(Clone)]
pub struct Layers {
    /// All settings by path: every leaf of the defaults is one.
    settings: BTreeMap<String, Setting>,
}

#[derive(Clone)]
struct Setting {
    value: Value,
    source: Source,
}

/// The settings in effect, and the source of each.
#[derive(Clone, Debug)]
pub struct Effective {
    /// The settings in effect.
    pub config: Config,
    /// Where each setting comes from, by its path.
    pub sources: BTreeMap<String, Source>,
}

impl Layers {
    /// The defaults, with the settings of the file and the variables. `file` is the one that an option names.
    ///
    /// # Errors
    /// The file cannot be read or understood, or something is set that does not exist.
    pub fn read(
        defaults: &Config,
        file: Option<&Path>,
        environment: impl Iterator<Item = (OsString, OsString)>,
    ) -> Result<Self, ConfigFault> {
        let mut settings = BTreeMap::new();
        flatten("", &serde_json::to_value(defaults).unwrap_or_default(), &mut |path, value| {
            settings.insert(path, Setting { value: value.clone(), source: Source::Default });
        });
        let mut layers = Self { settings };
        let variables = variables(environment)?;
        let named = variables.get(FILE_VARIABLE).map(Path::new);
        // Each layer is right by itself, also where a later one wins: who takes that away must not find the other wrong.
        if let Some(file) = file.or(named) {
            layers.add_file(file)?;
            layers.finish()?;
        }
        layers.add_variables(variables)?;
        layers.finish()?;
        Ok(layers)
    }

    /// With the settings of options.
    #[must_use]
    pub fn with(mut self, flags: impl IntoIterator<Item = Option<Flag>>) -> Self {
        for flag in flags.into_iter().flatten() {
            self.set(flag.key, flag.value, &Source::Flag(flag.name));
        }
        self
    }

    /// The settings in effect.
    ///
    /// # Errors
    /// A value cannot be.
    pub fn finish(&self) -> Result<Effective, ConfigFault> {
        let mut tree = Value::Object(Map::new());
        for (path, setting) in &self.settings {
            plant(&mut tree, path, setting.value.clone());
        }
        let config: Config = serde_path_to_error::deserialize(tree).map_err(|error| {
            let path = error.path().to_string();
            // An entry of a list is not a setting by itself.
            let key = self.settings.keys().find(|key| is_in(&path, key)).cloned().unwrap_or(path);
            let source = self.settings.get(&key).map_or(Source::Default, |setting| setting.source.clone());
            let reason = error.into_inner().to_string();
            let reason = match reason.split_once(" · ") {
                // They become part of a sentence.
                Some((chinese, english)) => Text::new(chinese.trim().trim_end_matches('。'), english.trim().trim_end_matches('.')),
                None => Text::new(reason.as_str(), reason.as_str()),
            };
            ConfigFault::Value { key, source, reason }
        })?;
        let sources = self.settings.iter().map(|(path, setting)| (path.clone(), setting.source.clone())).collect();
        Ok(Effective { config, sources })
    }

    fn set(&mut self, path: &str, value: Value, source: &Source) {
        if let Some(setting) = self.settings.get_mut(path) {
            *setting = Setting { value, source: source.clone() };
        }
    }

    fn add_file(&mut self, file: &Path) -> Result<(), ConfigFault> {
        let unreadable = |reason: String| ConfigFault::Unreadable { file: file.to_owned(), reason };
        let size = fs::metadata(file).map_err(|error| unreadable(error.to_string()))?.len();
        if size > LARGEST_FILE {
            return Err(unreadable(format!("{size} > {LARGEST_FILE} bytes")));
        }
        let text = fs::read_to_string(file).map_err(|error| unreadable(error.to_string()))?;
        let options = serde_saphyr::options! { duplicate_keys: DuplicateKeyPolicy::Error, with_snippet: false };
        let tree: Option<Map<String, Value>> = serde_saphyr::from_str_with_options(&text, options).map_err(|error| {
            let reason = error.without_snippet().to_string().replace(char::is_control, " ");
            ConfigFault::Malformed { file: file.to_owned(), reason: reason.trim_end_matches('.').to_owned() }
        })?;
        let source = Source::File(file.to_owned());
        self.add_tree("", tree.unwrap_or_default(), &source)
    }

    fn add_tree(&mut self, prefix: &str, tree: Map<String, Value>, source: &Source) -> Result<(), ConfigFault> {
        for (key, value) in tree {
            // A section is written as one: with dots, a setting could be given twice without a word.
            if key.contains('.') {
                let near = self.settings.keys().filter(|known| **known == key).map(|known| known.replace('.', ": ")).collect();
                return Err(ConfigFault::Unknown { name: key, source: source.clone(), near });
            }
            let path = join(prefix, &key);
            if self.settings.contains_key(&path) {
                self.set(&path, value, source);
                continue;
            }
            let below = format!("{path}.");
            let is_section = self.settings.keys().any(|known| known.starts_with(&below));
            match value {
                Value::Object(inner) if is_section => self.add_tree(&path, inner, source)?,
                // A section without anything in it.
                Value::Null if is_section => {}
                _ => {
                    let near = nearest(&path, self.settings.keys().map(String::as_str));
                    return Err(ConfigFault::Unknown { name: path, source: source.clone(), near });
                }
            }
        }
        Ok(())
    }

    fn add_variables(&mut self, variables: BTreeMap<String, String>) -> Result<(), ConfigFault> {
        let known: BTreeMap<String, String> = self.settings.keys().map(|path| (variable(path), path.clone())).collect();
        for (name, text) in variables {
            if name == FILE_VARIABLE {
                continue;
            }
            let Some(path) = known.get(&name) else {
                // All begin alike, so the beginning makes no name likely.
                let rest = |name: &'static str| name.strip_prefix(PREFIX).unwrap_or(name);
                let known = known.keys().filter_map(|known| known.strip_prefix(PREFIX)).chain([rest(FILE_VARIABLE)]);
                let near = nearest(name.strip_prefix(PREFIX).unwrap_or(&name), known);
                let near = near.iter().map(|near| format!("{PREFIX}{near}")).collect();
                return Err(ConfigFault::Unknown { source: Source::Variable(name.clone()), name, near });
            };
            let like = self.settings.get(path).map(|setting| &setting.value);
            let value = read(&text, like);
            self.set(path, value, &Source::Variable(name));
        }
        Ok(())
    }
}

/// The variables that are meant for this program. An empty one counts as unset.
fn variables(environment: impl Iterator<Item = (OsString, OsString)>) -> Result<BTreeMap<String, String>, ConfigFault> {
    let mut found = BTreeMap::new();
    for (name, value) in environment {
        let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX) && !is_foreign(name)) else { continue };
        let value = value.into_string().map_err(|_| ConfigFault::NotText { variable: name.to_owned() })?;
        if !value.is_empty() {
            found.insert(name.to_owned(), value);
        }
    }
    Ok(found)
}

/// Variables that begin like ours but are not ours. They are those of the tests, and those that Kubernetes and Docker set in every
/// container for a service of the name `minsheng`.
fn is_foreign(name: &str) -> bool {
    let rest = name.strip_prefix(PREFIX).unwrap_or_default();
    rest.starts_with("TEST_")
        || matches!(rest, "UPDATE" | "PORT" | "NAME" | "SERVICE_HOST")
        || rest.starts_with("PORT_")
        || rest.starts_with("SERVICE_PORT")
        || rest.starts_with("ENV_")
}

/// The value of a variable, in the form of the setting that it is for. An invalid value stays as it is, and the setting rejects it.
fn read(text: &str, like: Option<&Value>) -> Value {
    let parsed = || serde_json::from_str::<Value>(text.trim()).ok();
    match like {
        Some(Value::Array(_)) => text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).collect(),
        Some(Value::Number(_)) => parsed().filter(Value::is_number).unwrap_or_else(|| text.into()),
        Some(Value::Bool(_)) => parsed().filter(Value::is_boolean).unwrap_or_else(|| text.into()),
        _ => text.into(),
    }
}

/// The variable of a setting.
fn variable(path: &str) -> String {
    format!("{PREFIX}{}", path.replace('.', "_").to_ascii_uppercase())
}

/// Whether a path leads to a setting, or to an entry of its list.
fn is_in(path: &str, key: &str) -> bool {
    path.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
}

fn join(prefix: &str, key: &str) -> String {
    if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") }
}

fn flatten(prefix: &str, tree: &Value, found: &mut impl FnMut(String, &Value)) {
    match tree {
        Value::Object(map) => {
            for (key, value) in map {
                flatten(&join(prefix, key), value, found);
            }
        }
        leaf => found(prefix.to_owned(), leaf),
    }
}

/// Puts a value where its path leads.
fn plant(tree: &mut Value, path: &str, value: Value) {
    let Value::Object(map) = tree else { return };
    match path.split_once('.') {
        Some((section, rest)) => plant(map.entry(section).or_insert_with(|| Value::Object(Map::new())), rest, value),
        None => {
            map.insert(path.to_owned(), value);
        }
    }
}

impl Effective {
    /// All settings with their values, secrets masked, and where each comes from: itself a configuration, but for the masks.
    #[must_use]
    pub fn listing(&self) -> String {
        let mut text = String::new();
        let tree = serde_json::to_value(&self.config).unwrap_or_default();
        self.list("", &tree, &mut text);
        text
    }

    fn list(&self, prefix: &str, tree: &Value, text: &mut String) {
        let Value::Object(map) = tree else { return };
        let depth = prefix.split('.').filter(|part| !part.is_empty()).count();
        // Keys without a section come first, so the text reads as a person would write it.
        let (sections, leaves): (Vec<_>, Vec<_>) = map.iter().partition(|(_, value)| value.is_object());
        for (key, value) in leaves.into_iter().chain(sections) {
            let path = join(prefix, key);
            text.push_str(&"  ".repeat(depth));
            if value.is_object() {
                let _ = writeln!(text, "{key}:");
                self.list(&path, value, text);
            } else {
                let source = self.sources.get(&path).unwrap_or(&Source::Default);
                let _ = writeln!(text, "{key}: {value}  # {}", source.text());
            }
        }
    }
}
