//! Tokens that are none: whoever presents one is refused, not served as the public.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::TimeDelta;
use endpoint::{self as http, Endpoint, Gate, Limits, Proxies};
use entity::Role;
use jsonwebtoken::{Algorithm, EncodingKey};
use minsheng::{
    access::password::Password,
    service::people::account::{InitialPassword, NewAccount},
    store::StoredKey,
};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::{PUBLIC, WHO, assert_no_proof, assert_proof, assert_refused, audited, presenting};
use crate::{
    cases,
    support::{
        actor::PASSWORD,
        app::App,
        issuer::{Signer, part, sealed},
    },
};

cases![
    what_is_no_bearer_token_is_refused,
    a_refusal_is_the_same_whatever_is_asked,
    a_token_must_say_what_tokens_of_this_installation_say,
    a_token_is_valid_for_its_time_alone,
    the_public_key_does_not_sign,
    a_token_must_name_a_key_of_this_installation,
    a_token_is_whole_or_worthless,
    a_token_is_of_an_account_that_stands,
    the_demo_and_the_service_do_not_believe_each_other,
    a_token_as_long_as_may_come_is_answered_like_any_other,
];

/// A key that the service accepts and whose private half the test has, and the good token of a session that it changes.
struct Forge {
    signer: Signer,
    header: Value,
    claims: Value,
}

impl Forge {
    /// Publishes the key as another process of the service would.
    async fn new(app: &App, token: &str) -> Self {
        let signer = Signer::ed25519("the-key-of-the-test");
        let x = signer.jwk()["x"].as_str().expect("a key").to_owned();
        let until = app.now() + TimeDelta::days(1);
        let key = StoredKey {
            id: signer.id.clone(),
            public_key: URL_SAFE_NO_PAD.decode(x).expect("base64"),
            signs_until: until,
            verifies_until: until,
        };
        app.database.publish_signing_key(&key, app.now()).await.expect("published");
        let mut header = part(token, 0);
        header["kid"] = json!(signer.id);
        Self { signer, header, claims: part(token, 1) }
    }

    /// The good token with a change, truly signed.
    fn with(&self, change: impl FnOnce(&mut Value, &mut Value)) -> String {
        let (mut header, mut claims) = (self.header.clone(), self.claims.clone());
        change(&mut header, &mut claims);
        self.signer.sign(&header, &claims)
    }
}

/// Another header or other claims.
type Change<'a> = &'a dyn Fn(&mut Value, &mut Value);

fn without(value: &mut Value, name: &str) {
    assert!(value.as_object_mut().expect("an object").remove(name).is_some(), "{name}");
}

async fn what_is_no_bearer_token_is_refused(app: App) {
    let office = app.actor("office", Role::Office, "jining").await;
    let good = format!("Bearer {}", office.bearer());
    let basic = format!("Basic {}", STANDARD.encode(format!("office:{PASSWORD}")));
    let bare = office.bearer();
    let values: [&[&[u8]]; 22] = [
        &[b""],
        &[b" "],
        &[b"Bearer"],
        &[b"Bearer "],
        &[b"Bearer  "],
        &[b"Bearer ."],
        &[b"Bearer .."],
        &[b"Bearer ..."],
        &[b"Bearer null"],
        &[b"Bearer undefined"],
        &[b"Bearer msk_"],
        &[b"Bearer msr_"],
        &[basic.as_bytes()],
        &[bare.as_bytes()],
        &[b"Token 12345"],
        &[b"Negotiate YII="],
        &["Bearer 令牌".as_bytes()],
        &[b"Bearer \xff\xfe"],
        &[&[good.as_bytes(), b"\xc3\xa9"].concat()],
        // Two that disagree cannot both be meant, and two that agree are still not what a client sends.
        &[good.as_bytes(), b"Bearer none"],
        &[good.as_bytes(), good.as_bytes()],
        &[good.as_bytes(), basic.as_bytes()],
    ];
    for value in values {
        let what = value.iter().map(|value| String::from_utf8_lossy(value)).collect::<Vec<_>>().join(" | ");
        assert_refused(&presenting(&app, value, "application/json", PUBLIC).await, &what);
    }
    // What renews a session is not what requests carry.
    assert_no_proof(&app, office.session["refreshToken"].as_str().expect("a token"), "a refresh token").await;
    // The scheme is the same in any case (RFC 9110, section 11.1).
    for scheme in ["bearer", "BEARER"] {
        let value = format!("{scheme} {}", office.bearer());
        assert_eq!(presenting(&app, &[value.as_bytes()], "application/json", PUBLIC).await.status, 200, "{scheme}");
    }
    assert!(app.data(PUBLIC, json!({})).await["topics"][0]["code"].is_string(), "without a token the public is served");
}

