//! Signing in.

use serde_json::{Value, json};
use verger_service::NewSignInToken;
use verger_testkit::{Browser, PASSWORD, TestServer};

const JANE: &str = "jane@example.com";

/// A server that Jane signed up on, and a browser that nobody knows.
async fn with_jane() -> (TestServer, Browser) {
    let server = TestServer::start().await;
    server.browser().sign_up(JANE).await;
    server.clock.advance(verger_model::Millis::from_mins(5));
    let browser = server.browser();
    (server, browser)
}

fn factor<'a>(answer: &'a Value, strategy: &str) -> &'a Value {
    let factors = answer["supported_first_factors"].as_array().expect("factors");
    factors.iter().find(|factor| factor["strategy"] == strategy).expect("the factor is offered")
}

#[tokio::test]
async fn a_user_signs_in_with_a_password_in_two_steps() {
    let (_server, mut browser) = with_jane().await;
    let named = browser.post("/v1/client/sign_ins", &[("identifier", "JANE@example.com"), ("locale", "en")]).await.ok();
    assert_eq!(named.text("/response/status"), "needs_first_factor");
    assert_eq!(named.text("/response/identifier"), JANE);
    let attempt = named.at("/response");
    factor(&attempt, "password");
    // The component picks the factor of the typed address by comparing these two texts.
    assert_eq!(factor(&attempt, "email_code")["safe_identifier"], JANE);
    assert_eq!(factor(&attempt, "reset_password_email_code")["primary"], true);

    let id = named.text("/response/id");
    let fields = [("strategy", "password"), ("password", PASSWORD)];
    let done = browser.sign_in_step(&id, "attempt_first_factor", &fields).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert_eq!(done.at("/response/created_session_id"), done.at("/client/last_active_session_id"));
    assert_eq!(done.text("/client/sessions/0/public_user_data/identifier"), JANE);
    assert_eq!(done.at("/client/sign_in"), Value::Null);
    assert_eq!(done.text("/client/last_authentication_strategy"), "password");
}

#[tokio::test]
async fn identifier_and_password_can_come_together() {
    let (_server, mut browser) = with_jane().await;
    let done = browser.sign_in(JANE, PASSWORD).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
}

#[tokio::test]
async fn a_user_signs_in_with_an_emailed_code() {
    let (server, mut browser) = with_jane().await;
    let named = browser.post("/v1/client/sign_ins", &[("identifier", JANE)]).await.ok();
    let (id, attempt) = (named.text("/response/id"), named.at("/response"));
    let address = factor(&attempt, "email_code")["email_address_id"].as_str().unwrap();
    let prepare = [("strategy", "email_code"), ("email_address_id", address)];
    let prepared = browser.sign_in_step(&id, "prepare_first_factor", &prepare).await.ok();
    assert_eq!(prepared.text("/response/first_factor_verification/strategy"), "email_code");
    assert_eq!(prepared.at("/response/first_factor_verification/attempts"), 0);
    let code = server.code(&browser.tenant, JANE).await;
    let answer = [("strategy", "email_code"), ("code", code.as_str())];
    let done = browser.sign_in_step(&id, "attempt_first_factor", &answer).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
}

#[tokio::test]
async fn naming_and_asking_for_a_code_can_be_one_step() {
    let (server, mut browser) = with_jane().await;
    let fields = [("identifier", JANE), ("strategy", "email_code")];
    let id = browser.post("/v1/client/sign_ins", &fields).await.ok().text("/response/id");
    let code = server.code(&browser.tenant, JANE).await;
    let answer = [("strategy", "email_code"), ("code", code.as_str())];
    browser.sign_in_step(&id, "attempt_first_factor", &answer).await.ok();
}

