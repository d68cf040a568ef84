//! The public keys of an issuer, as its key set (RFC 7517) lists them.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse},
};
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
    pub(super) fn read(list: &[Value]) -> Self {
        Self(list.iter().filter_map(key).take(COUNT).map(Arc::new).collect())
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

/// A key of a list, if it is one that verifies signatures. A key that is shared, `oct`, is none: everybody could sign with it.
fn key(listed: &Value) -> Option<Key> {
    let jwk = Jwk::deserialize(listed).ok()?;
    if !matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
        return None;
    }
    if jwk.common.key_operations.as_ref().is_some_and(|uses| !uses.contains(&KeyOperations::Verify)) {
        return None;
    }
    let fitting = fitting(&jwk.algorithm)?;
    // By the name as it is listed: the library does not know all that `algorithm` does.
    let algorithms = match listed.get("alg").and_then(Value::as_str) {
        Some(name) => vec![algorithm(name).filter(|algorithm| fitting.contains(algorithm))?],
        None => fitting.to_vec(),
    };
    let decoding = DecodingKey::from_jwk(&jwk).ok()?;
    // A point that is not on its curve is refused when it is first used, whatever it is to verify.
    jsonwebtoken::crypto::verify("", b"", &decoding, *algorithms.first()?).ok()?;
    Some(Key { id: jwk.common.key_id, algorithms, decoding })
}

/// What a key can verify, if its sizes are right. The library takes a key apart when it is used: it puts the coordinates of a point
/// together whatever their sizes are, and panics on some keys that are too short.
fn fitting(parameters: &AlgorithmParameters) -> Option<&'static [Algorithm]> {
    let (fitting, has_its_size): (&[Algorithm], _) = match parameters {
        AlgorithmParameters::RSA(key) => (RSA, is_modulus(&key.n)),
        AlgorithmParameters::EllipticCurve(key) => match key.curve {
            EllipticCurve::P256 => (&[Algorithm::ES256], has_size(&key.x, 32) && has_size(&key.y, 32)),
            EllipticCurve::P384 => (&[Algorithm::ES384], has_size(&key.x, 48) && has_size(&key.y, 48)),
            _ => return None,
        },
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => (&[Algorithm::EdDSA], has_size(&key.x, 32)),
        _ => return None,
    };
    has_its_size.then_some(fitting)
}

fn has_size(text: &str, size: usize) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == size)
}

/// Whether a modulus has a size that is taken. Leading zeros, which some issuers write, do not count to it.
fn is_modulus(text: &str) -> bool {
    let size = |bytes: Vec<u8>| bytes.iter().skip_while(|byte| **byte == 0).count();
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| RSA_BYTES.contains(&size(bytes)))
}
