#![expect(clippy::arithmetic_side_effects, clippy::string_slice, reason = "a test that panics has failed, as it should")]

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{AccountId, SessionId};
use jsonwebtoken::{
    Algorithm, EncodingKey,
    jwk::{Jwk, ThumbprintHash},
};
use serde_json::{Value, json};

use super::*;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn claims() -> Claims {
    Claims::beginning(AccountId::generate(), SessionId::generate(), now())
}

fn key() -> SigningKey {
    SigningKey::generate().unwrap()
}

/// The header of a good token.
fn header(key: &SigningKey) -> Value {
    json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": key.id() })
}

/// The claims of a good token.
fn body() -> Value {
    let begin = now().timestamp();
    json!({
        "iss": "minsheng",
        "aud": "minsheng",
        "sub": claims().account.0,
        "sid": claims().session.0,
        "iat": begin,
        "nbf": begin,
        "exp": begin + 600,
    })
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// A token of any header and claims, truly signed.
fn signed(header: &Value, claims: &Value, key: &EncodingKey, algorithm: Algorithm) -> String {
    let message = format!("{}.{}", part(header), part(claims));
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, algorithm).unwrap();
    format!("{message}.{signature}")
}

/// Changes a good token's header and claims, signs it with the key that it names, and verifies it.
fn changed(change: impl FnOnce(&mut Value, &mut Value)) -> Result<Claims, TokenFault> {
    let key = key();
    let (mut header, mut claims) = (header(&key), body());
    change(&mut header, &mut claims);
    verify(&signed(&header, &claims, &key.private, Algorithm::EdDSA), &key.public(), now())
}

fn without(value: &mut Value, name: &str) {
    assert!(value.as_object_mut().unwrap().remove(name).is_some());
}

#[test]
fn a_token_says_what_was_signed() {
    let (key, claims) = (key(), claims());
    let token = key.sign(&claims).unwrap();
    assert_eq!(verify(&token, &key.public(), now()), Ok(claims));
    let presented = Presented::parse(&token).unwrap();
    assert_eq!((presented.algorithm(), presented.key_id(), presented.issuer()), ("EdDSA", Some(key.id()), Some("minsheng")));
    assert_eq!(presented.kind().as_deref(), Some("at+jwt"));
    assert_eq!(changed(|_, _| ()).map(|claims| claims.expires_at), Ok(now() + LIFETIME), "the tokens of these tests are good");
}

#[test]
fn a_token_has_the_claims_of_its_format() {
    let (key, claims) = (key(), claims());
    let token = key.sign(&claims).unwrap();
    let said: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap();
    let begin = now().timestamp();
    let expected = json!({
        "iss": "minsheng", "aud": "minsheng", "sub": claims.account.0, "sid": claims.session.0,
        "iat": begin, "nbf": begin, "exp": begin + 600,
    });
    assert_eq!(said, expected);
}

#[test]
fn a_token_is_valid_for_its_time_alone() {
    let key = key();
    let token = key.sign(&claims()).unwrap();
    let at = |offset: TimeDelta| verify(&token, &key.public(), now() + offset).map(|_| ());
    assert_eq!(at(LIFETIME), Ok(()));
    assert_eq!(at(LIFETIME + LEEWAY - TimeDelta::milliseconds(1)), Ok(()));
    assert_eq!(at(LIFETIME + LEEWAY), Err(TokenFault::Expired));
    assert_eq!(at(TimeDelta::days(365)), Err(TokenFault::Expired));
    assert_eq!(at(-LEEWAY), Ok(()));
    assert_eq!(at(-LEEWAY - TimeDelta::seconds(1)), Err(TokenFault::NotYetValid));
}

#[test]
fn each_time_is_looked_at() {
    let later = now().timestamp() + 6;
    assert_eq!(changed(|_, claims| claims["nbf"] = json!(later)), Err(TokenFault::NotYetValid));
    assert_eq!(changed(|_, claims| claims["iat"] = json!(later)), Err(TokenFault::NotYetValid));
    assert_eq!(changed(|_, claims| claims["nbf"] = json!(later - 1)).map(|_| ()), Ok(()));
}

#[test]
fn no_token_is_valid_for_longer_than_the_lifetime() {
    let begin = now().timestamp();
    for (issued, expires) in [(begin, begin + 601), (begin - 3600, begin + 1), (begin, begin), (begin, begin - 1), (0, begin + 60)] {
        let fault = changed(|_, claims| {
            claims["iat"] = json!(issued);
            claims["exp"] = json!(expires);
        });
        assert_eq!(fault, Err(TokenFault::Lifetime), "{issued} {expires}");
    }
}

#[test]
fn a_time_is_a_number_of_seconds() {
    for time in [json!("1800000000"), json!(1e300), json!(i64::MAX), json!(u64::MAX), json!(-1), json!(null), json!([1_800_000_000])] {
        for name in ["exp", "iat", "nbf"] {
            assert_eq!(changed(|_, claims| claims[name] = time.clone()), Err(TokenFault::claim(name)), "{name} {time}");
        }
    }
    assert!(changed(|_, claims| claims["nbf"] = json!(1_800_000_000.75)).is_ok(), "a fraction of a second is a time");
}

