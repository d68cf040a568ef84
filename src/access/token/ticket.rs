//! Tickets: links that a browser can follow. A link sends no token, and a token must not stand in an address. So a page asks for a ticket,
//! which opens one address for a short time.

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use entity::{AccountId, SessionId};
use jsonwebtoken::{Algorithm, Header};
use serde::Serialize;
use uuid::Uuid;

use super::{ALGORITHM, ISSUER, KeyError, LEEWAY, Presented, PublicKey, SigningKey, TokenFault};

/// The type of a ticket in a header: an access token is never taken for one, nor a ticket for an access token.
const TYPE: &str = "minsheng-ticket+jwt";

/// Whom a ticket is for.
const AUDIENCE: &str = "minsheng:download";

/// How long a ticket opens its address: long enough for a click.
pub const TICKET_LIFETIME: TimeDelta = TimeDelta::minutes(2);

/// The claims of a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Whose it is.
    pub account: AccountId,
    /// The session that it was asked for in.
    pub session: SessionId,
    /// A fingerprint of the address that it opens.
    pub address: String,
    /// When it was issued, in whole seconds.
    pub issued_at: DateTime<Utc>,
    /// When it ceases to open anything.
    pub expires_at: DateTime<Utc>,
}

impl Ticket {
    /// A ticket that begins now.
    #[must_use]
    pub fn beginning(account: AccountId, session: SessionId, address: String, now: DateTime<Utc>) -> Self {
        let issued_at = now.trunc_subsecs(0);
        let expires_at = issued_at.checked_add_signed(TICKET_LIFETIME).unwrap_or(issued_at);
        Self { account, session, address, issued_at, expires_at }
    }
}

#[derive(Serialize)]
struct Wire<'a> {
    iss: &'static str,
    aud: &'static str,
    sub: Uuid,
    sid: Uuid,
    address: &'a str,
    iat: i64,
    exp: i64,
}

impl SigningKey {
    /// A token that says `ticket`.
    ///
    /// # Errors
    /// The library refuses the key.
    pub fn sign_ticket(&self, ticket: &Ticket) -> Result<String, KeyError> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(self.id().to_owned());
        let wire = Wire {
            iss: ISSUER,
            aud: AUDIENCE,
            sub: ticket.account.0,
            sid: ticket.session.0,
            address: &ticket.address,
            iat: ticket.issued_at.timestamp(),
            exp: ticket.expires_at.timestamp(),
        };
        Ok(jsonwebtoken::encode(&header, &wire, &self.private)?)
    }
}

impl Presented {
    /// The claims of the ticket, if it was signed by `key` and is valid at `now`.
    ///
    /// # Errors
    /// It is no ticket of this installation, not signed by this key, or not valid now.
    pub fn verify_ticket(&self, key: &PublicKey, now: DateTime<Utc>) -> Result<Ticket, TokenFault> {
        if self.algorithm() != ALGORITHM {
            return Err(TokenFault::Algorithm);
        }
        if self.kind().is_none_or(|kind| kind != TYPE) {
            return Err(TokenFault::claim("typ"));
        }
        if self.key_id() != Some(key.id.as_str()) {
            return Err(TokenFault::UnknownKey);
        }
        self.check_signature(&key.decoding()?, Algorithm::EdDSA)?;
        if self.issuer() != Some(ISSUER) {
            return Err(TokenFault::Issuer);
        }
        if self.text("aud") != Some(AUDIENCE) {
            return Err(TokenFault::Audience);
        }
        let (issued_at, expires_at) = (self.required_time("iat")?, self.required_time("exp")?);
        let lifetime = expires_at.signed_duration_since(issued_at);
        if lifetime <= TimeDelta::zero() || lifetime > TICKET_LIFETIME {
            return Err(TokenFault::Lifetime);
        }
        self.check_times(now, LEEWAY)?;
        let address = self.text("address").ok_or_else(|| TokenFault::claim("address"))?.to_owned();
        Ok(Ticket { account: AccountId(self.id("sub")?), session: SessionId(self.id("sid")?), address, issued_at, expires_at })
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Claims, verify},
        *,
    };

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn ticket() -> Ticket {
        Ticket::beginning(AccountId::generate(), SessionId::generate(), "fingerprint".into(), now())
    }

    fn read(ticket: &str, key: &PublicKey, now: DateTime<Utc>) -> Result<Ticket, TokenFault> {
        Presented::parse(ticket)?.verify_ticket(key, now)
    }

    #[test]
    fn a_ticket_says_what_was_signed_for_its_time() {
        let (key, ticket) = (SigningKey::generate().unwrap(), ticket());
        let signed = key.sign_ticket(&ticket).unwrap();
        assert_eq!(read(&signed, &key.public(), now()), Ok(ticket));
        for (seconds, outcome) in [(124, None), (125, Some(TokenFault::Expired)), (-6, Some(TokenFault::NotYetValid))] {
            let now = now().checked_add_signed(TimeDelta::seconds(seconds)).unwrap();
            assert_eq!(read(&signed, &key.public(), now).err(), outcome, "{seconds}");
        }
        assert_eq!(read(&signed, &SigningKey::generate().unwrap().public(), now()), Err(TokenFault::UnknownKey));
    }

    #[test]
    fn neither_is_taken_for_the_other() {
        let (key, ticket) = (SigningKey::generate().unwrap(), ticket());
        let token = key.sign(&Claims::beginning(ticket.account, ticket.session, now())).unwrap();
        assert_eq!(read(&token, &key.public(), now()), Err(TokenFault::claim("typ")));
        assert_eq!(verify(&key.sign_ticket(&ticket).unwrap(), &key.public(), now()), Err(TokenFault::claim("typ")));
    }

    #[test]
    fn a_ticket_that_lives_too_long_is_none() {
        let key = SigningKey::generate().unwrap();
        for seconds in [121, 0, -1] {
            let expires_at = now().checked_add_signed(TimeDelta::seconds(seconds)).unwrap();
            let signed = key.sign_ticket(&Ticket { expires_at, ..ticket() }).unwrap();
            assert_eq!(read(&signed, &key.public(), now()), Err(TokenFault::Lifetime), "{seconds}");
        }
    }
}
