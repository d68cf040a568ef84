//! Which tokens of an issuer are believed.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, EncodingKey};

use super::*;

/// Changes the claims of a good token, signs it, and asks for its account.
async fn changed(change: impl FnOnce(&mut Value)) -> Result<String, TokenFault> {
    let signer = Signer::new("a", Algorithm::EdDSA);
    let tiny = Tiny::start(&[&signer]);
    let mut claims = claims(&tiny);
    change(&mut claims);
    issuer(&tiny).subject(&signer.sign(&claims), start()).await
}

/// Whose a token is that `signer` signed, where the issuer lists `keys`.
async fn listed(keys: &[Value], signer: &Signer) -> Result<String, TokenFault> {
    let tiny = Tiny::start(&[]);
    tiny.keys(Reply::Document(json!({ "keys": keys })));
    issuer(&tiny).subject(&signer.sign(&claims(&tiny)), start()).await
}

fn with(mut key: Value, name: &str, value: Value) -> Value {
    key[name] = value;
    key
}

fn without(mut key: Value, name: &str) -> Value {
    key.as_object_mut().unwrap().remove(name).unwrap();
    key
}

#[tokio::test]
async fn every_algorithm_of_a_public_key_verifies() {
    let rsa = [Algorithm::RS256, Algorithm::RS384, Algorithm::RS512, Algorithm::PS256, Algorithm::PS384, Algorithm::PS512];
    for algorithm in rsa.into_iter().chain([Algorithm::ES256, Algorithm::ES384, Algorithm::EdDSA]) {
        let (signer, other) = (Signer::new("a", algorithm), Signer::new("b", Algorithm::ES256));
        let tiny = Tiny::start(&[&other, &signer]);
        let issuer = issuer(&tiny);
        let token = signer.sign(&claims(&tiny));
        assert_eq!(issuer.subject(&token, start()).await, ok(), "{algorithm:?}");
        let (message, _) = token.rsplit_once('.').unwrap();
        let forged = format!("{message}.{}", URL_SAFE_NO_PAD.encode([7; 256]));
        assert_eq!(issuer.subject(&forged, start()).await, Err(TokenFault::Signature), "{algorithm:?}");
        let unlisted = listed(&[without(signer.jwk(), "alg")], &signer).await;
        assert_eq!(unlisted, ok(), "{algorithm:?} of a key that names none");
    }
}

#[tokio::test]
async fn a_token_is_of_this_issuer_and_for_this_service() {
    for issuer in [json!("https://id.example.org"), json!(null), json!(["minsheng"])] {
        assert_eq!(changed(|claims| claims["iss"] = issuer).await, Err(TokenFault::Issuer));
    }
    let slash = |claims: &mut Value| claims["iss"] = json!(format!("{}/", claims["iss"].as_str().unwrap()));
    assert_eq!(changed(slash).await, Err(TokenFault::Issuer), "to the letter");
    for audience in [json!("other"), json!(["other", "minsheng2"]), json!([]), json!(null), json!({ "minsheng": 1 })] {
        assert_eq!(changed(|claims| claims["aud"] = audience).await, Err(TokenFault::Audience));
    }
    assert_eq!(changed(|claims| claims["aud"] = json!(["other", "minsheng"])).await, ok());
}

#[tokio::test]
async fn a_token_is_valid_for_its_time_alone() {
    let time = |seconds: i64| json!(after_seconds(seconds).timestamp());
    assert_eq!(changed(|claims| claims["exp"] = time(-59)).await, ok(), "the clocks may differ");
    assert_eq!(changed(|claims| claims["exp"] = time(-60)).await, Err(TokenFault::Expired));
    for name in ["nbf", "iat"] {
        assert_eq!(changed(|claims| claims[name] = time(60)).await, ok(), "{name}");
        assert_eq!(changed(|claims| claims[name] = time(61)).await, Err(TokenFault::NotYetValid), "{name}");
        assert_eq!(changed(|claims| claims[name] = json!("soon")).await, Err(TokenFault::claim(name)));
    }
    assert_eq!(changed(|claims| *claims = without(claims.clone(), "exp")).await, Err(TokenFault::claim("exp")));
    assert_eq!(changed(|claims| *claims = without(claims.clone(), "iat")).await, ok(), "not every issuer says when");
}

#[tokio::test]
async fn the_account_is_named() {
    let long = json!("x".repeat(256));
    for account in [json!(""), json!("  "), json!("wang\0li"), json!("wang\nli"), json!(7), json!(null), json!(["wang.li"]), long] {
        assert_eq!(changed(|claims| claims["account"] = account.clone()).await, Err(TokenFault::claim("account")), "{account}");
    }
    assert_eq!(changed(|claims| *claims = without(claims.clone(), "account")).await, Err(TokenFault::claim("account")));
    assert_eq!(changed(|claims| claims["account"] = json!("王丽")).await, Ok("王丽".to_owned()));
}

