//! The address of the database, which may hold a password: whatever prints it prints it without.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize, Serializer};
use url::Url;

/// The text in place of a secret.
const MASK: &str = "***";

/// The address of the database. Every way to print it, `Debug` and serde included, masks its secret parts.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The address with its password, to open the database with.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The address without its secret parts; empty if it cannot be parsed, because a password might be anywhere.
    fn masked(&self) -> String {
        if self.0.starts_with("sqlite:") {
            return self.0.clone();
        }
        let Ok(mut url) = Url::parse(&self.0) else { return MASK.to_owned() };
        // An address without its two slashes has its password in its path.
        if url.cannot_be_a_base() || !url.has_host() || (url.password().is_some() && url.set_password(Some(MASK)).is_err()) {
            return MASK.to_owned();
        }
        if url.query().is_some() {
            let parameters: Vec<(String, String)> = url
                .query_pairs()
                .map(|(name, value)| {
                    (name.to_string(), if name.to_ascii_lowercase().contains("pass") { MASK.to_owned() } else { value.to_string() })
                })
                .collect();
            url.query_pairs_mut().clear().extend_pairs(parameters);
        }
        url.to_string()
    }
}

impl FromStr for DatabaseUrl {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.masked())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_way_to_print_it_shows_a_secret() {
        for (address, shown) in [
            ("sqlite:data/minsheng.db", "sqlite:data/minsheng.db"),
            ("postgres://minsheng:geheim@db:5432/city", "postgres://minsheng:***@db:5432/city"),
            ("postgres://minsheng@db/city", "postgres://minsheng@db/city"),
            ("postgres://db/city?user=a&password=geheim&sslpassword=geheim", "postgres://db/city?user=a&password=***&sslpassword=***"),
            ("postgres://db/city?PASSWORD=geheim", "postgres://db/city?PASSWORD=***"),
            ("postgres:/a:geheim@db", "***"),
            ("postgres://a:geheim@[broken/city", "***"),
            ("geheim", "***"),
            ("mailto:geheim", "***"),
            ("", "***"),
        ] {
            let url: DatabaseUrl = address.parse().unwrap();
            assert_eq!(url.reveal(), address);
            let printed = [url.to_string(), format!("{url:?}"), serde_json::to_value(&url).unwrap().as_str().unwrap().to_owned()];
            assert!(printed.iter().all(|printed| printed == shown), "{printed:?}");
        }
    }
}
