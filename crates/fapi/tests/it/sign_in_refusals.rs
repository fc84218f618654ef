//! What a sign-in is refused for.

use serde_json::json;
use verger_model::Millis;
use verger_service::NewSignInToken;
use verger_testkit::{Answer, Browser, PASSWORD, TestServer};

const JANE: &str = "jane@example.com";

async fn with_jane() -> (TestServer, Browser) {
    let server = TestServer::start().await;
    server.browser().sign_up(JANE).await;
    server.clock.advance(Millis::from_mins(5));
    let browser = server.browser();
    (server, browser)
}

async fn attempt(browser: &mut Browser, id: &str, fields: &[(&str, &str)]) -> Answer {
    browser.sign_in_step(id, "attempt_first_factor", fields).await
}

#[tokio::test]
async fn nobody_is_named_who_is_not_there() {
    let (_server, mut browser) = with_jane().await;
    let answer = browser.post("/v1/client/sign_ins", &[("identifier", "nobody@x.test")]).await;
    assert_eq!(answer.refusal(), (422, "form_identifier_not_found".into()));
    assert_eq!(answer.text("/errors/0/meta/param_name"), "identifier");
    // clerk-js takes whatever stands under `client` for the whole client, also in an error.
    assert!(answer.json().get("client").is_none());
}

#[tokio::test]
async fn a_wrong_password_leaves_the_attempt_with_its_name() {
    let (_server, mut browser) = with_jane().await;
    let answer = browser.sign_in(JANE, "not the password").await;
    assert_eq!(answer.refusal(), (422, "form_password_incorrect".into()));
    assert_eq!(answer.text("/errors/0/meta/param_name"), "password");
    let id = browser.identify(JANE).await;
    let fields = [("strategy", "password"), ("password", "not the password")];
    assert_eq!(attempt(&mut browser, &id, &fields).await.refusal(), (422, "form_password_incorrect".into()));
    assert_eq!(browser.get("/v1/client").await.ok().at("/response/sessions"), json!([]));
}

#[tokio::test]
async fn ten_failures_lock_an_account_for_an_hour() {
    let (server, mut browser) = with_jane().await;
    let id = browser.identify(JANE).await;
    let bad = [("strategy", "password"), ("password", "not the password")];
    let good = [("strategy", "password"), ("password", PASSWORD)];
    for n in 1..=10 {
        let expected = match n {
            1..=7 => (422, "form_password_incorrect"),
            8..=9 => (422, "account_lockout_warning"),
            _ => (403, "user_locked"),
        };
        assert_eq!(attempt(&mut browser, &id, &bad).await.refusal(), (expected.0, expected.1.into()), "failure {n}");
    }
    let locked = attempt(&mut browser, &id, &good).await;
    assert_eq!(locked.refusal(), (403, "user_locked".into()));
    assert!((3500..=3600).contains(&locked.at("/errors/0/meta/lockout_expires_in_seconds").as_i64().unwrap()));
    assert_eq!(server.browser().sign_in(JANE, PASSWORD).await.refusal(), (403, "user_locked".into()));

    server.clock.advance(Millis::from_mins(60));
    server.browser().sign_in(JANE, PASSWORD).await.ok();
}

#[tokio::test]
async fn an_operator_unlocks_at_once() {
    let (server, mut browser) = with_jane().await;
    let backend = server.backend().await;
    let user = backend.get("/v1/users").await.ok().text("/0/id");
    backend.post(&format!("/v1/users/{user}/lock"), json!({})).await.ok();
    assert_eq!(browser.sign_in(JANE, PASSWORD).await.refusal(), (403, "user_locked".into()));
    backend.post(&format!("/v1/users/{user}/unlock"), json!({})).await.ok();
    browser.sign_in(JANE, PASSWORD).await.ok();
}

#[tokio::test]
async fn a_banned_user_does_not_sign_in() {
    let (server, mut browser) = with_jane().await;
    let backend = server.backend().await;
    let user = backend.get("/v1/users").await.ok().text("/0/id");
    backend.post(&format!("/v1/users/{user}/ban"), json!({})).await.ok();
    assert_eq!(browser.sign_in(JANE, PASSWORD).await.refusal(), (403, "user_banned".into()));
}

