//! The public keys of an issuer, as its key set (RFC 7517) lists them.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

use crate::access::token::TokenFault;

/// The most keys that are taken from a set. Issuers have a handful: the one in use, the next and the last.
const COUNT: usize = 100;

/// The sizes of RSA moduli in bytes: smaller ones can be factored, larger ones the library does not take.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=512;

const RSA: &[Algorithm] = &[Algorithm::RS256, Algorithm::RS384, Algorithm::RS512, Algorithm::PS256, Algorithm::PS384, Algorithm::PS512];

/// The algorithm that a header or key names, if it is one of a public and a private key. `none` is not allowed, and neither are the `HS`
/// ones: their one key would be the public one, which everybody has.
pub(super) fn algorithm(name: &str) -> Option<Algorithm> {
    match name {
        "RS256" => Some(Algorithm::RS256),
        "RS384" => Some(Algorithm::RS384),
        "RS512" => Some(Algorithm::RS512),
        "PS256" => Some(Algorithm::PS256),
        "PS384" => Some(Algorithm::PS384),
        "PS512" => Some(Algorithm::PS512),
        "ES256" => Some(Algorithm::ES256),
        "ES384" => Some(Algorithm::ES384),
        // RFC 9864 gives the curve a name of its own; the signatures are the same.
        "EdDSA" | "Ed25519" => Some(Algorithm::EdDSA),
        _ => None,
    }
}

/// A public key, and its allowed uses.
pub(super) struct Key {
    id: Option<String>,
    algorithms: Vec<Algorithm>,
    pub(super) decoding: DecodingKey,
}

/// The usable keys of a set.
#[derive(Default)]
pub(super) struct KeySet(Vec<Arc<Key>>);

impl KeySet {
    /// The usable keys of a list. A key that is not understood is left out: issuers also list keys for other uses, and of kinds that
    /// are yet to come.
    pub(super) fn read(list: Vec<Value>) -> Self {
        Self(list.into_iter().filter_map(|key| serde_json::from_value::<Entry>(key).ok()?.key()).take(COUNT).map(Arc::new).collect())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The key for a token. If a token names no key, it is verified by the only key that fits. If several fit, it is rejected.
    pub(super) fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Result<Arc<Key>, TokenFault> {
        let mut named = self.0.iter().filter(|key| id.is_none() || key.id.as_deref() == id).peekable();
        if named.peek().is_none() {
            return Err(TokenFault::UnknownKey);
        }
        let mut fitting = named.filter(|key| key.algorithms.contains(&algorithm));
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Ok(Arc::clone(key)),
            (Some(_), Some(_)) => Err(TokenFault::UnknownKey),
            (None, _) if id.is_none() => Err(TokenFault::UnknownKey),
            (None, _) => Err(TokenFault::Algorithm),
        }
    }
}

/// A key as it is listed.
#[derive(Deserialize)]
struct Entry {
    kty: String,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    kid: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Entry {
    /// The key, if it is one that verifies signatures. The library takes a key apart when it is used, and panics on some that are too
    /// short: sizes are checked here.
    fn key(self) -> Option<Key> {
        if self.usage.as_ref().is_some_and(|usage| usage != "sig") {
            return None;
        }
        if self.key_ops.as_ref().is_some_and(|uses| !uses.iter().any(|usage| usage == "verify")) {
            return None;
        }
        let (fitting, decoding) = match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) => {
                let (modulus, exponent) = (bytes(self.n.as_ref())?, bytes(self.e.as_ref())?);
                let modulus = without_zeros(&modulus);
                if !RSA_BYTES.contains(&modulus.len()) {
                    return None;
                }
                (RSA, DecodingKey::from_rsa_raw_components(modulus, without_zeros(&exponent)))
            }
            ("EC", Some("P-256")) => (&[Algorithm::ES256][..], point(&bytes(self.x.as_ref())?, &bytes(self.y.as_ref())?, 32)?),
            ("EC", Some("P-384")) => (&[Algorithm::ES384][..], point(&bytes(self.x.as_ref())?, &bytes(self.y.as_ref())?, 48)?),
            ("OKP", Some("Ed25519")) => {
                let bytes = bytes(self.x.as_ref()).filter(|bytes| bytes.len() == 32)?;
                (&[Algorithm::EdDSA][..], DecodingKey::from_ed_der(&bytes))
            }
            _ => return None,
        };
        let algorithms = match &self.alg {
            Some(name) => vec![algorithm(name).filter(|algorithm| fitting.contains(algorithm))?],
            None => fitting.to_vec(),
        };
        // A point that is not on its curve is refused when it is first used, whatever it is to verify.
        jsonwebtoken::crypto::verify("", b"", &decoding, *algorithms.first()?).ok()?;
        Some(Key { id: self.kid, algorithms, decoding })
    }
}

/// A point of an elliptic curve, uncompressed (SEC 1), as the library takes it.
fn point(x: &[u8], y: &[u8], size: usize) -> Option<DecodingKey> {
    (x.len() == size && y.len() == size).then(|| DecodingKey::from_ec_der(&[&[4], x, y].concat()))
}

fn bytes(text: Option<&String>) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text?).ok()
}

/// A number without leading zeros, which some issuers write and which would count to its size.
fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}