async fn a_refusal_is_the_same_whatever_is_asked(app: App) {
    app.create("office", Role::Office, "jining").await;
    let before = app.number("SELECT count(*) FROM session").await;
    let sign_in =
        format!("mutation {{ signIn(input: {{ username: \"office\", password: \"{PASSWORD}\" }}) {{ session {{ accessToken }} }} }}");
    for query in
        [PUBLIC, WHO, "{ __typename }", "{ __schema { types { name } } }", "{ nothing }", "{", &sign_in, "mutation { signOut { ended } }"]
    {
        for accept in ["application/json", "application/graphql-response+json", "*/*"] {
            assert_refused(&presenting(&app, &[b"Bearer none"], accept, query).await, query);
        }
    }
    assert_eq!(app.number("SELECT count(*) FROM session").await, before, "nobody was signed in");
    let by_get = axum::http::Request::get("/graphql?query=%7B%20topics%20%7B%20code%20%7D%20%7D").header("authorization", "Bearer none");
    assert_refused(&app.send(by_get.body(axum::body::Body::empty()).expect("a request")).await, "by GET");
    let told = presenting(&app, &[b"Bearer none"], "application/json", PUBLIC).await;
    let message = told.body["errors"][0]["message"].as_str().expect("a message");
    assert!(message.contains("refreshSession"), "it says what to do: {message}");
}

async fn a_token_must_say_what_tokens_of_this_installation_say(app: App) {
    let office = app.actor("office", Role::Office, "jining").await;
    let other = app.actor("other", Role::Office, "jining").await;
    let forge = Forge::new(&app, office.bearer()).await;
    assert_proof(&app, &forge.with(|_, _| ()), "office").await;
    let others = part(other.bearer(), 1);
    let changes: [(&str, Change); 24] = [
        ("another audience", &|_, claims| claims["aud"] = json!("https://elsewhere.example.org")),
        ("several audiences", &|_, claims| claims["aud"] = json!(["minsheng", "elsewhere"])),
        ("no audience", &|_, claims| without(claims, "aud")),
        ("another issuer", &|_, claims| claims["iss"] = json!("https://id.example.org")),
        ("an issuer in another case", &|_, claims| claims["iss"] = json!("Minsheng")),
        ("no issuer", &|_, claims| without(claims, "iss")),
        ("no session", &|_, claims| without(claims, "sid")),
        ("an unknown session", &|_, claims| claims["sid"] = json!(entity::SessionId::generate().0)),
        ("a session that is no id", &|_, claims| claims["sid"] = json!("' OR 1=1 --")),
        ("the session of another account", &|_, claims| claims["sid"] = others["sid"].clone()),
        ("another account", &|_, claims| claims["sub"] = others["sub"].clone()),
        ("an unknown account", &|_, claims| claims["sub"] = json!(entity::AccountId::generate().0)),
        ("no account", &|_, claims| without(claims, "sub")),
        ("no end", &|_, claims| without(claims, "exp")),
        ("an end that is a text", &|_, claims| claims["exp"] = json!("2999-01-01T00:00:00Z")),
        ("no beginning", &|_, claims| without(claims, "nbf")),
        ("no issue", &|_, claims| without(claims, "iat")),
        ("a longer life", &|_, claims| claims["exp"] = json!(claims["exp"].as_i64().expect("a time") + 1)),
        ("another type", &|header, _| header["typ"] = json!("JWT")),
        ("no type", &|header, _| without(header, "typ")),
        ("an extension", &|header, _| header["crit"] = json!(["exp"])),
        ("another algorithm", &|header, _| header["alg"] = json!("ES256")),
        ("an algorithm in another case", &|header, _| header["alg"] = json!("eddsa")),
        ("no algorithm", &|header, _| without(header, "alg")),
    ];
    let tokens = changes.map(|(what, change)| (what, forge.with(change)));
    for (what, token) in tokens {
        assert_no_proof(&app, &token, what).await;
    }
    // A key that the token brings along is nobody's.
    let own = Signer::ed25519("own");
    for header in [
        json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": forge.signer.id, "jwk": own.jwk() }),
        json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "own", "jwk": own.jwk() }),
        json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "own", "jku": "http://127.0.0.1:9/keys" }),
    ] {
        assert_no_proof(&app, &own.sign(&header, &forge.claims), "a key that the token brings along").await;
    }
    let none = |header: &Value, seal: &str| sealed(header, &forge.claims, |_| seal.to_owned());
    let seal = office.bearer().rsplit('.').next().expect("a signature");
    for algorithm in ["none", "None", "NONE", "nOnE", ""] {
        for kept in [&json!({ "alg": algorithm }), &json!({ "alg": algorithm, "typ": "at+jwt", "kid": forge.signer.id })] {
            for seal in ["", seal, "AA"] {
                assert_no_proof(&app, &none(kept, seal), "alg: none").await;
            }
        }
    }
}