#[tokio::test]
async fn a_forgotten_password_is_reset_with_a_code() {
    let (server, mut browser) = with_jane().await;
    let id = browser.identify(JANE).await;
    let strategy = ("strategy", "reset_password_email_code");
    browser.sign_in_step(&id, "prepare_first_factor", &[strategy]).await.ok();
    let code = server.code(&browser.tenant, JANE).await;
    let proved = browser.sign_in_step(&id, "attempt_first_factor", &[strategy, ("code", &code)]).await.ok();
    assert_eq!(proved.text("/response/status"), "needs_new_password");
    assert_eq!(proved.at("/client/sessions"), json!([]));

    let new = "a whole new secret 7";
    let fields = [("password", new), ("sign_out_of_other_sessions", "true")];
    let done = browser.sign_in_step(&id, "reset_password", &fields).await.ok();
    assert_eq!(done.text("/response/status"), "complete");

    let mut other = server.browser();
    assert_eq!(other.sign_in(JANE, PASSWORD).await.code(), "form_password_incorrect");
    other.sign_in(JANE, new).await.ok();
}

#[tokio::test]
async fn a_reset_can_sign_out_everywhere_else() {
    let server = TestServer::start().await;
    let mut first = server.browser();
    first.sign_up(JANE).await;
    server.clock.advance(verger_model::Millis::from_mins(5));
    let mut browser = server.browser();
    let id = browser.identify(JANE).await;
    let strategy = ("strategy", "reset_password_email_code");
    browser.sign_in_step(&id, "prepare_first_factor", &[strategy]).await.ok();
    let code = server.code(&browser.tenant, JANE).await;
    browser.sign_in_step(&id, "attempt_first_factor", &[strategy, ("code", &code)]).await.ok();
    let fields = [("password", "a whole new secret 7"), ("sign_out_of_other_sessions", "true")];
    browser.sign_in_step(&id, "reset_password", &fields).await.ok();
    assert_eq!(first.get("/v1/client").await.ok().at("/response/sessions"), json!([]));
}

#[tokio::test]
async fn a_ticket_signs_in_once() {
    let (server, mut browser) = with_jane().await;
    let user = server.backend().await.get("/v1/users").await.ok().text("/0/id");
    let ctx = server.ctx(&browser.tenant);
    let new = NewSignInToken { user_id: user.clone(), expires_in_seconds: None };
    let (_, ticket, _) = server.service.create_sign_in_token(&ctx, new).await.unwrap();
    let fields = [("strategy", "ticket"), ("ticket", ticket.as_str())];
    let done = browser.post("/v1/client/sign_ins", &fields).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert_eq!(done.text("/client/sessions/0/user/id"), user);
    let again = server.browser().post("/v1/client/sign_ins", &fields).await;
    assert_eq!(again.refusal(), (400, "sign_in_token_already_used_code".into()));
}

#[tokio::test]
async fn an_empty_attempt_waits_for_a_name() {
    let (_server, mut browser) = with_jane().await;
    let empty = browser.post("/v1/client/sign_ins", &[]).await.ok();
    assert_eq!(empty.text("/response/status"), "needs_identifier");
    let path = format!("/v1/client/sign_ins/{}", empty.text("/response/id"));
    assert_eq!(browser.get(&path).await.ok().at("/response"), empty.at("/response"));
}

#[tokio::test]
async fn several_sessions_live_side_by_side_where_the_instance_allows_it() {
    let (server, mut browser) = with_jane().await;
    server.settings(&server.development(), |settings| settings.sessions.single_session = false).await;
    server.browser().sign_up("joe@example.com").await;
    browser.sign_in(JANE, PASSWORD).await.ok();
    server.clock.advance(verger_model::Millis::from_secs(1));
    let both = browser.sign_in("joe@example.com", PASSWORD).await.ok();
    assert_eq!(both.at("/client/sessions").as_array().map(Vec::len), Some(2));
    let again = browser.sign_in(JANE, PASSWORD).await;
    assert_eq!(again.refusal(), (400, "identifier_already_signed_in".into()));
    assert_eq!(again.at("/errors/0/meta/session_id"), both.at("/client/sessions/0/id"));
}
