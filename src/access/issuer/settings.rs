//! The accepted issuer, and the requirements on its tokens.

use url::{Host, Url};

/// The accepted issuer, and the requirements on its tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    issuer: String,
    address: Url,
    audience: String,
    clients: Vec<String>,
    claim: String,
}

/// Why an issuer cannot be used as it was set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The issuer is no address.
    #[error("the issuer is not a web address")]
    Address(#[from] url::ParseError),
    /// Keys that come over an open connection are anybody's keys.
    #[error("the issuer must begin with https:// (http:// is for this machine alone: localhost, 127.0.0.1, [::1])")]
    Insecure,
    /// An issuer is a host and a path.
    #[error("the issuer must have no user, password, query or fragment")]
    Excess,
    /// Without an audience, a token that was issued for any other service would do.
    #[error("the audience is empty")]
    Audience,
    /// Without a claim, nobody is named.
    #[error("the claim that names the account is empty")]
    Claim,
}

impl Settings {
    /// Settings from their texts. `issuer` is written exactly as the issuer's own tokens and documents write it: they are compared to the
    /// letter, a closing slash included. `audience` is the audience of its tokens, `claim` the one that names the account.
    ///
    /// # Errors
    /// The issuer is no address that keys may be fetched from, or a text is empty.
    pub fn parse(issuer: &str, audience: &str, claim: &str) -> Result<Self, SettingsError> {
        let address = Url::parse(issuer)?;
        if address.scheme() != "https" && !is_this_machine(&address) {
            return Err(SettingsError::Insecure);
        }
        let has_user = !address.username().is_empty() || address.password().is_some();
        if has_user || address.query().is_some() || address.fragment().is_some() {
            return Err(SettingsError::Excess);
        }
        if audience.trim().is_empty() {
            return Err(SettingsError::Audience);
        }
        if claim.trim().is_empty() {
            return Err(SettingsError::Claim);
        }
        Ok(Self { issuer: issuer.to_owned(), address, audience: audience.to_owned(), clients: Vec::new(), claim: claim.to_owned() })
    }

    /// These settings, which also believe the tokens of these clients.
    #[must_use]
    pub fn for_clients(mut self, clients: &[String]) -> Self {
        self.clients = clients.to_vec();
        self
    }

    /// Whether a token that was issued to `client` is believed. The service itself is a client by the name of its audience.
    pub(super) fn admits_client(&self, client: &str) -> bool {
        client == self.audience || self.clients.iter().any(|known| known == client)
    }

    /// The issuer, as it was written.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The audience of its tokens.
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.audience
    }

    /// The claim that names the account.
    #[must_use]
    pub fn claim(&self) -> &str {
        &self.claim
    }

    /// Where the issuer says how it is reached (`OpenID` Connect Discovery, section 4).
    pub(super) fn discovery(&self) -> Url {
        let mut address = self.address.clone();
        address.set_path(&format!("{}/.well-known/openid-configuration", self.address.path().trim_end_matches('/')));
        address
    }

    /// Whether the issuer may send us to `address` for its keys. Only an issuer on this machine may name another address on it: one
    /// from outside could make us ask our own neighbours.
    pub(super) fn admits(&self, address: &Url) -> bool {
        address.scheme() == "https" || (!self.is_secure() && is_this_machine(address))
    }

    pub(super) fn is_secure(&self) -> bool {
        self.address.scheme() == "https"
    }
}

/// Whether an address is on this machine, by HTTP: its traffic is not seen by the network.
fn is_this_machine(address: &Url) -> bool {
    address.scheme() == "http"
        && match address.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(issuer: &str) -> Result<Settings, SettingsError> {
        Settings::parse(issuer, "minsheng", "sub")
    }

    #[test]
    fn an_issuer_is_reached_safely_or_not_at_all() {
        for issuer in
            ["https://id.example.org", "https://id.example.org/realms/city/", "http://127.0.0.1:9", "http://localhost/a", "http://[::1]:1"]
        {
            assert!(parse(issuer).is_ok_and(|settings| settings.issuer() == issuer), "{issuer}");
        }
        for issuer in [
            "http://id.example.org",
            "http://10.0.0.1",
            "http://localhost.example.org",
            "http://127.0.0.1.example.org",
            "ftp://localhost",
            "file:///etc",
        ] {
            assert_eq!(parse(issuer), Err(SettingsError::Insecure), "{issuer}");
        }
        for issuer in ["https://a:b@id.example.org", "https://a@id.example.org", "https://id.example.org?a", "https://id.example.org/#a"] {
            assert_eq!(parse(issuer), Err(SettingsError::Excess), "{issuer}");
        }
        for issuer in ["", "id.example.org", "https://", "https://[::1"] {
            assert!(matches!(parse(issuer), Err(SettingsError::Address(_))), "{issuer}");
        }
    }

    #[test]
    fn an_audience_and_a_claim_are_needed() {
        assert_eq!(Settings::parse("https://id.example.org", " ", "sub"), Err(SettingsError::Audience));
        assert_eq!(Settings::parse("https://id.example.org", "minsheng", ""), Err(SettingsError::Claim));
    }

    #[test]
    fn discovery_is_below_the_issuer() {
        for (issuer, discovery) in [
            ("https://id.example.org", "https://id.example.org/.well-known/openid-configuration"),
            ("https://id.example.org/", "https://id.example.org/.well-known/openid-configuration"),
            ("https://id.example.org/realms/city", "https://id.example.org/realms/city/.well-known/openid-configuration"),
            ("https://id.example.org/realms/city/", "https://id.example.org/realms/city/.well-known/openid-configuration"),
        ] {
            assert_eq!(parse(issuer).map(|settings| settings.discovery().to_string()), Ok(discovery.to_owned()));
        }
    }

    #[test]
    fn keys_of_an_issuer_outside_are_fetched_outside() {
        let outside = parse("https://id.example.org").unwrap();
        let inside = parse("http://127.0.0.1:8000").unwrap();
        let keys = |address: &str| Url::parse(address).unwrap();
        assert!(outside.admits(&keys("https://keys.example.org/a")));
        assert!(!outside.admits(&keys("http://id.example.org/a")));
        assert!(!outside.admits(&keys("http://127.0.0.1/a")));
        assert!(inside.admits(&keys("http://127.0.0.1:8000/a")));
        assert!(!inside.admits(&keys("http://10.0.0.1/a")));
    }
}
