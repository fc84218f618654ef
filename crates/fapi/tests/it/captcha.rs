//! Bot protection: proofs of work that this server judges itself, tokens that a captcha service judges, and what needs neither.

use axum::extract::Form;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::net::TcpListener;
use verger_model::Millis;
use verger_model::settings::{BotProtection, CaptchaProvider, CaptchaWidgetType, ClientSecret};
use verger_service::{NewApplication, NewInvitation, Tenant};
use verger_testkit::{Answer, Browser, PASSWORD, TestServer, prove_work};

const JANE: &str = "jane@example.com";
const SIGN_UPS: &str = "/v1/client/sign_ups";

fn easy() -> BotProtection {
    BotProtection { enabled: true, difficulty: 8, ..BotProtection::default() }
}

async fn protected(bots: BotProtection) -> (TestServer, Arc<Tenant>) {
    let server = TestServer::start().await;
    let tenant = server.settings(&server.development(), |it| it.attack_protection.bot_protection = bots).await;
    (server, tenant)
}

async fn proof(browser: &mut Browser) -> String {
    prove_work(&browser.get("/v1/captcha/challenge").await.ok().text("/challenge"))
}

async fn sign_up(browser: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    let mut all = vec![("email_address", JANE), ("password", PASSWORD)];
    all.extend(fields);
    browser.post(SIGN_UPS, &all).await
}

#[tokio::test]
async fn a_sign_up_without_a_token_is_refused() {
    let (server, tenant) = protected(easy()).await;
    for fields in [&[][..], &[("captcha_token", "")], &[("captcha_error", "captcha_script_failed_to_load")]] {
        let answer = sign_up(&mut server.browser_of(&tenant), fields).await;
        assert_eq!(answer.refusal(), (400, "captcha_missing_token".into()), "{fields:?}");
    }
}

#[tokio::test]
async fn work_lets_one_sign_up_begin() {
    let (server, tenant) = protected(easy()).await;
    let mut browser = server.browser_of(&tenant);
    let token = proof(&mut browser).await;
    let fields = [("captcha_token", token.as_str()), ("captcha_widget_type", "invisible")];
    sign_up(&mut browser, &fields).await.ok();
    let again = sign_up(&mut server.browser_of(&tenant), &fields).await;
    assert_eq!(again.refusal(), (400, "captcha_invalid".into()));
}

#[tokio::test]
async fn what_is_no_good_work_is_refused() {
    let (server, tenant) = protected(easy()).await;
    let mut browser = server.browser_of(&tenant);
    let token = proof(&mut browser).await;
    for token in ["rubbish", "a.b.c.d:1", &format!("{token}0x"), &token.replacen(".8.", ".9.", 1)] {
        let answer = sign_up(&mut browser, &[("captcha_token", token)]).await;
        assert_eq!(answer.refusal(), (400, "captcha_invalid".into()), "{token}");
    }
    server.clock.advance(Millis::from_mins(10));
    let answer = sign_up(&mut browser, &[("captcha_token", token.as_str())]).await;
    assert_eq!(answer.refusal(), (400, "captcha_invalid".into()));
}

