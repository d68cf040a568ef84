//! The keys that sign access tokens, and their public halves.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header,
    errors::ErrorKind,
    jwk::{AlgorithmParameters, Jwk, ThumbprintHash},
};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{ALGORITHM, Claims, TYPE, TokenFault, Wire};

/// How long an Ed25519 key is, the private and the public one alike.
const KEY_BYTES: usize = 32;

/// The bytes before the 32 bytes of a private Ed25519 key in PKCS #8 (RFC 8410, section 7), the form that the library reads.
const PKCS8_PREFIX: [u8; 16] = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// Why there is no key, or no token. Neither is expected on a sound machine.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The operating system gave no random bytes.
    #[error("the operating system gives no random bytes")]
    Randomness(#[source] getrandom::Error),
    /// The library refused the key or the claims.
    #[error("the token library refused a key or claims of ours")]
    Library(#[from] jsonwebtoken::errors::Error),
}

/// A key that signs tokens. Its private part never leaves the memory of this process: no file and no backup can give it away.
pub struct SigningKey {
    public: PublicKey,
    pub(super) private: EncodingKey,
}

impl SigningKey {
    /// A new key from the randomness of the operating system.
    ///
    /// # Errors
    /// The operating system gives no random bytes.
    pub fn generate() -> Result<Self, KeyError> {
        let mut document = Zeroizing::new([0; PKCS8_PREFIX.len() + KEY_BYTES]);
        let (prefix, seed) = document.split_at_mut(PKCS8_PREFIX.len());
        prefix.copy_from_slice(&PKCS8_PREFIX);
        getrandom::fill(seed).map_err(KeyError::Randomness)?;
        let private = EncodingKey::from_ed_der(document.as_slice());

        let jwk = Jwk::from_encoding_key(&private, Algorithm::EdDSA)?;
        let bytes = public_bytes(&jwk).ok_or_else(|| jsonwebtoken::errors::new_error(ErrorKind::InvalidEddsaKey))?;
        // The thumbprint (RFC 7638) follows from the key: two processes never use one id for different keys.
        Ok(Self { public: PublicKey { id: jwk.thumbprint(ThumbprintHash::SHA256)?, bytes }, private })
    }

    /// The id by which a token names this key.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.public.id
    }

    /// The half that verifies.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        self.public.clone()
    }

    /// A token that says `claims`.
    ///
    /// # Errors
    /// The library refuses the key.
    pub fn sign(&self, claims: &Claims) -> Result<String, KeyError> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(self.public.id.clone());
        Ok(jsonwebtoken::encode(&header, &Wire::from(claims), &self.private)?)
    }
}

/// Without the private part, which must not reach a log.
impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SigningKey").field("id", &self.public.id).finish_non_exhaustive()
    }
}

fn public_bytes(jwk: &Jwk) -> Option<Vec<u8>> {
    match &jwk.algorithm {
        AlgorithmParameters::OctetKeyPair(parameters) => URL_SAFE_NO_PAD.decode(&parameters.x).ok(),
        _ => None,
    }
}

/// The public half of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The id by which a token names the key.
    pub id: String,
    /// The Ed25519 key itself, 32 bytes. Any other length verifies nothing.
    pub bytes: Vec<u8>,
}

impl PublicKey {
    /// The key as others read it (RFC 7517, RFC 8037).
    #[must_use]
    pub fn jwk(&self) -> Value {
        json!({
            "kty": "OKP",
            "crv": "Ed25519",
            "use": "sig",
            "alg": ALGORITHM,
            "kid": self.id,
            "x": URL_SAFE_NO_PAD.encode(&self.bytes),
        })
    }

    /// The key as the library takes it, which panics on one that is too short.
    pub(super) fn decoding(&self) -> Result<DecodingKey, TokenFault> {
        if self.bytes.len() == KEY_BYTES { Ok(DecodingKey::from_ed_der(&self.bytes)) } else { Err(TokenFault::UnknownKey) }
    }
}

/// The keys as a set (RFC 7517, section 5), for those who verify tokens of this installation.
#[must_use]
pub fn key_set(keys: &[PublicKey]) -> Value {
    json!({ "keys": keys.iter().map(PublicKey::jwk).collect::<Vec<_>>() })
}
