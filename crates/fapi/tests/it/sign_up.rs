//! Making an account.

use serde_json::{Value, json};
use verger_model::Millis;
use verger_testkit::{PASSWORD, TestServer};

const JANE: &str = "jane@example.com";

#[tokio::test]
async fn a_visitor_signs_up_with_an_emailed_code() {
    let server = TestServer::start().await;
    let mut browser = server.browser().open().await;

    let fields = [("email_address", JANE), ("password", PASSWORD), ("first_name", "Jane"), ("locale", "en-US")];
    let created = browser.post("/v1/client/sign_ups", &fields).await.ok();
    assert_eq!(created.text("/response/status"), "missing_requirements");
    assert_eq!(created.at("/response/unverified_fields"), json!(["email_address"]));
    // With a strategy here the component believes that a code was sent and never asks for one.
    assert_eq!(created.at("/response/verifications/email_address/strategy"), Value::Null);
    assert_eq!(created.text("/response/verifications/email_address/status"), "unverified");
    assert_eq!(created.at("/client/sign_up/id"), created.at("/response/id"));
    assert!(browser.jar.get("__client").is_some());
    assert_eq!(browser.jar.get("__client_uat"), Some("0"));

    let path = format!("/v1/client/sign_ups/{}", created.text("/response/id"));
    let prepare = [("strategy", "email_code")];
    let prepared = browser.post(&format!("{path}/prepare_verification"), &prepare).await.ok();
    assert_eq!(prepared.text("/response/verifications/email_address/strategy"), "email_code");

    let code = server.code(&browser.tenant, JANE).await;
    assert_eq!(code.len(), 6);
    let attempt = [("strategy", "email_code"), ("code", code.as_str())];
    let done = browser.post(&format!("{path}/attempt_verification"), &attempt).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert!(done.text("/response/created_user_id").starts_with("user_"));
    assert_eq!(done.at("/response/created_session_id"), done.at("/client/sessions/0/id"));
    assert_eq!(done.at("/client/sign_up"), Value::Null);
    assert_eq!(done.text("/client/sessions/0/user/first_name"), "Jane");

    let uat = done.at("/client/updated_at").as_i64().unwrap() / 1000;
    assert_eq!(browser.jar.get("__client_uat"), Some(uat.to_string().as_str()));
    let suffixed = format!("__client_uat_{}", browser.tenant.cookie_suffix);
    assert_eq!(browser.jar.get(&suffixed), browser.jar.get("__client_uat"));
}

#[tokio::test]
async fn fields_can_follow_one_by_one() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let created = browser.post("/v1/client/sign_ups", &[("email_address", JANE)]).await.ok();
    assert_eq!(created.at("/response/missing_fields"), json!(["password"]));
    let path = format!("/v1/client/sign_ups/{}", created.text("/response/id"));
    let updated = browser.patch(&path, &[("password", PASSWORD)]).await.ok();
    assert_eq!(updated.at("/response/missing_fields"), json!([]));
    assert_eq!(browser.get(&path).await.ok().at("/response"), updated.at("/response"));
}

#[tokio::test]
async fn a_password_may_be_named_as_the_strategy() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let fields = [("strategy", "password"), ("email_address", JANE), ("password", PASSWORD)];
    let created = browser.post("/v1/client/sign_ups", &fields).await.ok();
    assert_eq!(created.at("/response/missing_fields"), json!([]));
    assert_eq!(created.at("/response/unverified_fields"), json!(["email_address"]));
    assert_eq!(created.at("/response/verifications/email_address/strategy"), Value::Null);
}

#[tokio::test]
async fn a_new_attempt_takes_the_place_of_the_old_one() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let first = browser.post("/v1/client/sign_ups", &[("email_address", JANE)]).await.ok().text("/response/id");
    let second = browser.post("/v1/client/sign_ups", &[("email_address", JANE)]).await.ok();
    assert_ne!(second.text("/response/id"), first);
    assert_eq!(second.at("/client/sign_up/id"), second.at("/response/id"));
    let late = browser.patch(&format!("/v1/client/sign_ups/{first}"), &[("first_name", "Jane")]).await;
    assert_eq!(late.refusal(), (403, "resource_forbidden".into()));
}

#[tokio::test]
async fn a_test_address_takes_the_known_code_and_gets_no_mail() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let email = "jane+clerk_test@example.com";
    let fields = [("email_address", email), ("password", PASSWORD)];
    let id = browser.post("/v1/client/sign_ups", &fields).await.ok().text("/response/id");
    for _ in 0..3 {
        let path = format!("/v1/client/sign_ups/{id}/prepare_verification");
        browser.post(&path, &[("strategy", "email_code")]).await.ok();
    }
    let path = format!("/v1/client/sign_ups/{id}/attempt_verification");
    let done = browser.post(&path, &[("strategy", "email_code"), ("code", "424242")]).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert!(server.mails(&browser.tenant, email).await.is_empty());
}

#[tokio::test]
async fn metadata_arrives_as_json_text() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let fields = [("email_address", JANE), ("unsafe_metadata", r#"{"plan":{"seats":3}}"#)];
    let created = browser.post("/v1/client/sign_ups", &fields).await.ok();
    assert_eq!(created.at("/response/unsafe_metadata"), json!({"plan": {"seats": 3}}));
}

#[tokio::test]
async fn an_abandoned_attempt_is_gone_after_a_day() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let id = browser.post("/v1/client/sign_ups", &[("email_address", JANE)]).await.ok().text("/response/id");
    server.clock.advance(Millis::from_days(1));
    assert_eq!(browser.get(&format!("/v1/client/sign_ups/{id}")).await.refusal(), (404, "resource_not_found".into()));
    assert_eq!(browser.get("/v1/client").await.ok().at("/response/sign_up"), Value::Null);
}