#[test]
fn a_token_is_of_this_installation_and_for_it() {
    for issuer in [json!("https://id.example.org"), json!("Minsheng"), json!(["minsheng"]), json!(null)] {
        assert_eq!(changed(|_, claims| claims["iss"] = issuer), Err(TokenFault::Issuer));
    }
    for audience in [json!("other"), json!(""), json!(["minsheng"]), json!(null)] {
        assert_eq!(changed(|_, claims| claims["aud"] = audience), Err(TokenFault::Audience));
    }
    assert_eq!(changed(|_, claims| without(claims, "iss")), Err(TokenFault::Issuer));
    assert_eq!(changed(|_, claims| without(claims, "aud")), Err(TokenFault::Audience));
}

#[test]
fn every_claim_is_needed() {
    for name in ["sub", "sid", "iat", "nbf", "exp"] {
        assert_eq!(changed(|_, claims| without(claims, name)), Err(TokenFault::claim(name)));
    }
    for name in ["sub", "sid"] {
        for value in [json!("somebody"), json!(""), json!(7), json!(null)] {
            assert_eq!(changed(|_, claims| claims[name] = value), Err(TokenFault::claim(name)));
        }
    }
}

#[test]
fn a_token_is_of_its_kind() {
    for kind in ["JWT", "id+jwt", "", "at+jwt2"] {
        assert_eq!(changed(|header, _| header["typ"] = json!(kind)), Err(TokenFault::claim("typ")), "{kind}");
    }
    assert_eq!(changed(|header, _| without(header, "typ")), Err(TokenFault::claim("typ")));
    assert!(changed(|header, _| header["typ"] = json!("application/AT+JWT")).is_ok());
}

#[test]
fn the_token_does_not_choose_the_algorithm() {
    for algorithm in ["none", "None", "", "ES256", "RS256", "HS256", "eddsa", "Ed25519"] {
        assert_eq!(changed(|header, _| header["alg"] = json!(algorithm)), Err(TokenFault::Algorithm), "{algorithm}");
    }
    assert_eq!(changed(|header, _| without(header, "alg")), Err(TokenFault::Malformed));
    let key = key();
    let unsigned = format!("{}.{}.", part(&json!({ "alg": "none", "typ": "at+jwt", "kid": key.id() })), part(&body()));
    assert_eq!(verify(&unsigned, &key.public(), now()), Err(TokenFault::Algorithm));
    let unsigned = format!("{}.{}.", part(&header(&key)), part(&body()));
    assert_eq!(verify(&unsigned, &key.public(), now()), Err(TokenFault::Signature));
}

#[test]
fn the_public_key_is_no_secret_to_sign_with() {
    let key = key();
    let bytes = key.public().bytes;
    let der = [&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00], bytes.as_slice()].concat();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(&der));
    let secrets =
        [bytes.clone(), STANDARD.encode(&bytes).into_bytes(), URL_SAFE_NO_PAD.encode(&bytes).into_bytes(), der, pem.into_bytes(), vec![]];
    for secret in secrets {
        let secret = EncodingKey::from_secret(&secret);
        for (name, algorithm) in [("HS256", Algorithm::HS256), ("HS384", Algorithm::HS384), ("HS512", Algorithm::HS512)] {
            let mut header = header(&key);
            let token = signed(&header, &body(), &secret, algorithm);
            assert_eq!(verify(&token, &key.public(), now()), Err(TokenFault::Signature), "it says EdDSA");
            header["alg"] = json!(name);
            let token = signed(&header, &body(), &secret, algorithm);
            assert_eq!(verify(&token, &key.public(), now()), Err(TokenFault::Algorithm));
        }
    }
}

#[test]
fn only_the_named_key_verifies() {
    let (key, other) = (key(), key());
    let token = key.sign(&claims()).unwrap();
    assert_eq!(verify(&token, &other.public(), now()), Err(TokenFault::UnknownKey));
    let posing = PublicKey { id: key.id().to_owned(), bytes: other.public().bytes };
    assert_eq!(verify(&token, &posing, now()), Err(TokenFault::Signature));
    assert_eq!(changed(|header, _| without(header, "kid")), Err(TokenFault::UnknownKey));
    assert_eq!(changed(|header, _| header["kid"] = json!("")), Err(TokenFault::UnknownKey));
    for length in [0, 31, 33] {
        let broken = PublicKey { id: key.id().to_owned(), bytes: vec![1; length] };
        assert_eq!(verify(&token, &broken, now()), Err(TokenFault::UnknownKey), "{length}");
    }
}

