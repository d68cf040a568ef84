//! `minsheng audit verify`: whether the audit chain still is as it was recorded.

use clap::Subcommand;

use super::{DatabaseAddress, Problem, terminal};
use crate::{config::Layers, domain::language::Text, service::audit::Breach};

/// Verify the audit chain.
#[derive(Debug, clap::Args)]
pub(super) struct Audit {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 核验审计链：有没有事件被改动或删除。 Verify the chain: whether an event was altered or removed.
    Verify(Verify),
}

#[derive(Debug, clap::Args)]
struct Verify {
    #[command(flatten)]
    database: DatabaseAddress,
    /// 上次核验时的序号和摘要，写作 序号:摘要；不符则报告。 The number and hash that an earlier verification printed, as NUMBER:HASH; a chain that does not hold it is reported.
    #[arg(long, value_name = "NUMBER:HASH")]
    expect: Option<String>,
}

impl Audit {
    pub(super) async fn run(self, layers: Layers) -> Result<(), Problem> {
        let Command::Verify(verify) = self.command;
        let service = verify.database.service(layers).await?;
        // An empty chain is the beginning of every other.
        let mut expected = verify.expect.as_deref().map(noted).transpose()?.filter(|(sequence, _)| *sequence != 0);
        let verified = service
            .verify_audit(|end, last| {
                if expected.as_ref().is_some_and(|(sequence, hash)| *sequence == end.sequence && *hash == end.hash) {
                    expected = None;
                }
                if end.sequence % PROGRESS == 0 {
                    terminal::say(Text::new(format!("已核验 {} / {last}", end.sequence), format!("verified {} of {last}", end.sequence)));
                }
            })
            .await?;
        match verified.breach {
            Some(Breach::Missing { sequence }) => Err(Problem::new(
                format!("审计链在第 {sequence} 条断开：该事件不见了。请保留现场，从备份核对。"),
                format!(
                    "The chain is broken at {sequence}: that event is missing. Keep the database as it is and compare it with a backup."
                ),
            )),
            Some(Breach::Altered { sequence }) => Err(Problem::new(
                format!("审计链在第 {sequence} 条断开：该事件被改动。请保留现场，从备份核对。"),
                format!(
                    "The chain is broken at {sequence}: that event was altered. Keep the database as it is and compare it with a backup."
                ),
            )),
            Some(Breach::End { sequence }) => Err(Problem::new(
                format!("审计链的末尾与记录的末尾（{sequence}）不符：末尾的事件被删除或添加。请保留现场，从备份核对。"),
                format!(
                    "The chain does not end where its end was noted ({sequence}): events were removed there or added. Keep the database as it is and compare it with a backup."
                ),
            )),
            Some(Breach::Emptied) => Err(Problem::new(
                "审计链被清空过：有账号，却没有它的创建事件。请保留现场，从备份核对。",
                "The chain was emptied: there is an account, and no event of its creation. Keep the database as it is and compare it with a backup.",
            )),
            Some(Breach::Unguarded { trigger }) => Err(Problem::new(
                format!("审计链自身完整，但防止改动的触发器 {trigger} 缺失或被改动。请查明原因，从备份核对。"),
                format!(
                    "The chain holds in itself, but the trigger {trigger} that guards it is missing or altered. Find out why and compare the database with a backup."
                ),
            )),
            None if expected.is_some() => Err(Problem::new(
                "审计链自身完整，但其中没有所给的序号和摘要：整条链被换过。请从备份核对。",
                "The chain holds in itself and not the number and hash that were given: all of it was exchanged. Compare it with a backup.",
            )),
            None => {
                let end = &verified.end;
                terminal::say(Text::new(
                    format!("审计链完整：{} 个事件。", end.sequence),
                    format!("the chain holds: {} events.", end.sequence),
                ));
                terminal::say(Text::new(
                    "请将下面一行另存他处，下次用 --expect 核验",
                    "note the next line elsewhere, for --expect of the next time",
                ));
                terminal::say(format_args!("{}:{}", end.sequence, end.hash));
                Ok(service.database().clone().close().await?)
            }
        }
    }
}

/// After how many events it says how far it is.
const PROGRESS: i64 = 100_000;

fn noted(text: &str) -> Result<(i64, String), Problem> {
    text.split_once(':').and_then(|(sequence, hash)| Some((sequence.parse().ok()?, hash.to_owned()))).ok_or_else(|| {
        Problem::new(
            "--expect 须写作 序号:摘要，即上次核验最后一行。",
            "--expect is written NUMBER:HASH, which is the last line that a verification prints.",
        )
    })
}