#[tokio::test]
async fn a_token_is_of_a_kind_that_names_somebody() {
    let signer = Signer::new("a", Algorithm::EdDSA);
    let tiny = Tiny::start(&[&signer]);
    let issuer = issuer(&tiny);
    for (kind, answer) in [
        (None, ok()),
        (Some("JWT"), ok()),
        (Some("application/at+jwt"), ok()),
        (Some("logout+jwt"), Err(TokenFault::claim("typ"))),
        (Some("dpop+jwt"), Err(TokenFault::claim("typ"))),
    ] {
        let mut header = signer.header();
        header.typ = kind.map(str::to_owned);
        let token = jsonwebtoken::encode(&header, &claims(&tiny), &signer.private).unwrap();
        assert_eq!(issuer.subject(&token, start()).await, answer, "{kind:?}");
    }
}

#[tokio::test]
async fn a_token_of_another_use_is_no_access_token() {
    for (claim, value) in [
        ("nonce", json!("n-0S6_WzA2Mj")),
        ("at_hash", json!("77QmUPtjPfzWtF2AnpK9RQ")),
        ("c_hash", json!("LDktKdoQak3Pk0cnXxCltA")),
        ("s_hash", json!("x")),
        ("events", json!({ "http://schemas.openid.net/event/backchannel-logout": {} })),
        ("typ", json!("ID")),
        ("typ", json!("Refresh")),
        ("typ", json!("Logout")),
    ] {
        assert_eq!(changed(|claims| claims[claim] = value.clone()).await, Err(TokenFault::claim(claim)), "{claim}: {value}");
    }
    // The least that an ID token says (OpenID Connect Core, section 2).
    assert_eq!(changed(|claims| *claims = without(claims.clone(), "scope")).await, Err(TokenFault::claim("scope")));
    for (claim, value) in [("scp", json!(["read"])), ("client_id", json!("minsheng-web")), ("typ", json!("Bearer"))] {
        let said = changed(|claims| *claims = with(without(claims.clone(), "scope"), claim, value.clone())).await;
        assert_eq!(said, ok(), "{claim}: {value}");
    }
    let keycloak = |claims: &mut Value| *claims = with(with(claims.clone(), "typ", json!("Bearer")), "nonce", json!("n"));
    assert_eq!(changed(keycloak).await, ok(), "it says that it is an access token");
}

#[tokio::test]
async fn a_token_that_calls_itself_an_access_token_needs_no_scope() {
    let signer = Signer::new("a", Algorithm::EdDSA);
    let tiny = Tiny::start(&[&signer]);
    let mut header = signer.header();
    header.typ = Some("at+JWT".to_owned());
    let sign = |claims: &Value| jsonwebtoken::encode(&header, claims, &signer.private).unwrap();
    let plain = without(claims(&tiny), "scope");
    assert_eq!(issuer(&tiny).subject(&sign(&plain), start()).await, ok());
    let hash = with(plain, "at_hash", json!("x"));
    assert_eq!(issuer(&tiny).subject(&sign(&hash), start()).await, Err(TokenFault::claim("at_hash")));
}

#[tokio::test]
async fn a_token_was_issued_to_a_client_that_is_believed() {
    assert_eq!(changed(|claims| claims["azp"] = json!("minsheng")).await, ok());
    for client in [json!("payroll"), json!(""), json!("Minsheng"), json!(["minsheng"]), json!(7)] {
        assert_eq!(changed(|claims| claims["azp"] = client.clone()).await, Err(TokenFault::claim("azp")), "{client}");
    }
    let signer = Signer::new("a", Algorithm::EdDSA);
    let tiny = Tiny::start(&[&signer]);
    let settings = Settings::parse(&tiny.address, "minsheng", "account").unwrap().for_clients(&["minsheng-web".to_owned()]);
    let issuer = Issuer::new(settings).unwrap();
    for (client, expected) in [("minsheng-web", ok()), ("minsheng", ok()), ("payroll", Err(TokenFault::claim("azp")))] {
        let token = signer.sign(&with(claims(&tiny), "azp", json!(client)));
        assert_eq!(issuer.subject(&token, start()).await, expected, "{client}");
    }
}

#[tokio::test]
async fn a_public_key_is_no_secret_to_sign_with() {
    let signer = Signer::new("a", Algorithm::RS256);
    let tiny = Tiny::start(&[&signer]);
    let issuer = issuer(&tiny);
    let jwk = signer.jwk();
    let modulus = jwk["n"].as_str().unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(modulus).unwrap();
    for secret in [bytes.clone(), modulus.as_bytes().to_vec(), STANDARD.encode(&bytes).into_bytes(), jwk.to_string().into_bytes()] {
        let mut header = signer.header();
        header.alg = Algorithm::HS256;
        let token = jsonwebtoken::encode(&header, &claims(&tiny), &EncodingKey::from_secret(&secret)).unwrap();
        assert_eq!(issuer.subject(&token, start()).await, Err(TokenFault::Algorithm));
    }
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    for name in ["none", "NONE", "", "RS1", "ES512"] {
        let token = format!("{}.{}.", part(json!({ "alg": name, "kid": "a" })), part(claims(&tiny)));
        assert_eq!(issuer.subject(&token, start()).await, Err(TokenFault::Algorithm), "{name}");
    }
    assert_eq!(tiny.asked(), 0, "nobody is asked for the keys of such tokens");
    assert_eq!(issuer.subject(&signer.sign(&claims(&tiny)), start()).await, ok());
}

