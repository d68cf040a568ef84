//! Guessing passwords from everywhere, so that the owners of the accounts cannot sign in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde_json::json;

use super::{ATTACKER, Target, again};
use crate::{client::Client, scene::ACCOUNTS};

/// How many connections guess at once: more than the passwords that one process checks at once.
const CONNECTIONS: usize = 60;

const SIGN_IN: &str = include_str!("../../../tests/contract/06-sign-in.graphql");

/// Wrong passwords for the names of honest accounts and of nobody in turn, each from another network.
pub async fn guesses(target: Target) {
    let client = Client::keeping(target.address, ATTACKER);
    again(target, CONNECTIONS, move |number| {
        let client = client.at(anywhere());
        let username = match ACCOUNTS.get(number % (2 * ACCOUNTS.len())) {
            Some(name) => (*name).to_owned(),
            None => format!("nobody-{number}"),
        };
        async move { client.post(SIGN_IN, &json!({ "username": username, "password": "wrong-password-of-nobody" })).await }
    })
    .await;
}

/// An address of a random network: of IPv4 or, as often, of IPv6.
fn anywhere() -> IpAddr {
    let random = getrandom::u64().expect("random bytes");
    let [kind, first, rest @ ..] = random.to_be_bytes();
    if kind % 2 == 0 {
        return Ipv4Addr::new(1 + first % 126, rest[0], rest[1], rest[2]).into();
    }
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&[0x20, 0x01, 0x0d, 0xb8, rest[0], rest[1], rest[2], rest[3]]);
    bytes[8..14].copy_from_slice(&rest);
    Ipv6Addr::from(bytes).into()
}
