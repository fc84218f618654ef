//! What a sign-up is refused for.

use verger_model::Millis;
use verger_model::settings::SignUpMode;
use verger_testkit::{Answer, Browser, PASSWORD, TestServer};

const JANE: &str = "jane@example.com";

async fn create(browser: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    browser.post("/v1/client/sign_ups", fields).await
}

/// An attempt whose code was sent.
async fn prepared(browser: &mut Browser, email: &str) -> String {
    let fields = [("email_address", email), ("password", PASSWORD)];
    let id = create(browser, &fields).await.ok().text("/response/id");
    prepare(browser, &id).await.ok();
    id
}

async fn prepare(browser: &mut Browser, id: &str) -> Answer {
    let path = format!("/v1/client/sign_ups/{id}/prepare_verification");
    browser.post(&path, &[("strategy", "email_code")]).await
}

async fn attempt(browser: &mut Browser, id: &str, code: &str) -> Answer {
    let path = format!("/v1/client/sign_ups/{id}/attempt_verification");
    browser.post(&path, &[("strategy", "email_code"), ("code", code)]).await
}

/// Some code that is not the right one.
fn wrong(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

#[tokio::test]
async fn a_password_that_breaks_a_rule_is_refused() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let (long, huge) = ("x".repeat(100), "x".repeat(5000));
    for (password, code) in [
        ("short", "form_password_length_too_short"),
        (long.as_str(), "form_password_length_too_long"),
        (huge.as_str(), "form_password_size_in_bytes_exceeded"),
        (JANE, "form_password_matches_identifier"),
    ] {
        let answer = create(&mut browser, &[("email_address", JANE), ("password", password)]).await;
        assert_eq!(answer.refusal(), (422, code.into()));
        assert_eq!(answer.text("/errors/0/meta/param_name"), "password");
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_refused() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let long = format!("{}@x.test", "a".repeat(255));
    for email in ["a@x.test\r\nBcc: e@evil.test", "a@[127.0.0.1]", "a@x", "\"a b\"@x.test", &long, "nobody"] {
        let answer = create(&mut browser, &[("email_address", email)]).await;
        assert_eq!(answer.refusal(), (422, "form_param_format_invalid".into()), "{email}");
        assert_eq!(answer.text("/errors/0/meta/param_name"), "email_address");
    }
    server.settle().await;
    assert!(server.service.list_inbox(&browser.tenant.instance.id, None).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_taken_address_is_refused_in_any_spelling() {
    let server = TestServer::start().await;
    server.browser().sign_up(JANE).await;
    let answer = create(&mut server.browser(), &[("email_address", "JANE@Example.COM")]).await;
    assert_eq!(answer.refusal(), (422, "form_identifier_exists".into()));
    assert_eq!(answer.text("/errors/0/meta/param_name"), "email_address");
}

#[tokio::test]
async fn a_username_that_breaks_a_rule_is_refused() {
    let server = TestServer::start().await;
    server.settings(&server.development(), |settings| settings.attributes.username.enabled = true).await;
    let mut browser = server.browser();
    let long = "a".repeat(65);
    for (username, code) in [
        ("p\u{430}ypal", "form_username_invalid_character"),
        ("abc", "form_username_invalid_length"),
        (long.as_str(), "form_username_invalid_length"),
        ("15551234567", "form_username_needs_non_number_char"),
    ] {
        let answer = create(&mut browser, &[("username", username)]).await;
        assert_eq!(answer.refusal(), (422, code.into()), "{username}");
    }
}

#[tokio::test]
async fn attributes_of_the_backend_or_switched_off_are_refused() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    for (name, value) in [("public_metadata", "{}"), ("external_id", "x"), ("username", "jane_doe")] {
        let answer = create(&mut browser, &[("email_address", JANE), (name, value)]).await;
        assert_eq!(answer.refusal(), (422, "form_param_unknown".into()), "{name}");
        assert_eq!(answer.text("/errors/0/meta/param_name"), name);
    }
}

#[tokio::test]
async fn an_unknown_name_is_ignored_and_counted() {
    let server = TestServer::start().await;
    let fields = [("email_address", JANE), ("timezone", "Europe/Berlin"), ("tab_state", "focused")];
    create(&mut server.browser(), &fields).await.ok();
    assert_eq!(server.state.ignored_params(), 2);
}

#[tokio::test]
async fn a_long_name_is_refused() {
    let server = TestServer::start().await;
    let name = "x".repeat(10_000);
    let answer = create(&mut server.browser(), &[("first_name", &name)]).await;
    assert_eq!(answer.refusal(), (422, "form_param_max_length_exceeded".into()));
}

#[tokio::test]
async fn a_closed_instance_takes_nobody() {
    let server = TestServer::start().await;
    for (mode, code) in
        [(SignUpMode::Restricted, "sign_up_mode_restricted"), (SignUpMode::Waitlist, "sign_up_restricted_waitlist")]
    {
        server.settings(&server.development(), |settings| settings.sign_up.mode = mode).await;
        let answer = create(&mut server.browser(), &[("email_address", JANE)]).await;
        assert_eq!(answer.refusal(), (403, code.into()));
    }
}

#[tokio::test]
async fn five_wrong_codes_use_a_code_up() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let id = prepared(&mut browser, JANE).await;
    let code = server.code(&browser.tenant, JANE).await;
    for _ in 0..5 {
        let answer = attempt(&mut browser, &id, wrong(&code)).await;
        assert_eq!(answer.refusal(), (422, "form_code_incorrect".into()));
        assert_eq!(answer.text("/errors/0/meta/param_name"), "code");
    }
    assert_eq!(attempt(&mut browser, &id, &code).await.refusal(), (400, "verification_failed".into()));
}

#[tokio::test]
async fn a_code_is_not_taken_before_it_was_asked_for_nor_twice_nor_late() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let id = create(&mut browser, &[("email_address", JANE)]).await.ok().text("/response/id");
    assert_eq!(attempt(&mut browser, &id, "123456").await.refusal(), (400, "verification_missing".into()));

    prepare(&mut browser, &id).await.ok();
    let code = server.code(&browser.tenant, JANE).await;
    attempt(&mut browser, &id, &code).await.ok();
    assert_eq!(attempt(&mut browser, &id, &code).await.refusal(), (400, "verification_already_verified".into()));

    let mut late = server.browser();
    let id = prepared(&mut late, "late@example.com").await;
    let code = server.code(&late.tenant, "late@example.com").await;
    server.clock.advance(Millis::from_mins(10) + Millis::from_secs(1));
    assert_eq!(attempt(&mut late, &id, &code).await.refusal(), (400, "verification_expired".into()));
}