#[tokio::test]
async fn a_malformed_answer_is_refused() {
    let (_server, mut browser) = with_jane().await;
    let id = browser.identify(JANE).await;
    let twice = [("strategy", "password"), ("password", "a"), ("password", "b")];
    assert_eq!(attempt(&mut browser, &id, &twice).await.refusal(), (422, "form_param_duplicate".into()));
    let unknown = [("strategy", "telepathy")];
    assert_eq!(attempt(&mut browser, &id, &unknown).await.refusal(), (422, "form_param_value_invalid".into()));
    assert_eq!(attempt(&mut browser, &id, &[]).await.refusal(), (422, "form_param_missing".into()));
    assert_eq!(attempt(&mut browser, &id, &[("strategy", "")]).await.refusal(), (422, "form_param_nil".into()));
}

#[tokio::test]
async fn a_user_without_a_password_cannot_give_one() {
    let (server, mut browser) = with_jane().await;
    let user = json!({"email_address": ["joe@example.com"], "skip_password_requirement": true});
    server.backend().await.post("/v1/users", user).await.ok();
    let id = browser.identify("joe@example.com").await;
    let fields = [("strategy", "password"), ("password", PASSWORD)];
    assert_eq!(attempt(&mut browser, &id, &fields).await.refusal(), (400, "strategy_for_user_invalid".into()));
}

#[tokio::test]
async fn codes_are_refused_before_they_were_sent_and_after_five_tries() {
    let (server, mut browser) = with_jane().await;
    let id = browser.identify(JANE).await;
    let try_code = |code: &str| [("strategy", "email_code"), ("code", code)].map(|(k, v)| (k.to_owned(), v.to_owned()));
    let early = attempt(&mut browser, &id, &[("strategy", "email_code"), ("code", "123456")]).await;
    assert_eq!(early.refusal(), (400, "verification_missing".into()));

    browser.sign_in_step(&id, "prepare_first_factor", &[("strategy", "email_code")]).await.ok();
    let code = server.code(&browser.tenant, JANE).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        let fields = try_code(wrong);
        let fields: Vec<_> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(attempt(&mut browser, &id, &fields).await.refusal(), (422, "form_code_incorrect".into()));
    }
    let right = [("strategy", "email_code"), ("code", code.as_str())];
    assert_eq!(attempt(&mut browser, &id, &right).await.refusal(), (400, "verification_failed".into()));
}

#[tokio::test]
async fn a_late_code_is_refused() {
    let (server, mut browser) = with_jane().await;
    let id = browser.identify(JANE).await;
    browser.sign_in_step(&id, "prepare_first_factor", &[("strategy", "email_code")]).await.ok();
    let code = server.code(&browser.tenant, JANE).await;
    server.clock.advance(Millis::from_secs(601));
    let fields = [("strategy", "email_code"), ("code", code.as_str())];
    assert_eq!(attempt(&mut browser, &id, &fields).await.refusal(), (400, "verification_expired".into()));
}

#[tokio::test]
async fn a_code_of_one_strategy_does_not_answer_another() {
    let (server, mut browser) = with_jane().await;
    let id = browser.identify(JANE).await;
    browser.sign_in_step(&id, "prepare_first_factor", &[("strategy", "reset_password_email_code")]).await.ok();
    let code = server.code(&browser.tenant, JANE).await;
    let fields = [("strategy", "email_code"), ("code", code.as_str())];
    assert_eq!(attempt(&mut browser, &id, &fields).await.refusal(), (400, "verification_strategy_invalid".into()));
}

#[tokio::test]
async fn an_address_gets_one_code_in_thirty_seconds_whoever_asks() {
    let (server, mut browser) = with_jane().await;
    let before = server.mails(&browser.tenant, JANE).await.len();
    let id = browser.identify(JANE).await;
    let prepare = [("strategy", "email_code")];
    let first = browser.sign_in_step(&id, "prepare_first_factor", &prepare).await.ok();
    let again = browser.sign_in_step(&id, "prepare_first_factor", &prepare).await.ok();
    assert_eq!(first.at("/response/first_factor_verification"), again.at("/response/first_factor_verification"));
    assert_eq!(server.mails(&browser.tenant, JANE).await.len(), before + 1);

    let mut other = server.browser();
    let id = other.identify(JANE).await;
    let refused = other.sign_in_step(&id, "prepare_first_factor", &prepare).await;
    assert_eq!(refused.refusal(), (429, "verification_code_too_many_requests".into()));
    assert!((1..=30).contains(&refused.header("retry-after").parse::<i64>().unwrap()));
}

