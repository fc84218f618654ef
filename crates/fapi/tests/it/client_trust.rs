//! A right password on a new device.

use serde_json::{Value, json};
use verger_model::Millis;
use verger_testkit::{Answer, Browser, PASSWORD, TestServer, totp_code};

const JANE: &str = "jane@example.com";

/// An instance that asks new devices for a code, where Jane signed up in one browser; and a browser that is new to her.
async fn with_jane() -> (TestServer, Browser, Browser) {
    let server = TestServer::start().await;
    server.settings(&server.development(), |settings| settings.attack_protection.client_trust = true).await;
    let mut known = server.browser();
    known.sign_up(JANE).await;
    server.clock.advance(Millis::from_mins(5));
    let new = server.browser();
    (server, known, new)
}

async fn prepare(browser: &mut Browser, id: &str) -> Answer {
    browser.sign_in_step(id, "prepare_second_factor", &[("strategy", "email_code")]).await
}

async fn answer(browser: &mut Browser, id: &str, code: &str) -> Answer {
    browser.sign_in_step(id, "attempt_second_factor", &[("strategy", "email_code"), ("code", code)]).await
}

#[tokio::test]
async fn a_new_device_is_asked_for_a_code_and_known_afterwards() {
    let (server, _, mut browser) = with_jane().await;
    let asked = browser.sign_in(JANE, PASSWORD).await.ok();
    assert_eq!(asked.text("/response/status"), "needs_client_trust");
    assert_eq!(asked.text("/response/client_trust_state"), "new");
    assert_eq!((asked.at("/response/created_session_id"), asked.at("/client/sessions")), (Value::Null, json!([])));
    let factors = asked.at("/response/supported_second_factors");
    assert_eq!(factors.as_array().map(Vec::len), Some(1));
    assert_eq!((&factors[0]["strategy"], &factors[0]["safe_identifier"]), (&json!("email_code"), &json!(JANE)));

    let id = asked.text("/response/id");
    let sent = prepare(&mut browser, &id).await.ok();
    assert_eq!(sent.text("/response/second_factor_verification/strategy"), "email_code");
    let code = server.code(&browser.tenant, JANE).await;
    let done = answer(&mut browser, &id, &code).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    // A code to the mailbox is no second factor.
    assert_eq!(done.at("/client/sessions/0/factor_verification_age"), json!([0, -1]));

    browser.sign_out().await.ok();
    let again = browser.sign_in(JANE, PASSWORD).await.ok();
    assert_eq!(
        (again.text("/response/status"), again.at("/response/client_trust_state")),
        ("complete".into(), Value::Null)
    );
}

#[tokio::test]
async fn the_device_of_the_sign_up_is_known() {
    let (_server, mut known, _) = with_jane().await;
    known.sign_out().await.ok();
    assert_eq!(known.sign_in(JANE, PASSWORD).await.ok().text("/response/status"), "complete");
}

#[tokio::test]
async fn a_device_is_known_to_the_account_that_was_used_there_alone() {
    let (server, mut known, _) = with_jane().await;
    server.browser().sign_up("joe@example.com").await;
    known.sign_out().await.ok();
    let joe = known.sign_in("joe@example.com", PASSWORD).await.ok();
    assert_eq!(joe.text("/response/status"), "needs_client_trust");
}

#[tokio::test]
async fn acting_as_somebody_makes_no_device_known() {
    let (server, mut known, _) = with_jane().await;
    let user = known.get("/v1/me").await.ok().text("/response/id");
    let body = json!({ "user_id": user, "actor": { "sub": "user_joe" } });
    let ticket = server.backend().await.post("/v1/actor_tokens", body).await.ok().text("/token");
    let mut browser = server.browser();
    browser.post("/v1/client/sign_ins", &[("strategy", "ticket"), ("ticket", &ticket)]).await.ok();
    browser.sign_out().await.ok();
    assert_eq!(browser.sign_in(JANE, PASSWORD).await.ok().text("/response/status"), "needs_client_trust");
}

