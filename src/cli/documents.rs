//! `minsheng documents …`: registers, lists and retires trusted documents.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::Subcommand;

use super::{DatabaseAddress, Problem, operator, terminal};
use crate::{
    config::Layers,
    domain::{document::DocumentHash, language::Text},
    graphql::check_document,
};

/// How the names of files with documents end.
const ENDING: &str = "graphql";

/// Register, list and retire trusted documents.
#[derive(Debug, clap::Args)]
pub(super) struct Documents {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 登记一个文件夹中的全部 .graphql 文件：先按数据模式和限制逐一检查，有一个不合格则一个也不登记。 Register all .graphql files of a folder: each is checked against the schema and the limits first, and none is registered where one fails.
    Register(Register),
    /// 列出登记过的文档。 List the documents that were registered.
    List(List),
    /// 停用文档，按哈希或名称。 Retire documents, by hash or name.
    Retire(Retire),
}

#[derive(Debug, clap::Args)]
struct Register {
    /// 文件夹，连同其下级。 The folder, with those below it.
    folder: PathBuf,
    #[command(flatten)]
    database: DatabaseAddress,
}

#[derive(Debug, clap::Args)]
struct List {
    #[command(flatten)]
    database: DatabaseAddress,
}

#[derive(Debug, clap::Args)]
struct Retire {
    /// 哈希或名称。 Hashes or names.
    #[arg(required = true, value_name = "HASH|NAME")]
    documents: Vec<String>,
    #[command(flatten)]
    database: DatabaseAddress,
}

impl Documents {
    pub(super) async fn run(self, layers: Layers) -> Result<(), Problem> {
        match self.command {
            Command::Register(register) => register.run(layers).await,
            Command::List(list) => list.run(layers).await,
            Command::Retire(retire) => retire.run(layers).await,
        }
    }
}

impl Register {
    async fn run(self, layers: Layers) -> Result<(), Problem> {
        let documents = read(&self.folder).map_err(|(path, error)| {
            let path = path.display();
            Problem::new(
                format!("无法读取 {path}（{error}）：请检查该路径，文件须为 UTF-8 文字。"),
                format!("Cannot read {path} ({error}): look at it; files are text in UTF-8."),
            )
        })?;
        if documents.is_empty() {
            let folder = self.folder.display();
            return Err(Problem::new(
                format!("{folder} 中没有 .{ENDING} 文件：请检查路径。"),
                format!("There are no .{ENDING} files in {folder}: check the path."),
            ));
        }
        let limits = layers.finish()?.config.limits;
        let mut faults = Vec::new();
        for (name, text) in &documents {
            if let Err(reason) = check_document(text, &limits).await {
                faults.push(format!("  {name}.{ENDING}: {}", reason.to_string().replace(char::is_control, " ")));
            }
        }
        if !faults.is_empty() {
            return Err(Problem::new(
                format!("{} 个文档不合格，未登记任何文档：请更正下列各处", faults.len()),
                format!("{} documents cannot be run; none was registered:\n{}", faults.len(), faults.join("\n")),
            ));
        }
        let service = self.database.service(layers).await?;
        let new = service.register_documents(&operator(&service), &documents).await?;
        for (name, text) in &documents {
            terminal::say(format_args!("{}  {name}", DocumentHash::of(text)));
        }
        let known = documents.len().saturating_sub(new);
        terminal::say(Text::new(
            format!("已登记 {new} 个文档，{known} 个原已登记。"),
            format!("{new} documents were registered, {known} had been before."),
        ));
        Ok(service.database().clone().close().await?)
    }
}

impl List {
    async fn run(self, layers: Layers) -> Result<(), Problem> {
        let service = self.database.service(layers).await?;
        for document in service.trusted_documents().await? {
            let retired = match document.retired_at {
                Some(at) => Text::new(format!("  已于 {} 停用", at.format("%F")), format!("retired on {}", at.format("%F"))).to_string(),
                None => String::new(),
            };
            terminal::say(format_args!("{}  {}{retired}", document.hash, document.name));
        }
        Ok(service.database().clone().close().await?)
    }
}

impl Retire {
    async fn run(self, layers: Layers) -> Result<(), Problem> {
        let service = self.database.service(layers).await?;
        let retired = service.retire_documents(&operator(&service), &self.documents).await.map_err(|refusal| match refusal {
            crate::service::Refusal::NotFound => Problem::new(
                "其中有的文档没有登记，或已停用，因此一个也没有停用：minsheng documents list 可列出全部。",
                "One of them is not registered, or is retired already, so none was retired: `minsheng documents list` lists them all.",
            ),
            refusal => refusal.into(),
        })?;
        for document in &retired {
            terminal::say(format_args!("{}  {}", document.hash, document.name));
        }
        terminal::say(Text::new(format!("已停用 {} 个文档。", retired.len()), format!("{} documents were retired.", retired.len())));
        Ok(service.database().clone().close().await?)
    }
}

/// The documents of a folder, by their paths from there, without the ending; or the file that cannot be read.
fn read(folder: &Path) -> Result<Vec<(String, String)>, (PathBuf, std::io::Error)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(here) = folders.pop() {
        for entry in fs::read_dir(&here).map_err(|error| (here.clone(), error))? {
            let path = entry.map_err(|error| (here.clone(), error))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == ENDING) {
                let name = path.strip_prefix(folder).unwrap_or(&path).with_extension("").to_string_lossy().replace('\\', "/");
                let text = fs::read_to_string(&path).map_err(|error| (path, error))?;
                found.push((name, text));
            }
        }
    }
    found.sort();
    Ok(found)
}