#[test]
fn a_part_of_a_token_is_no_token() {
    let key = key();
    let token = key.sign(&claims()).unwrap();
    for length in 0..token.len() {
        assert!(verify(&token[..length], &key.public(), now()).is_err(), "{length} of {}", token.len());
        assert!(verify(&token[length + 1..], &key.public(), now()).is_err(), "all but {length}");
    }
}

#[test]
fn no_character_of_a_token_can_be_another() {
    let key = key();
    let token = key.sign(&claims()).unwrap();
    let last = token.len() - 1;
    for (index, old) in token.char_indices() {
        // The last character of a signature has bits to spare, which must be zero.
        let others = if index == last { ('A'..='Z').chain('a'..='z').chain('0'..='9').collect() } else { vec!['A', '.', '好'] };
        for new in others {
            let changed = format!("{}{new}{}", &token[..index], &token[index + 1..]);
            assert!(new == old || verify(&changed, &key.public(), now()).is_err(), "{new} for {old} at {index}");
        }
    }
}

#[test]
fn the_parts_of_two_tokens_make_no_third() {
    let key = key();
    let (mine, yours) = (key.sign(&claims()).unwrap(), key.sign(&claims()).unwrap());
    let (mine, yours): (Vec<_>, Vec<_>) = (mine.split('.').collect(), yours.split('.').collect());
    let swapped = [mine[0], yours[1], mine[2]].join(".");
    assert_eq!(verify(&swapped, &key.public(), now()), Err(TokenFault::Signature));
    let dressed = [part(&json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": key.id(), "x": 1 })).as_str(), mine[1], mine[2]].join(".");
    assert_eq!(verify(&dressed, &key.public(), now()), Err(TokenFault::Signature));
}

#[test]
fn what_is_not_three_parts_of_text_is_malformed() {
    let key = key();
    let token = key.sign(&claims()).unwrap();
    let long = "a".repeat(1024 * 1024);
    let padded = format!("{token}{}", " ".repeat(1024 * 1024));
    let dots = ".".repeat(1024 * 1024);
    let extended = [format!("{token}."), format!(".{token}"), format!("{token}.e30"), token.replace('.', ".."), token.replacen('.', "", 1)];
    let broken = ["", ".", "..", "...", "a.b.c", "e30.e30.e30", "W10.e30.", "{}.{}.{}", &long, &padded, &dots];
    for token in broken.into_iter().chain(extended.iter().map(String::as_str)) {
        let fault = verify(token, &key.public(), now()).unwrap_err();
        assert_eq!(fault, TokenFault::Malformed, "{token:.60}");
    }
    let deep = format!("{}.{}.", URL_SAFE_NO_PAD.encode("[".repeat(4000)), part(&body()));
    assert_eq!(verify(&deep, &key.public(), now()), Err(TokenFault::Malformed));
}

#[test]
fn the_longest_token_is_read_and_a_longer_one_is_not() {
    let key = key();
    let fill = |length: usize| {
        let mut claims = body();
        claims["fill"] = json!("f".repeat(length));
        signed(&header(&key), &claims, &key.private, Algorithm::EdDSA)
    };
    let longest = (5000..7000).map(fill).take_while(|token| token.len() <= 8192).last().unwrap();
    assert!(longest.len() > 8190);
    assert!(verify(&longest, &key.public(), now()).is_ok());
    assert_eq!(verify(&fill(7000), &key.public(), now()), Err(TokenFault::Malformed));
}

#[test]
fn an_extension_that_must_be_understood_is_not() {
    assert_eq!(changed(|header, _| header["crit"] = json!(["b64"])), Err(TokenFault::Malformed));
}

#[test]
fn the_key_set_is_for_others_to_read() {
    let keys = [key(), key()];
    let set = key_set(&keys.each_ref().map(SigningKey::public));
    let listed = set["keys"].as_array().unwrap();
    assert_eq!(listed.len(), 2);
    for (key, listed) in keys.iter().zip(listed) {
        let x = URL_SAFE_NO_PAD.encode(key.public().bytes);
        let expected = json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.id(), "x": x });
        assert_eq!(*listed, expected, "and nothing of the private part");
        let jwk: Jwk = serde_json::from_value(listed.clone()).unwrap();
        assert_eq!(jwk.thumbprint(ThumbprintHash::SHA256).unwrap(), key.id());
        let decoding = jsonwebtoken::DecodingKey::from_jwk(&jwk).unwrap();
        assert_eq!(Presented::parse(&key.sign(&claims()).unwrap()).unwrap().check_signature(&decoding, Algorithm::EdDSA), Ok(()));
    }
    assert_ne!(keys[0].id(), keys[1].id());
}

#[test]
fn no_secret_is_printed() {
    let key = key();
    let token = key.sign(&claims()).unwrap();
    assert_eq!(format!("{key:?}"), format!("SigningKey {{ id: {:?}, .. }}", key.id()));
    let printed = format!("{:?}", Presented::parse(&token).unwrap());
    assert!(printed.contains(key.id()));
    for part in token.split('.') {
        assert!(!printed.contains(part));
    }
}