#[tokio::test]
async fn no_step_can_be_skipped() {
    let (_server, mut browser) = with_jane().await;
    let id = browser.identify(JANE).await;
    for (step, fields) in [
        ("attempt_second_factor", &[("strategy", "totp"), ("code", "123456")][..]),
        ("prepare_second_factor", &[("strategy", "phone_code")]),
        ("reset_password", &[("password", "a whole new secret 7")]),
    ] {
        let answer = browser.sign_in_step(&id, step, fields).await;
        assert_eq!(answer.refusal(), (400, "client_state_invalid".into()), "{step}");
    }
    browser.sign_in(JANE, PASSWORD).await.ok();
}

#[tokio::test]
async fn a_reset_needs_another_password_than_before() {
    let (server, mut browser) = with_jane().await;
    let id = browser.identify(JANE).await;
    let strategy = ("strategy", "reset_password_email_code");
    browser.sign_in_step(&id, "prepare_first_factor", &[strategy]).await.ok();
    let code = server.code(&browser.tenant, JANE).await;
    attempt(&mut browser, &id, &[strategy, ("code", &code)]).await.ok();
    let same = browser.sign_in_step(&id, "reset_password", &[("password", PASSWORD)]).await;
    assert_eq!(same.refusal(), (422, "form_new_password_matches_current".into()));
    let short = browser.sign_in_step(&id, "reset_password", &[("password", "short")]).await;
    assert_eq!(short.refusal(), (422, "form_password_length_too_short".into()));
}

#[tokio::test]
async fn one_session_at_a_time_unless_the_instance_allows_more() {
    let (_server, mut browser) = with_jane().await;
    browser.sign_in(JANE, PASSWORD).await.ok();
    assert_eq!(browser.sign_in(JANE, PASSWORD).await.refusal(), (400, "session_exists".into()));
}

#[tokio::test]
async fn an_older_attempt_of_this_client_cannot_go_on() {
    let (_server, mut browser) = with_jane().await;
    let old = browser.identify(JANE).await;
    browser.identify(JANE).await;
    let fields = [("strategy", "password"), ("password", PASSWORD)];
    assert_eq!(attempt(&mut browser, &old, &fields).await.refusal(), (403, "resource_forbidden".into()));
}

#[tokio::test]
async fn an_attempt_of_another_client_does_not_exist() {
    let (server, mut browser) = with_jane().await;
    let id = browser.identify(JANE).await;
    let mut stranger = server.browser();
    stranger.identify(JANE).await;
    for id in [id.as_str(), "sia_unknown", "user_1", "%00"] {
        let path = format!("/v1/client/sign_ins/{id}");
        assert_eq!(stranger.get(&path).await.refusal(), (404, "resource_not_found".into()), "{id}");
        let fields = [("strategy", "password"), ("password", PASSWORD)];
        assert_eq!(attempt(&mut stranger, id, &fields).await.refusal(), (404, "resource_not_found".into()), "{id}");
    }
}

#[tokio::test]
async fn a_ticket_that_is_none_is_refused() {
    let (server, mut browser) = with_jane().await;
    browser.sign_in(JANE, PASSWORD).await.ok();
    let session = browser.get("/v1/client").await.ok().text("/response/sessions/0/last_active_token/jwt");
    for ticket in ["rubbish", session.as_str()] {
        let fields = [("strategy", "ticket"), ("ticket", ticket)];
        let answer = server.browser().post("/v1/client/sign_ins", &fields).await;
        assert_eq!(answer.refusal(), (400, "ticket_invalid_code".into()));
    }
}

#[tokio::test]
async fn a_revoked_or_late_ticket_is_refused() {
    let (server, mut browser) = with_jane().await;
    let user = server.backend().await.get("/v1/users").await.ok().text("/0/id");
    let ctx = server.ctx(&browser.tenant);
    let new = NewSignInToken { user_id: user, expires_in_seconds: Some(60) };
    let (token, revoked, _) = server.service.create_sign_in_token(&ctx, new.clone()).await.unwrap();
    let (_, late, _) = server.service.create_sign_in_token(&ctx, new).await.unwrap();
    server.service.revoke_sign_in_token(&ctx, token.id.as_str()).await.unwrap();
    let fields = [("strategy", "ticket"), ("ticket", revoked.as_str())];
    let answer = browser.post("/v1/client/sign_ins", &fields).await;
    assert_eq!(answer.refusal(), (400, "sign_in_token_revoked_code".into()));
    server.clock.advance(Millis::from_secs(120));
    let fields = [("strategy", "ticket"), ("ticket", late.as_str())];
    let answer = browser.post("/v1/client/sign_ins", &fields).await;
    assert_eq!(answer.refusal(), (400, "ticket_expired_code".into()));
}