#[tokio::test]
async fn work_for_another_instance_is_refused() {
    let (server, tenant) = protected(easy()).await;
    let other = server.application(NewApplication { name: "Other".into(), ..NewApplication::default() }).await;
    let other = server.settings(&other.development.tenant, |it| it.attack_protection.bot_protection = easy()).await;
    let token = proof(&mut server.browser_of(&other)).await;
    let answer = sign_up(&mut server.browser_of(&tenant), &[("captcha_token", token.as_str())]).await;
    assert_eq!(answer.refusal(), (400, "captcha_invalid".into()));
    sign_up(&mut server.browser_of(&other), &[("captcha_token", token.as_str())]).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_uses_of_one_proof_one_counts() {
    let (server, tenant) = protected(easy()).await;
    let token = proof(&mut server.browser_of(&tenant)).await;
    let tries: Vec<_> = (0..50)
        .map(|_| {
            let (mut browser, token) = (server.browser_of(&tenant), token.clone());
            tokio::spawn(async move { browser.post(SIGN_UPS, &[("captcha_token", token.as_str())]).await })
        })
        .collect();
    let mut successes = 0;
    for attempt in tries {
        let answer = attempt.await.expect("a try does not panic");
        assert!(matches!(answer.status, 200 | 400), "{}", String::from_utf8_lossy(&answer.body));
        successes += usize::from(answer.status == 200);
    }
    assert_eq!(successes, 1);
}

#[tokio::test]
async fn a_testing_token_stands_for_a_proof() {
    let (server, tenant) = protected(easy()).await;
    let token = server.backend().await.post("/v1/testing_tokens", json!({})).await.ok().text("/token");
    let fields = [("email_address", JANE), ("password", PASSWORD)];
    let with = |token: &str| format!("{SIGN_UPS}?__clerk_testing_token={token}");
    let answer = server.browser_of(&tenant).post(&with("nonsense"), &fields).await;
    assert_eq!(answer.refusal(), (400, "captcha_missing_token".into()));
    server.browser_of(&tenant).post(&with(&token), &fields).await.ok();
    server.clock.advance(Millis::from_mins(60));
    let answer = server.browser_of(&tenant).post(&with(&token), &fields).await;
    assert_eq!(answer.refusal(), (400, "captcha_missing_token".into()));
}

#[tokio::test]
async fn a_native_app_needs_no_proof_where_it_is_let_in() {
    let (server, tenant) = protected(easy()).await;
    let fields = [("email_address", JANE), ("password", PASSWORD)];
    let native = async |tenant: &Arc<Tenant>| {
        let mut app = server.browser_of(tenant);
        app.origin = None;
        app.post(&format!("{SIGN_UPS}?_is_native=1"), &fields).await
    };
    assert_eq!(native(&tenant).await.refusal(), (400, "native_api_disabled".into()));
    let tenant = server.settings(&tenant, |it| it.native.api_enabled = true).await;
    native(&tenant).await.ok();
}

#[tokio::test]
async fn who_is_invited_needs_no_proof() {
    let (server, tenant) = protected(easy()).await;
    let new = NewInvitation { email_address: JANE.into(), is_silent: true, ..NewInvitation::default() };
    let ctx = server.ctx(&tenant);
    let invitation = server.service.create_invitations(&ctx, vec![new]).await.unwrap().remove(0);
    let ticket = server.service.invitation_url(&ctx, &invitation).unwrap();
    let ticket = ticket.split_once("ticket=").unwrap().1.to_owned();
    let fields = [("strategy", "ticket"), ("ticket", ticket.as_str()), ("password", PASSWORD)];
    server.browser_of(&tenant).post(SIGN_UPS, &fields).await.ok();
}

#[tokio::test]
async fn a_provider_vouches_only_for_those_whom_it_names() {
    let bots = BotProtection { oauth_bypass: vec!["oauth_custom_vergertest".into()], ..easy() };
    let (server, tenant) = protected(bots).await;
    let tenant = server.settings(&tenant, |it| it.social.test_provider = true).await;
    let mut browser = server.browser_of(&tenant);
    let elsewhere = [("strategy", "oauth_custom_vergertest"), ("redirect_url", "http://localhost:3000/back")];
    let answer = sign_up(&mut browser, &elsewhere).await;
    assert_eq!(answer.refusal(), (400, "captcha_missing_token".into()));
    let begun = browser.post(SIGN_UPS, &elsewhere).await.ok();
    let path = format!("{SIGN_UPS}/{}", begun.text("/response/id"));
    let named = [("email_address", JANE), ("password", PASSWORD)];
    assert_eq!(browser.patch(&path, &named).await.refusal(), (400, "captcha_missing_token".into()));
    let token = proof(&mut browser).await;
    let proved = [named[0], named[1], ("captcha_token", token.as_str())];
    browser.patch(&path, &proved).await.ok();
    // Nor by a detour that failed to begin.
    let mut browser = server.browser_of(&tenant);
    browser.put("/v1/client", &[]).await.ok();
    browser.post(SIGN_UPS, &[("strategy", "oauth_custom_vergertest")]).await;
    let id = browser.get("/v1/client").await.ok().text("/response/sign_up/id");
    let answer = browser.patch(&format!("{SIGN_UPS}/{id}"), &named).await;
    assert_eq!(answer.refusal(), (400, "captcha_missing_token".into()));
}

#[tokio::test]
async fn without_protection_nothing_is_asked() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    assert_eq!(browser.get("/v1/captcha/challenge").await.refusal(), (400, "captcha_not_enabled".into()));
    assert_eq!(browser.post("/v1/client/verify", &[]).await.refusal(), (400, "captcha_not_enabled".into()));
    sign_up(&mut browser, &[("captcha_token", "whatever")]).await.ok();
    let environment = browser.get("/v1/environment").await.ok();
    assert_eq!(environment.at("/user_settings/sign_up/captcha_enabled"), json!(false));
    assert_eq!(environment.at("/display_config/captcha_public_key"), json!(null));
    assert_eq!(environment.at("/protect_config/loaders"), json!([]));
}

