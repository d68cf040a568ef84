//! `minsheng key rotate`: makes the service sign with other keys.

use clap::Subcommand;

use super::{DatabaseAddress, Problem, operator, terminal};
use crate::{config::Layers, domain::language::Text};

/// Rotate the keys that sign access tokens.
#[derive(Debug, clap::Args)]
pub(super) struct Key {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 让每个进程换用新密钥；已签发的令牌照常有效，无人被迫重新登录。 Let every process sign with a new key; tokens stay valid and nobody has to sign in again.
    Rotate(Rotate),
}

#[derive(Debug, clap::Args)]
struct Rotate {
    #[command(flatten)]
    database: DatabaseAddress,
    /// 密钥可能泄露：已签发的访问令牌在五秒内全部失效，客户端用续期令牌换新。 A key may have leaked: access tokens cease to be valid within five seconds, and clients renew theirs.
    #[arg(long)]
    revoke: bool,
}

impl Key {
    pub(super) async fn run(self, layers: Layers) -> Result<(), Problem> {
        let Command::Rotate(rotate) = self.command;
        let service = rotate.database.service(layers).await?;
        let retired = service.rotate_signing_keys(&operator(&service), rotate.revoke).await?;
        terminal::say(Text::new(format!("{retired} 个签名密钥不再签发。"), format!("{retired} keys sign no more.")));
        Ok(service.database().clone().close().await?)
    }
}
