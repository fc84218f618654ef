//! What a way to a provider and back refuses: strangers' browsers, second returns, other issuers, bad ID tokens, forbidden addresses.

use super::oauth::{CALLBACK, STRATEGY, World, jane, start};
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, ORIGIN};
use serde_json::{Value, json};
use verger_model::Millis;
use verger_testkit::{APP, Browser, PASSWORD};

const INVALID: &str = "oauth_callback_invalid";

async fn failed(browser: &mut Browser) -> String {
    let asked = browser.get("/v1/client").await.ok().at("/response/sign_in/first_factor_verification");
    assert_eq!(asked["status"], "failed");
    asked["error"]["code"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_way_back_is_taken_once() {
    let it = World::new().await;
    let mut browser = it.browser();
    let url = start(&mut browser, "sign_ups").await;
    let back = it.provider.sign_in(&url, &jane());
    assert_eq!(browser.navigate(&back).await.status, 303);
    assert_eq!(browser.navigate(&back).await.refusal(), (400, INVALID.into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_fifty_parallel_ways_back_is_taken() {
    let it = World::new().await;
    let mut browser = it.browser();
    let url = start(&mut browser, "sign_ups").await;
    let back = it.provider.sign_in(&url, &jane());
    let tries: Vec<_> = (0..50)
        .map(|_| {
            let (mut browser, back) = (browser.clone(), back.clone());
            tokio::spawn(async move { browser.navigate(&back).await })
        })
        .collect();
    let mut successes = 0;
    for attempt in tries {
        let answer = attempt.await.expect("a try does not panic");
        match answer.status {
            303 => successes += 1,
            _ => assert_eq!(answer.refusal(), (400, INVALID.into())),
        }
    }
    assert_eq!(successes, 1);
}

#[tokio::test]
async fn a_way_back_belongs_to_the_browser_where_it_began() {
    let it = World::new().await;
    let mut browser = it.browser();
    let url = start(&mut browser, "sign_ins").await;
    let back = it.provider.sign_in(&url, &jane());
    // A victim who is led to an attacker's return would be signed in as the attacker.
    let mut stranger = it.browser();
    assert_eq!(stranger.navigate(&back).await.refusal(), (400, INVALID.into()));
    stranger.post("/v1/client", &[]).await.ok();
    assert_eq!(stranger.navigate(&back).await.refusal(), (400, INVALID.into()));
    assert_eq!(browser.navigate(&back).await.status, 303);
}

#[tokio::test]
async fn a_way_back_is_open_for_ten_minutes() {
    let it = World::new().await;
    let mut browser = it.browser();
    let url = start(&mut browser, "sign_ins").await;
    let back = it.provider.sign_in(&url, &jane());
    it.server.clock.advance(Millis::from_mins(10));
    assert_eq!(browser.navigate(&back).await.refusal(), (400, INVALID.into()));
}

#[tokio::test]
async fn a_look_ahead_takes_nothing() {
    let it = World::new().await;
    let mut browser = it.browser();
    let url = start(&mut browser, "sign_ups").await;
    let back = it.provider.sign_in(&url, &jane());
    let head = browser.request("HEAD", &back).body(Body::empty()).expect("a request");
    assert_eq!(it.server.at_frontend(head).await.status, 200);
    let ahead = browser.request("GET", &back).header("sec-purpose", "prefetch").body(Body::empty()).expect("a request");
    assert_eq!(it.server.at_frontend(ahead).await.status, 200);
    assert_eq!(browser.navigate(&back).await.status, 303);
}

#[tokio::test]
async fn an_unknown_way_back_is_refused() {
    let it = World::new().await;
    let mut browser = it.browser();
    start(&mut browser, "sign_ins").await;
    for query in ["", "?code=x", "?state=", "?state=made-up&code=x"] {
        let answer = browser.navigate(&format!("/v1/oauth_callback{query}")).await;
        assert_eq!(answer.refusal(), (400, INVALID.into()), "{query}");
    }
}

#[tokio::test]
async fn another_providers_answer_is_refused() {
    let it = World::new().await;
    for issuer in ["https%3A%2F%2Fevil.test", ""] {
        let mut browser = it.browser();
        let url = start(&mut browser, "sign_ins").await;
        let back = it.provider.sign_in(&url, &jane());
        let (front, _) = back.rsplit_once("&iss=").expect("the provider says who it is");
        let back = if issuer.is_empty() { front.to_owned() } else { format!("{front}&iss={issuer}") };
        assert_eq!(browser.navigate(&back).await.refusal(), (400, INVALID.into()), "{issuer}");
    }
}

#[tokio::test]
async fn a_bad_id_token_signs_nobody_in() {
    type Lie = fn(&mut Value);
    let lies: [(&str, Lie); 14] = [
        ("iss", |it| it["iss"] = json!("https://evil.test")),
        ("no iss", |it| drop(it.as_object_mut().map(|it| it.remove("iss")))),
        ("aud", |it| it["aud"] = json!("another-client")),
        ("auds", |it| it["aud"] = json!(["verger-client", "another-client"])),
        ("azp", |it| it["azp"] = json!("another-client")),
        ("no aud", |it| drop(it.as_object_mut().map(|it| it.remove("aud")))),
        ("exp", |it| it["exp"] = json!(1_000_000_000)),
        ("no exp", |it| drop(it.as_object_mut().map(|it| it.remove("exp")))),
        ("iat", |it| it["iat"] = json!(it["iat"].as_i64().unwrap_or_default() - 601)),
        ("no iat", |it| drop(it.as_object_mut().map(|it| it.remove("iat")))),
        ("future", |it| it["iat"] = json!(it["iat"].as_i64().unwrap_or_default() + 3600)),
        ("nonce", |it| it["nonce"] = json!("another")),
        ("no nonce", |it| drop(it.as_object_mut().map(|it| it.remove("nonce")))),
        ("no sub", |it| it["sub"] = json!("")),
    ];
    let it = World::new().await;
    for (name, lie) in lies {
        it.provider.lie(lie);
        let mut browser = it.browser();
        assert_eq!(it.sign_in(&mut browser, &jane()).await, CALLBACK, "{name}");
        assert_eq!(failed(&mut browser).await, "oauth_token_exchange_error", "{name}");
    }
}

#[tokio::test]
async fn a_token_of_another_key_signs_nobody_in() {
    let it = World::new().await;
    it.provider.use_strange_key();
    let mut browser = it.browser();
    it.sign_in(&mut browser, &jane()).await;
    assert_eq!(failed(&mut browser).await, "oauth_token_exchange_error");
}

#[tokio::test]
async fn a_wrong_secret_is_the_providers_refusal() {
    let it = World::with(|_, connection| connection.client_secret = None).await;
    let mut browser = it.browser();
    it.sign_in(&mut browser, &jane()).await;
    assert_eq!(failed(&mut browser).await, "oauth_token_exchange_error");
}

#[tokio::test]
async fn whoever_says_no_at_the_provider_is_not_signed_in() {
    let it = World::new().await;
    let mut browser = it.browser();
    let url = start(&mut browser, "sign_ins").await;
    let back = it.provider.sign_in(&url, &jane()).replace("code=", "error=access_denied&dropped=");
    let answer = browser.navigate(&back).await;
    assert_eq!((answer.status, answer.location()), (303, CALLBACK));
    assert_eq!(failed(&mut browser).await, "oauth_access_denied");
}

#[tokio::test]
async fn a_provider_that_posts_is_converted_to_a_visit() {
    let it = World::new().await;
    let mut browser = it.browser();
    let url = start(&mut browser, "sign_ups").await;
    let back = it.provider.sign_in(&url, &jane());
    let (path, form) = back.split_once('?').expect("a query");
    let request = axum::http::Request::builder().method("POST").uri(path).header("host", "localhost:4000");
    let request = request.header(ORIGIN, "https://appleid.apple.com");
    let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = it.server.at_frontend(request.body(Body::from(form.to_owned())).expect("a request")).await;
    assert_eq!(answer.status, 303);
    let next = answer.location().strip_prefix("http://localhost:4000").expect("here").to_owned();
    assert_eq!(browser.navigate(&next).await.location(), format!("{APP}/done"));
}

#[tokio::test]
async fn addresses_to_come_back_to_are_judged() {
    let it = World::new().await;
    let cases = [
        ("javascript:alert(1)", "", (422, "prohibited_redirect_url")),
        ("not a url", "", (422, "invalid_redirect_url")),
        ("https://evil.test/", "", (422, "redirect_url_not_associated_with_instance")),
        (CALLBACK, "https://evil.test/", (422, "redirect_url_not_associated_with_instance")),
        (CALLBACK, "//evil.test/", (422, "redirect_url_not_associated_with_instance")),
        ("", "", (422, "form_param_missing")),
    ];
    for attempts in ["sign_ins", "sign_ups"] {
        for (redirect, complete, (status, code)) in cases {
            let fields =
                [("strategy", STRATEGY), ("redirect_url", redirect), ("action_complete_redirect_url", complete)];
            let answer = it.browser().post(&format!("/v1/client/{attempts}"), &fields).await;
            assert_eq!(answer.refusal(), (status, code.to_owned()), "{attempts} {redirect} {complete}");
        }
    }
}

#[tokio::test]
async fn a_provider_that_is_off_is_refused() {
    let it = World::with(|_, connection| connection.authenticatable = false).await;
    let cases = [
        ("oauth_google", (400, "oauth_provider_not_enabled")),
        ("oauth_custom_other", (400, "oauth_provider_not_enabled")),
        ("oauth_gogle", (422, "form_param_value_invalid")),
        (STRATEGY, (400, "oauth_non_authenticatable_provider")),
    ];
    for (strategy, (status, code)) in cases {
        let fields = [("strategy", strategy), ("redirect_url", CALLBACK)];
        let answer = it.browser().post("/v1/client/sign_ins", &fields).await;
        assert_eq!(answer.refusal(), (status, code.to_owned()), "{strategy}");
    }
}

#[tokio::test]
async fn a_provider_that_cannot_be_found_is_not_set_up() {
    let it = World::with(|_, connection| connection.issuer = Some("http://127.0.0.1:1".into())).await;
    let fields = [("strategy", STRATEGY), ("redirect_url", CALLBACK)];
    let answer = it.browser().post("/v1/client/sign_ins", &fields).await;
    assert_eq!(answer.refusal(), (400, "oauth_config_missing".into()));
}

#[tokio::test]
async fn the_banned_and_the_locked_do_not_come_back_signed_in() {
    for (action, code) in [("ban", "user_banned"), ("lock", "user_locked")] {
        let it = World::new().await;
        let mut member = it.member(&jane()).await;
        let user = member.get("/v1/me").await.ok().text("/response/id");
        it.server.backend().await.post(&format!("/v1/users/{user}/{action}"), json!({})).await.ok();
        let mut browser = it.browser();
        assert_eq!(it.sign_in(&mut browser, &jane()).await, CALLBACK);
        assert_eq!(failed(&mut browser).await, code);
    }
}

#[tokio::test]
async fn whoever_is_signed_in_already_is_told_so() {
    let it = World::with(|settings, _| settings.sessions.single_session = false).await;
    let mut browser = it.member(&jane()).await;
    let session = browser.get("/v1/client").await.ok().text("/response/sessions/0/id");
    assert_eq!(it.sign_in(&mut browser, &jane()).await, CALLBACK);
    let asked = browser.get("/v1/client").await.ok().at("/response/sign_in/first_factor_verification");
    assert_eq!(asked["error"]["code"], "identifier_already_signed_in");
    assert_eq!(asked["error"]["meta"]["session_id"], session.as_str());
}

#[tokio::test]
async fn an_account_elsewhere_stands_for_the_first_factor_only() {
    let it = World::with(|settings, _| settings.multi_factor.authenticator_app = true).await;
    let backend = it.server.backend().await;
    let new = json!({
        "email_address": ["jane@example.com"], "password": PASSWORD, "totp_secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    });
    backend.post("/v1/users", new).await.ok();
    let mut browser = it.browser();
    assert_eq!(it.sign_in(&mut browser, &jane()).await, CALLBACK);
    assert_eq!(browser.get("/v1/client").await.ok().text("/response/sign_in/status"), "needs_second_factor");
    assert_eq!(browser.get("/v1/me").await.refusal(), (401, "signed_out".into()));
}

#[tokio::test]
async fn restricted_sign_ups_are_refused_at_the_transfer() {
    let it = World::new().await;
    let mut browser = it.browser();
    it.sign_in(&mut browser, &jane()).await;
    it.change(|settings| settings.sign_up.mode = verger_model::settings::SignUpMode::Restricted).await;
    let answer = browser.post("/v1/client/sign_ups", &[("transfer", "true")]).await;
    assert_eq!(answer.refusal(), (403, "sign_up_mode_restricted".into()));
}

#[tokio::test]
async fn addresses_with_a_plus_are_turned_away_where_the_owner_says_so() {
    let it = World::with(|_, connection| connection.block_email_subaddresses = true).await;
    let mut browser = it.browser();
    let person = json!({ "sub": "acme-jane", "email": "jane+shop@example.com", "email_verified": true });
    it.sign_in(&mut browser, &person).await;
    assert_eq!(failed(&mut browser).await, "not_allowed_access");
}

#[tokio::test]
async fn one_of_fifty_parallel_transfers_makes_an_account() {
    let it = World::new().await;
    let mut browser = it.browser();
    it.sign_in(&mut browser, &jane()).await;
    let tries: Vec<_> = (0..50)
        .map(|_| {
            let mut browser = browser.clone();
            tokio::spawn(async move { browser.post("/v1/client/sign_ups", &[("transfer", "true")]).await })
        })
        .collect();
    let mut successes = 0;
    for attempt in tries {
        let answer = attempt.await.expect("a try does not panic");
        assert!(answer.status < 500, "{}", String::from_utf8_lossy(&answer.body));
        successes += usize::from(answer.status == 200);
    }
    assert_eq!(successes, 1);
}

#[tokio::test]
async fn a_way_back_of_one_instance_is_unknown_at_another() {
    let it = World::new().await;
    let shop =
        it.server.application(verger_service::NewApplication { name: "Shop".into(), ..Default::default() }).await;
    let mut browser = it.browser();
    let url = start(&mut browser, "sign_ins").await;
    let back = it.provider.sign_in(&url, &jane());
    let mut other = it.server.browser_of(&shop.development.tenant);
    other.jar = browser.jar.clone();
    assert_eq!(other.navigate(&back).await.refusal(), (400, INVALID.into()));
}

#[tokio::test]
async fn addresses_that_the_instance_keeps_out_stay_out() {
    let it = World::with(|settings, _| settings.restrictions.block_disposable_email_domains = true).await;
    let person = json!({ "sub": "acme-jane", "email": "jane@mailinator.com", "email_verified": true });
    let mut browser = it.browser();
    assert_eq!(it.sign_up(&mut browser, &person).await, CALLBACK);
    let attempt = browser.get("/v1/client").await.ok().at("/response/sign_up/verifications/external_account");
    assert_eq!(attempt["error"]["code"], "not_allowed_access");
    let mut browser = it.browser();
    it.sign_in(&mut browser, &person).await;
    let answer = browser.post("/v1/client/sign_ups", &[("transfer", "true")]).await;
    assert_eq!(answer.refusal(), (403, "not_allowed_access".into()));
}