async fn a_token_is_valid_for_its_time_alone(app: App) {
    let office = app.actor("office", Role::Office, "jining").await;
    let forge = Forge::new(&app, office.bearer()).await;
    let shifted = |seconds: i64| {
        forge.with(|_, claims| {
            for name in ["iat", "nbf", "exp"] {
                claims[name] = json!(claims[name].as_i64().expect("a time") + seconds);
            }
        })
    };
    // Clocks of our own processes are at most five seconds apart.
    assert_proof(&app, &shifted(5), "office").await;
    for seconds in [6, 60, 3600, 1_000_000_000] {
        assert_no_proof(&app, &shifted(seconds), "not yet valid").await;
    }
    assert_proof(&app, &shifted(-604), "office").await;
    for seconds in [-605, -3600, -1_000_000_000] {
        assert_no_proof(&app, &shifted(seconds), "expired").await;
    }
    let later = forge.with(|_, claims| claims["nbf"] = json!(claims["nbf"].as_i64().expect("a time") + 60));
    assert_no_proof(&app, &later, "begins later than it was issued").await;
    app.pass(TimeDelta::seconds(604));
    assert_proof(&app, office.bearer(), "office").await;
    app.pass(TimeDelta::seconds(1));
    assert_no_proof(&app, office.bearer(), "expired by itself").await;
    app.pass(TimeDelta::days(365));
    assert_no_proof(&app, office.bearer(), "expired long ago").await;
}

async fn the_public_key_does_not_sign(app: App) {
    let office = app.actor("office", Role::Office, "jining").await;
    let kid = part(office.bearer(), 0)["kid"].as_str().expect("a key").to_owned();
    let keys = app.send(axum::http::Request::get("/.well-known/jwks.json").body(axum::body::Body::empty()).expect("a request")).await;
    let jwk = keys.body["keys"].as_array().expect("keys").iter().find(|key| key["kid"] == kid.as_str()).expect("the key").clone();
    let x = jwk["x"].as_str().expect("a key");
    let raw = URL_SAFE_NO_PAD.decode(x).expect("base64");
    // The form that tools write a public Ed25519 key in (RFC 8410, section 4).
    let der = [&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00][..], &raw].concat();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(&der));
    let text = jwk.to_string();
    let secrets: [&[u8]; 9] =
        [&raw, &der, pem.as_bytes(), pem.trim_end().as_bytes(), x.as_bytes(), text.as_bytes(), keys.text.as_bytes(), kid.as_bytes(), b""];
    for secret in secrets {
        for (name, algorithm) in
            [("HS256", Algorithm::HS256), ("HS384", Algorithm::HS384), ("HS512", Algorithm::HS512), ("EdDSA", Algorithm::HS256)]
        {
            let header = json!({ "alg": name, "typ": "at+jwt", "kid": kid });
            let key = EncodingKey::from_secret(secret);
            let token =
                sealed(&header, &part(office.bearer(), 1), |message| jsonwebtoken::crypto::sign(message, &key, algorithm).expect("a seal"));
            assert_no_proof(&app, &token, name).await;
        }
    }
    assert_proof(&app, office.bearer(), "office").await;
}