#[tokio::test]
async fn it_is_not_asked_where_nothing_calls_for_it() {
    let (server, mut known, mut browser) = with_jane().await;
    let backend = server.backend().await;
    let user = known.get("/v1/me").await.ok().text("/response/id");
    // A code by mail shows already whose mailbox it is.
    let id = browser.identify(JANE).await;
    browser.sign_in_step(&id, "prepare_first_factor", &[("strategy", "email_code")]).await.ok();
    let code = server.code(&browser.tenant, JANE).await;
    let fields = [("strategy", "email_code"), ("code", code.as_str())];
    let done = browser.sign_in_step(&id, "attempt_first_factor", &fields).await.ok();
    assert_eq!(done.text("/response/status"), "complete");

    backend.patch(&format!("/v1/users/{user}"), json!({ "bypass_client_trust": true })).await.ok();
    assert_eq!(server.browser().sign_in(JANE, PASSWORD).await.ok().text("/response/status"), "complete");
    backend.patch(&format!("/v1/users/{user}"), json!({ "bypass_client_trust": false })).await.ok();
    server.settings(&server.development(), |settings| settings.attack_protection.client_trust = false).await;
    assert_eq!(server.browser().sign_in(JANE, PASSWORD).await.ok().text("/response/status"), "complete");
}

#[tokio::test]
async fn a_second_factor_goes_before_it() {
    let (server, mut known, mut browser) = with_jane().await;
    server.settings(&server.development(), |settings| settings.multi_factor.authenticator_app = true).await;
    known.sign_out().await.ok();
    known.sign_in(JANE, PASSWORD).await.ok();
    let secret = known.post("/v1/me/totp", &[]).await.ok().text("/response/secret");
    let code = totp_code(&secret, server.service.now());
    known.post("/v1/me/totp/attempt_verification", &[("code", &code)]).await.ok();
    let asked = browser.sign_in(JANE, PASSWORD).await.ok();
    assert_eq!(asked.text("/response/status"), "needs_second_factor");
    let refused = prepare(&mut browser, &asked.text("/response/id")).await;
    assert_eq!(refused.refusal(), (422, "form_param_value_invalid".into()));
}

#[tokio::test]
async fn wrong_answers_are_refused_and_counted() {
    let (server, _, mut browser) = with_jane().await;
    let id = browser.sign_in(JANE, PASSWORD).await.ok().text("/response/id");
    assert_eq!(answer(&mut browser, &id, "000000").await.refusal(), (400, "verification_missing".into()));
    for (strategy, code) in [("totp", "form_param_value_invalid"), ("email_link", "form_param_value_invalid")] {
        let refused = browser.sign_in_step(&id, "prepare_second_factor", &[("strategy", strategy)]).await;
        assert_eq!(refused.refusal(), (422, code.into()), "{strategy}");
    }
    let phone = browser.sign_in_step(&id, "prepare_second_factor", &[("strategy", "phone_code")]).await;
    assert_eq!(phone.refusal(), (400, "strategy_for_user_invalid".into()));
    let foreign = [("strategy", "email_code"), ("email_address_id", "idn_2xZ0aBcDeFgHiJkLmNoPqRsTuVw")];
    let refused = browser.sign_in_step(&id, "prepare_second_factor", &foreign).await;
    assert_eq!(refused.refusal(), (422, "form_param_value_invalid".into()));

    prepare(&mut browser, &id).await.ok();
    assert_eq!(answer(&mut browser, &id, "000000").await.refusal(), (422, "form_code_incorrect".into()));
    let by_phone = [("strategy", "phone_code"), ("code", "000000")];
    let other = browser.sign_in_step(&id, "attempt_second_factor", &by_phone).await;
    assert_eq!(other.refusal(), (400, "verification_strategy_invalid".into()));
    let code = server.code(&browser.tenant, JANE).await;
    answer(&mut browser, &id, &code).await.ok();
    assert_eq!(answer(&mut browser, &id, &code).await.refusal(), (400, "verification_already_verified".into()));
}