#[tokio::test]
async fn a_key_is_used_as_it_is_listed() {
    let signer = Signer::new("a", Algorithm::RS256);
    let pss = Signer::new("a", Algorithm::PS256);
    let elliptic = Signer::new("a", Algorithm::ES256);
    let jwk = signer.jwk();
    assert_eq!(listed(std::slice::from_ref(&jwk), &signer).await, ok());
    assert_eq!(listed(std::slice::from_ref(&jwk), &pss).await, Err(TokenFault::Algorithm), "it is listed for another");
    assert_eq!(listed(std::slice::from_ref(&jwk), &elliptic).await, Err(TokenFault::Algorithm), "it is of another kind");
    for (name, value) in [("use", json!("enc")), ("key_ops", json!(["encrypt"])), ("alg", json!("RSA-OAEP")), ("alg", json!("ES256"))] {
        assert_eq!(listed(&[with(jwk.clone(), name, value)], &signer).await, Err(TokenFault::UnknownKey), "{name}");
    }
    assert_eq!(listed(&[with(without(jwk.clone(), "use"), "key_ops", json!(["verify"]))], &signer).await, ok());
    let modulus = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
    let padded = with(jwk.clone(), "n", json!(URL_SAFE_NO_PAD.encode([&[0, 0], &modulus[..]].concat())));
    assert_eq!(listed(&[padded], &signer).await, ok(), "leading zeros do not count");
    assert_eq!(listed(&[with(jwk.clone(), "use", json!("enc")), jwk], &signer).await, ok(), "one of two that share an id");
    let edwards = Signer::new("a", Algorithm::EdDSA);
    assert_eq!(listed(&[with(edwards.jwk(), "alg", json!("Ed25519"))], &edwards).await, ok(), "as RFC 9864 calls it");
}

#[tokio::test]
async fn a_key_that_is_not_understood_spoils_no_other() {
    let signer = Signer::new("good", Algorithm::ES256);
    let (rsa, edwards) = (Signer::new("a", Algorithm::RS256).jwk(), Signer::new("a", Algorithm::EdDSA).jwk());
    let short = |length| json!(URL_SAFE_NO_PAD.encode(vec![0x81; length]));
    let broken = [
        with(edwards.clone(), "x", short(31)),
        with(edwards.clone(), "x", json!("")),
        with(edwards.clone(), "x", json!("*")),
        with(edwards, "crv", json!("Ed448")),
        with(rsa.clone(), "n", short(128)),
        with(rsa.clone(), "n", short(513)),
        with(rsa.clone(), "n", json!(7)),
        without(rsa, "e"),
        with(signer.jwk(), "x", short(32)),
        with(signer.jwk(), "x", short(31)),
        split_elsewhere(&signer.jwk()),
        with(signer.jwk(), "crv", json!("P-384")),
        json!({ "kty": "oct", "k": "c2VjcmV0" }),
        json!({ "kty": "oct", "k": "c2VjcmV0", "alg": "ES256" }),
        json!({ "kty": "AKP" }),
        json!({}),
        json!(null),
        json!("key"),
    ];
    let broken = broken.map(|key| if key.is_object() { with(key, "kid", json!("good")) } else { key });
    for key in &broken {
        // Were it taken, it would be found by its id and fail by something else.
        assert_eq!(listed(std::slice::from_ref(key), &signer).await, Err(TokenFault::UnknownKey), "{key}");
    }
    assert_eq!(listed(&[&broken[..], &[signer.jwk()]].concat(), &signer).await, ok());
}

/// A point whose coordinates are right when they are put together, and wrong one by one.
fn split_elsewhere(key: &Value) -> Value {
    let coordinate = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
    let both = [coordinate("x"), coordinate("y")].concat();
    let (x, y) = both.split_at(31);
    with(with(key.clone(), "x", json!(URL_SAFE_NO_PAD.encode(x))), "y", json!(URL_SAFE_NO_PAD.encode(y)))
}

#[tokio::test]
async fn a_token_that_names_no_key_is_verified_by_the_only_one() {
    let (signer, other) = (Signer::new("a", Algorithm::EdDSA), Signer::new("b", Algorithm::EdDSA));
    let rsa = Signer::new("c", Algorithm::RS256);
    let mut header = signer.header();
    header.kid = None;
    for (keys, answer) in [
        (vec![&signer], ok()),
        (vec![&rsa, &signer], ok()),
        (vec![&signer, &other], Err(TokenFault::UnknownKey)),
        (vec![&rsa], Err(TokenFault::UnknownKey)),
        (vec![], Err(TokenFault::UnknownKey)),
    ] {
        let tiny = Tiny::start(&keys);
        let token = jsonwebtoken::encode(&header, &claims(&tiny), &signer.private).unwrap();
        assert_eq!(issuer(&tiny).subject(&token, start()).await, answer, "of {}", keys.len());
    }
}