async fn a_token_must_name_a_key_of_this_installation(app: App) {
    let office = app.actor("office", Role::Office, "jining").await;
    let forge = Forge::new(&app, office.bearer()).await;
    let real = part(office.bearer(), 0)["kid"].clone();
    assert_no_proof(&app, &forge.with(|header, _| without(header, "kid")), "no key").await;
    for kid in
        [json!("unknown"), json!(""), json!("../../dev/null"), json!("' OR '1'='1"), json!("x".repeat(4000)), json!("密钥"), json!("\u{0}")]
    {
        assert_no_proof(&app, &forge.with(|header, _| header["kid"] = kid.clone()), &format!("the key {kid}")).await;
    }
    for kid in [json!(null), json!(7), json!([forge.signer.id]), json!({})] {
        assert_no_proof(&app, &forge.with(|header, _| header["kid"] = kid.clone()), &format!("the key {kid}")).await;
    }
    assert_no_proof(&app, &forge.with(|header, _| header["kid"] = real), "another key than signed it").await;
    // A stranger with a key of the same name.
    let stranger = Signer::ed25519(&forge.signer.id);
    assert_no_proof(&app, &stranger.sign(&forge.header, &forge.claims), "a stranger's key").await;
    assert_no_proof(&app, &Signer::p256(&forge.signer.id).sign(&forge.header, &forge.claims), "a key of another kind").await;
}

async fn a_token_is_whole_or_worthless(app: App) {
    let (office, other) = (app.actor("office", Role::Office, "jining").await, app.actor("other", Role::Admin, "jining").await);
    let token = office.bearer();
    let dots: Vec<usize> = token.match_indices('.').map(|(place, _)| place).collect();
    let ends = [1, dots[0] - 1, dots[0], dots[0] + 1, dots[0] + 10, dots[1] - 1, dots[1], dots[1] + 1, token.len() - 30, token.len() - 1];
    for end in ends {
        assert_no_proof(&app, &token[..end], &format!("cut at {end} of {}", token.len())).await;
    }
    for start in [1, dots[0], dots[0] + 1, dots[1] + 1] {
        assert_no_proof(&app, &token[start..], &format!("cut before {start}")).await;
    }
    let parts: Vec<&str> = token.split('.').collect();
    let others: Vec<&str> = other.bearer().split('.').collect();
    for (what, [header, claims, seal]) in [
        ("the claims of another", [parts[0], others[1], parts[2]]),
        ("the signature of another", [parts[0], parts[1], others[2]]),
        ("the parts in another order", [parts[1], parts[0], parts[2]]),
        ("the signature twice", [parts[0], parts[2], parts[2]]),
    ] {
        assert_no_proof(&app, &format!("{header}.{claims}.{seal}"), what).await;
    }
    for more in [".", ".AA", " AA", "=", ",", ";a=b"] {
        assert_no_proof(&app, &format!("{token}{more}"), &format!("with {more} at its end")).await;
    }
    // Any one character that is changed. The last one holds bits that say nothing, so it is refused as badly written.
    for place in [2, dots[0] + 5, dots[1] + 5, token.len() - 1] {
        let changed: String = token
            .chars()
            .enumerate()
            .map(|(at, was)| {
                if at != place {
                    was
                } else if was == 'A' {
                    'B'
                } else {
                    'A'
                }
            })
            .collect();
        assert_no_proof(&app, &changed, &format!("changed at {place}")).await;
    }
    assert_proof(&app, token, "office").await;
}