#[tokio::test]
async fn a_code_in_other_digits_is_wrong() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let id = prepared(&mut browser, JANE).await;
    let code = server.code(&browser.tenant, JANE).await;
    let wide: String = code.chars().map(|digit| char::from_u32(digit as u32 - 0x30 + 0xff10).unwrap()).collect();
    assert_eq!(attempt(&mut browser, &id, &wide).await.refusal(), (422, "form_code_incorrect".into()));
}

#[tokio::test]
async fn an_address_gets_one_code_in_thirty_seconds() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let id = prepared(&mut browser, JANE).await;
    let again = prepare(&mut browser, &id).await.ok();
    assert_eq!(again.text("/response/verifications/email_address/status"), "unverified");
    assert_eq!(server.mails(&browser.tenant, JANE).await.len(), 1);

    let mut other = server.browser();
    let other_id = create(&mut other, &[("email_address", JANE)]).await.ok().text("/response/id");
    let answer = prepare(&mut other, &other_id).await;
    assert_eq!(answer.refusal(), (429, "verification_code_too_many_requests".into()));
    assert!((1..=30).contains(&answer.header("retry-after").parse::<i64>().unwrap()));
}

#[tokio::test]
async fn a_new_code_kills_the_old_one() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let id = prepared(&mut browser, JANE).await;
    let old = server.code(&browser.tenant, JANE).await;
    server.clock.advance(Millis::from_secs(31));
    prepare(&mut browser, &id).await.ok();
    let new = server.code(&browser.tenant, JANE).await;
    assert_ne!(old, new);
    assert_eq!(attempt(&mut browser, &id, &old).await.refusal(), (422, "form_code_incorrect".into()));
    attempt(&mut browser, &id, &new).await.ok();
}

#[tokio::test]
async fn production_knows_no_test_code() {
    let server = TestServer::start().await;
    let live = server.production().await.production.tenant;
    let mut browser = server.browser_of(&live);
    let email = "jane+clerk_test@x.test";
    let id = prepared(&mut browser, email).await;
    assert_eq!(attempt(&mut browser, &id, "424242").await.refusal(), (422, "form_code_incorrect".into()));
    assert_eq!(server.mails(&live, email).await.len(), 1);
}

#[tokio::test]
async fn an_unknown_strategy_is_refused() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let id = prepared(&mut browser, JANE).await;
    let path = format!("/v1/client/sign_ups/{id}/prepare_verification");
    let answer = browser.post(&path, &[("strategy", "telepathy")]).await;
    assert_eq!(answer.refusal(), (422, "form_param_value_invalid".into()));
    assert_eq!(browser.post(&path, &[]).await.refusal(), (422, "form_param_missing".into()));
}

#[tokio::test]
async fn a_sign_in_token_does_not_sign_up() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let user_id = browser.sign_up(JANE).await.text("/response/created_user_id");
    let new = verger_service::NewSignInToken { user_id, expires_in_seconds: None };
    let (_, ticket, _) = server.service.create_sign_in_token(&server.ctx(&browser.tenant), new).await.unwrap();
    for (ticket, code) in [(ticket.as_str(), "sign_in_token_not_in_sign_in_code"), ("rubbish", "ticket_invalid_code")] {
        let answer = create(&mut server.browser(), &[("strategy", "ticket"), ("ticket", ticket)]).await;
        assert_eq!(answer.refusal(), (400, code.into()));
    }
}
