//! The issuer as its tokens and its failures come, against a tiny one on this machine.

#![expect(clippy::arithmetic_side_effects, reason = "a test that panics has failed, as it should")]

mod reach;
mod rotation;
mod signer;
mod tiny;
mod tokens;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use self::{
    signer::Signer,
    tiny::{Reply, Tiny},
};
use super::*;

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn after_minutes(minutes: i64) -> DateTime<Utc> {
    start() + TimeDelta::minutes(minutes)
}

fn after_seconds(seconds: i64) -> DateTime<Utc> {
    start() + TimeDelta::seconds(seconds)
}

/// The issuer as this service sees it, taking the account from `account`.
fn issuer(tiny: &Tiny) -> Issuer {
    Issuer::new(Settings::parse(&tiny.address, "minsheng", "account").unwrap()).unwrap()
}

/// The claims of a good token. It is good for a week, so that tests may go on for a while.
fn claims(tiny: &Tiny) -> Value {
    json!({
        "iss": tiny.address,
        "aud": "minsheng",
        "sub": "4711",
        "account": "wang.li",
        "scope": "openid",
        "iat": start().timestamp(),
        "exp": (start() + TimeDelta::days(7)).timestamp(),
    })
}

/// The answer to a good token.
#[expect(clippy::unnecessary_wraps, reason = "it is compared with what may fail")]
fn ok() -> Result<String, TokenFault> {
    Ok("wang.li".to_owned())
}