#[tokio::test]
async fn a_client_shows_by_itself_that_it_is_a_browser() {
    let (server, tenant) = protected(easy()).await;
    let mut browser = server.browser_of(&tenant);
    let answer = browser.post("/v1/client/verify", &[]).await;
    assert_eq!(answer.refusal(), (400, "captcha_missing_token".into()));
    browser.put("/v1/client", &[]).await.ok();
    let token = proof(&mut browser).await;
    let fields = [("captcha_token", token.as_str()), ("captcha_action", "verify")];
    let answer = browser.post("/v1/client/verify", &fields).await.ok();
    assert_eq!(answer.text("/response/object"), "client");
}

#[tokio::test]
async fn the_page_is_told_where_the_widget_is() {
    let (server, tenant) = protected(easy()).await;
    let mut browser = server.browser_of(&tenant);
    let environment = browser.get("/v1/environment").await.ok();
    assert_eq!(environment.at("/user_settings/sign_up/captcha_enabled"), json!(true));
    assert_eq!(environment.text("/display_config/captcha_widget_type"), "invisible");
    assert!(!environment.text("/display_config/captcha_public_key_invisible").is_empty());
    let src = environment.text("/protect_config/loaders/0/attributes/src");
    let script = browser.get(src.strip_prefix("http://localhost:4000").unwrap()).await.ok();
    assert_eq!(script.content_type(), Some("text/javascript; charset=utf-8"));
}

/// A captcha service on loopback that takes `good` once, if the secret is right. It gives what it was asked.
async fn siteverify() -> (String, Arc<std::sync::Mutex<Vec<HashMap<String, String>>>>) {
    let asked = Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = asked.clone();
    let judge = move |Form(form): Form<HashMap<String, String>>| {
        let success = form["response"] == "good" && form["secret"] == "a secret";
        seen.lock().expect("no test panics in between").push(form);
        async move { Json(json!({ "success": success, "error-codes": [] })) }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/siteverify", listener.local_addr().expect("it is bound"));
    let router = Router::new().route("/siteverify", post(judge));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, asked)
}

fn turnstile(siteverify_url: String) -> BotProtection {
    BotProtection {
        provider: CaptchaProvider::Turnstile,
        widget_type: CaptchaWidgetType::Smart,
        site_key: Some("a site key".into()),
        secret_key: Some(ClientSecret("a secret".into())),
        siteverify_url,
        ..easy()
    }
}

#[tokio::test]
async fn a_captcha_service_is_asked_about_its_tokens() {
    let (url, asked) = siteverify().await;
    let (server, tenant) = protected(turnstile(url)).await;
    let mut browser = server.browser_of(&tenant).from("203.0.113.9");
    let answer = sign_up(&mut browser, &[]).await;
    assert_eq!(answer.refusal(), (400, "captcha_missing_token".into()));
    let answer = sign_up(&mut browser, &[("captcha_token", "bad")]).await;
    assert_eq!(answer.refusal(), (400, "captcha_invalid".into()));
    sign_up(&mut browser, &[("captcha_token", "good"), ("captcha_widget_type", "smart")]).await.ok();
    let asked = asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[1]["remoteip"], "203.0.113.9");
    let environment = browser.get("/v1/environment").await.ok();
    assert_eq!(environment.text("/display_config/captcha_public_key"), "a site key");
    assert_eq!(environment.text("/display_config/captcha_widget_type"), "smart");
    assert_eq!(environment.at("/protect_config/loaders"), json!([]));
}

#[tokio::test]
async fn a_captcha_service_that_does_not_answer_is_our_fault() {
    let (server, tenant) = protected(turnstile("http://127.0.0.1:1/siteverify".into())).await;
    let answer = sign_up(&mut server.browser_of(&tenant), &[("captcha_token", "good")]).await;
    assert_eq!(answer.refusal(), (503, "service_unavailable".into()));
}

#[tokio::test]
async fn a_captcha_secret_is_stored_sealed() {
    let (_, tenant) = protected(turnstile("http://127.0.0.1:1/siteverify".into())).await;
    let stored: Value = serde_json::to_value(&tenant.instance.settings).unwrap();
    assert!(!stored.to_string().contains("a secret"), "{stored}");
}
