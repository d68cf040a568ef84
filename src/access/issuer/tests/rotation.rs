//! When the keys of an issuer are fetched again, and when they are not.

use std::time::Duration;

use jsonwebtoken::Algorithm;

use super::*;

fn signer(id: &str) -> Signer {
    Signer::new(id, Algorithm::EdDSA)
}

#[tokio::test]
async fn keys_are_fetched_once_in_ten_minutes() {
    let signer = signer("a");
    let tiny = Tiny::start(&[&signer]);
    let issuer = issuer(&tiny);
    let token = signer.sign(&claims(&tiny));
    assert_eq!(tiny.asked(), 0, "not before they are needed");
    for (now, fetched) in [(start(), 1), (after_minutes(9), 1), (after_minutes(10), 2), (after_minutes(19), 2), (after_minutes(20), 3)] {
        assert_eq!(issuer.clone().subject(&token, now).await, ok());
        assert_eq!((tiny.asked(), tiny.listed()), (fetched, fetched), "{now}");
    }
}

#[tokio::test]
async fn a_new_key_is_found_and_an_old_one_is_dropped() {
    let (old, new) = (signer("old"), signer("new"));
    let tiny = Tiny::start(&[&old]);
    let issuer = issuer(&tiny);
    let (old_token, new_token) = (old.sign(&claims(&tiny)), new.sign(&claims(&tiny)));
    assert_eq!(issuer.subject(&old_token, start()).await, ok());

    tiny.list(&[&old, &new]);
    assert_eq!(issuer.subject(&new_token, after_seconds(29)).await, Err(TokenFault::UnknownKey), "the issuer was asked just now");
    assert_eq!(issuer.subject(&new_token, after_seconds(30)).await, ok());
    assert_eq!(issuer.subject(&old_token, after_seconds(31)).await, ok());
    assert_eq!(tiny.listed(), 2);

    tiny.list(&[&new]);
    assert_eq!(issuer.subject(&old_token, after_minutes(10)).await, ok(), "the keys are still fresh");
    assert_eq!(issuer.subject(&old_token, after_minutes(11)).await, Err(TokenFault::UnknownKey));
    assert_eq!(issuer.subject(&new_token, after_minutes(11)).await, ok());
}

#[tokio::test]
async fn a_flood_of_unknown_keys_asks_once_in_thirty_seconds() {
    let good = signer("good");
    let tiny = Tiny::start(&[&good]);
    let issuer = issuer(&tiny);
    let token = good.sign(&claims(&tiny));
    assert_eq!(issuer.subject(&token, start()).await, ok());
    for (window, fetched) in [(0, 1), (30, 2), (60, 3)] {
        let mut flood = tokio::task::JoinSet::new();
        for number in 0..60 {
            let (issuer, token) = (issuer.clone(), signer(&format!("made up {number}")).sign(&claims(&tiny)));
            flood.spawn(async move { issuer.subject(&token, after_seconds(window + number % 29)).await });
        }
        for answer in flood.join_all().await {
            assert_eq!(answer, Err(TokenFault::UnknownKey));
        }
        assert_eq!((tiny.asked(), tiny.listed()), (fetched, fetched));
        assert_eq!(issuer.subject(&token, after_seconds(window + 29)).await, ok(), "whoever has a good token notices nothing");
    }
}

#[tokio::test]
async fn whoever_comes_first_asks_for_all() {
    let signer = signer("a");
    let tiny = Tiny::start(&[&signer]);
    tiny.delay(Duration::from_millis(100));
    let issuer = issuer(&tiny);
    let token = signer.sign(&claims(&tiny));
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (issuer, token) = (issuer.clone(), token.clone());
        callers.spawn(async move { issuer.subject(&token, start()).await });
    }
    for answer in callers.join_all().await {
        assert_eq!(answer, ok());
    }
    assert_eq!((tiny.asked(), tiny.listed()), (1, 1));
}

#[tokio::test]
async fn whoever_hangs_up_spoils_it_for_nobody() {
    let signer = signer("a");
    let tiny = Tiny::start(&[&signer]);
    tiny.delay(Duration::from_millis(200));
    let issuer = issuer(&tiny);
    let token = signer.sign(&claims(&tiny));
    let impatient = tokio::time::timeout(Duration::from_millis(50), issuer.subject(&token, start())).await;
    assert!(impatient.is_err(), "the caller was gone before the answer");
    assert_eq!(issuer.subject(&token, after_seconds(1)).await, ok());
    assert_eq!(tiny.asked(), 1);
}

#[tokio::test]
async fn nobody_waits_for_what_is_known() {
    let signer = signer("a");
    let tiny = Tiny::start(&[&signer]);
    let issuer = issuer(&tiny);
    let token = signer.sign(&claims(&tiny));
    assert_eq!(issuer.subject(&token, start()).await, ok());
    tiny.delay(Duration::from_secs(1));
    let asking = tokio::spawn({
        let (issuer, token) = (issuer.clone(), token.clone());
        async move { issuer.subject(&token, after_minutes(10)).await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let meanwhile = tokio::time::timeout(Duration::from_millis(800), issuer.subject(&token, after_minutes(10))).await;
    assert_eq!(meanwhile, Ok(ok()));
    assert!(!asking.is_finished());
    assert_eq!(asking.await.unwrap(), ok());
    assert_eq!(tiny.asked(), 2);
}

#[tokio::test]
async fn an_issuer_may_be_down_for_a_day() {
    let (signer, unknown) = (signer("a"), signer("b"));
    let tiny = Tiny::start(&[&signer]);
    let issuer = issuer(&tiny);
    let (token, unknown) = (signer.sign(&claims(&tiny)), unknown.sign(&claims(&tiny)));
    assert_eq!(issuer.subject(&token, start()).await, ok());
    tiny.discovery(Reply::Down);
    assert_eq!(issuer.subject(&token, after_minutes(10)).await, ok());
    let asked = tiny.asked();
    assert!(asked > 1, "it was asked");
    for second in 1..30 {
        assert_eq!(issuer.subject(&token, after_seconds(600 + second)).await, ok());
        assert_eq!(issuer.subject(&unknown, after_seconds(600 + second)).await, Err(TokenFault::UnknownKey));
    }
    assert_eq!(tiny.asked(), asked, "and then left alone");
    assert_eq!(issuer.subject(&token, after_seconds(630)).await, ok());
    assert!(tiny.asked() > asked, "and asked again");
    assert_eq!(issuer.subject(&token, after_minutes(24 * 60 - 1)).await, ok());
    assert_eq!(issuer.subject(&token, after_minutes(24 * 60)).await, Err(TokenFault::Unavailable));
    tiny.discovery(Reply::Document(json!({ "issuer": tiny.address, "jwks_uri": format!("{}/keys", tiny.address) })));
    assert_eq!(issuer.subject(&token, after_minutes(24 * 60 + 1)).await, ok(), "and is back");
}

#[tokio::test]
async fn a_clock_that_is_set_back_makes_no_key_immortal() {
    let (old, new) = (signer("old"), signer("new"));
    let tiny = Tiny::start(&[&old]);
    let issuer = issuer(&tiny);
    let mut claims = claims(&tiny);
    claims["iat"] = json!(0);
    let token = old.sign(&claims);
    assert_eq!(issuer.subject(&token, start()).await, ok());
    tiny.list(&[&new]);
    assert_eq!(issuer.subject(&token, after_minutes(-60)).await, Err(TokenFault::UnknownKey));
}
