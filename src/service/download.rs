//! Links to files: tickets that open one address for a short time, as long as the session that asked for them stands.

use chrono::{DateTime, Utc};

use super::{
    Call, Refusal, Service,
    people::{
        authentication::{Proved, Unproved},
        session::own_session,
    },
};
use crate::{
    access::{
        token::{Presented, Ticket, TokenFault},
        viewer::Credential,
    },
    domain::audit::fingerprint,
};

/// The parameter of an address that carries its ticket: the last one.
pub const TICKET: &str = "ticket";

/// Where the addresses of files begin.
pub const ADDRESSES: &str = "/export/";

/// The longest address that a ticket is made for.
const LONGEST: usize = 16 * 1024;

/// An address that opens a file, for a time.
#[derive(Clone, Debug)]
pub struct Link {
    /// The address with its ticket.
    pub address: String,
    /// Until when it opens.
    pub expires_at: DateTime<Utc>,
}

/// Whether there can be a ticket for an address: one of a file here, without a ticket.
#[must_use]
pub fn is_address(address: &str) -> bool {
    address.len() <= LONGEST
        && address.starts_with(ADDRESSES)
        && address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#')
        && without_ticket(address).1.is_none()
}

/// An address apart from the ticket at its end.
#[must_use]
pub fn without_ticket(address: &str) -> (&str, Option<&str>) {
    match address.rsplit_once(['?', '&']) {
        Some((before, last)) => match last.strip_prefix(TICKET).and_then(|rest| rest.strip_prefix('=')) {
            Some(ticket) => (before, Some(ticket)),
            None => (address, None),
        },
        None => (address, None),
    }
}

impl Service {
    /// A link to a file, for the session of the request. `None` without a session here: the public needs no link, and programs send their
    /// token.
    ///
    /// # Errors
    /// A fault of ours.
    pub async fn link(&self, call: &Call, address: &str) -> Result<Option<Link>, Refusal> {
        let (Some(actor), Some(session)) = (call.viewer.actor(), own_session(call)) else { return Ok(None) };
        let ticket = Ticket::beginning(actor.id, session, fingerprint(address), call.occasion.at);
        let signed = self.keyring.sign(&self.database, |key| key.sign_ticket(&ticket), call.occasion.at).await?;
        let sign = if address.contains('?') { '&' } else { '?' };
        Ok(Some(Link { address: format!("{address}{sign}{TICKET}={signed}"), expires_at: ticket.expires_at }))
    }

    /// The account behind a ticket that was presented for an address at a time. Its session must still stand, however late that is asked:
    /// a lock ends a download that has begun.
    ///
    /// # Errors
    /// It proves nothing, or that cannot be found out now.
    pub async fn redeem(&self, ticket: &str, address: &str, presented_at: DateTime<Utc>) -> Result<Proved, Unproved> {
        let now = self.now();
        let presented = Presented::parse(ticket)?;
        let id = presented.key_id().ok_or(TokenFault::UnknownKey)?;
        let key = self.keyring.verifying(&self.database, id, now).await?.ok_or(TokenFault::UnknownKey)?;
        let ticket = presented.verify_ticket(&key, presented_at)?;
        if ticket.address != fingerprint(address) {
            return Err(Unproved::Invalid("the ticket is for another address".into()));
        }
        let (account, session) = self.behind_session(ticket.account, ticket.session, now).await?;
        self.proved(account, Credential::Session(session.id), ticket.expires_at.min(session.expires_at)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_stands_at_the_end_of_an_address() {
        assert_eq!(without_ticket("/export/a.csv?x=1&ticket=abc"), ("/export/a.csv?x=1", Some("abc")));
        assert_eq!(without_ticket("/export/a.csv?ticket=abc"), ("/export/a.csv", Some("abc")));
        for none in ["/export/a.csv?ticket=abc&x=1", "/export/a.csv?tickets=abc", "/export/a.csv?ticket", "/export/a.csv", ""] {
            assert_eq!(without_ticket(none), (none, None));
        }
    }

    #[test]
    fn tickets_are_for_addresses_of_files_here() {
        assert!(is_address("/export/ledger.xlsx?jurisdiction=jining&year=2024"));
        for address in [
            "/graphql?query=x",
            "//elsewhere/export/",
            "https://elsewhere/export/a",
            "/export/a b",
            "/export/a#b",
            "/export/a?ticket=x",
            "/export/台账",
            "",
        ] {
            assert!(!is_address(address), "{address}");
        }
        assert!(!is_address(&format!("/export/{}", "x".repeat(LONGEST))));
    }
}