async fn a_token_is_of_an_account_that_stands(app: App) {
    let (here, there) = (app.actor("office", Role::Office, "jining").await, app.sign_in("office").await);
    here.data("mutation { signOut { ended } }", json!({})).await;
    assert_no_proof(&app, here.bearer(), "the session ended").await;
    assert_proof(&app, there.bearer(), "office").await;
    let admin = app.actor("root", Role::Admin, "jining").await;
    let lock = "mutation($id: ID!) { lockAccount(input: { id: $id, expectedVersion: 1, reason: \"left\" }) { errors { code } } }";
    assert_eq!(admin.data(lock, json!({ "id": there.id() })).await["lockAccount"]["errors"], json!([]));
    assert_no_proof(&app, there.bearer(), "the account is locked").await;
    assert_no_proof(&app, here.bearer(), "the account is locked and the session ended").await;
    assert_eq!(audited(&app, "action = 'LOCK_ACCOUNT' AND outcome = 'SUCCEEDED'").await, 1);
}

async fn the_demo_and_the_service_do_not_believe_each_other(app: App) {
    let demo = app.service.clone().as_demonstration(true);
    let new = NewAccount {
        username: "demo-office".into(),
        role: Role::Office,
        jurisdiction: "jining".into(),
        unit: None,
        external_subject: None,
        password: InitialPassword::Given(Password::new(PASSWORD)),
    };
    demo.create_account(&app.operator(), new).await.expect("an account of the demo");
    let public = minsheng::service::Call { viewer: minsheng::access::viewer::Viewer::Public, ..app.operator() };
    let issued = demo.sign_in(&public, "demo-office", Password::new(PASSWORD)).await.expect("signed in to the demo");
    demo.authenticate(&issued.access_token).await.expect("the demo believes its own");
    assert_no_proof(&app, &issued.access_token, "an account of the demo").await;
    let refused =
        app.data(include_str!("../contract/06-sign-in.graphql"), json!({ "username": "demo-office", "password": PASSWORD })).await;
    assert_eq!(refused["signIn"]["errors"][0]["code"], "INVALID_CREDENTIALS", "as if there were no such account");
    let refreshed = app.data(super::REFRESH, json!({ "t": issued.refresh_token })).await;
    assert!(refreshed["refreshSession"]["session"].is_null());
    let office = app.actor("office", Role::Office, "jining").await;
    demo.authenticate(office.bearer()).await.expect_err("the demo does not believe others");
}

async fn a_token_as_long_as_may_come_is_answered_like_any_other(app: App) {
    let office = app.actor("office", Role::Office, "jining").await;
    let listener = http::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    let router = http::router(Gate::new(Endpoint::new(app.service.clone(), Limits::default()), Proxies::default()));
    let served = tokio::spawn(http::serve(listener, router, async move { stopped.await.unwrap_or_default() }));
    let ask = move |authorization: String| {
        let mut stream = TcpStream::connect(address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_mins(1))).expect("a limit");
        let body = json!({ "query": PUBLIC }).to_string();
        let head = format!(
            "POST /graphql HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\nAuthorization: {authorization}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).expect("sent");
        stream.write_all(body.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    };
    let good = office.bearer().to_owned();
    let (header, rest) = good.split_once('.').expect("a token");
    // The head of a request has 64 KiB at most.
    let long = "A".repeat(60 * 1024);
    let presented = [
        format!("Bearer {long}"),
        format!("Bearer {good}{long}"),
        format!("Bearer {header}.{long}.{rest}"),
        format!("Bearer {}", ".".repeat(60 * 1024)),
        format!("Bearer msk_{long}"),
        long.clone(),
    ];
    let answers = tokio::task::spawn_blocking(move || {
        let good = ask(format!("Bearer {good}"));
        assert!(good.starts_with("HTTP/1.1 200 "), "{good}");
        presented.map(ask)
    });
    for answer in answers.await.expect("answers") {
        assert!(answer.starts_with("HTTP/1.1 401 "), "{}", &answer[..answer.len().min(300)]);
        let lower = answer.to_ascii_lowercase();
        assert!(lower.contains("www-authenticate: bearer ") && lower.contains("error=\"invalid_token\""), "{answer}");
        assert!(answer.contains("\"UNAUTHENTICATED\"") && !answer.contains("\"data\""), "{answer}");
    }
    stop.send(()).expect("it runs");
    served.await.expect("it ends").expect("it ends well");
}
