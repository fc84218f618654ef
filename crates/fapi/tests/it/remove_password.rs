//! Giving up one's own password.

use verger_model::Millis;
use verger_testkit::{Answer, Browser, PASSWORD, TestServer};

const JANE: &str = "jane@example.com";

/// A server where passwords are optional and proved only once, and Jane signed in.
async fn start() -> (TestServer, Browser) {
    let server = TestServer::start().await;
    let tenant = server.development();
    server
        .settings(&tenant, |settings| {
            settings.attributes.password.required = false;
            settings.sessions.reverification = false;
        })
        .await;
    let mut browser = server.browser();
    browser.session = Some(browser.sign_up(JANE).await.text("/client/sessions/0/id"));
    (server, browser)
}

async fn remove(browser: &mut Browser, password: &str) -> Answer {
    browser.post("/v1/me/remove_password", &[("current_password", password)]).await
}

#[tokio::test]
async fn a_removed_password_no_longer_signs_in() {
    let (server, mut browser) = start().await;
    let other = server.browser().sign_in(JANE, PASSWORD).await.ok().text("/client/sessions/0/id");
    let fields = [("current_password", PASSWORD), ("sign_out_of_other_sessions", "true")];
    let done = browser.post("/v1/me/remove_password", &fields).await.ok();
    assert_eq!(done.at("/response/password_enabled"), false);
    assert_eq!(done.at("/client/sessions/0/user/password_enabled"), false);
    let left = browser.get("/v1/me/sessions/active").await.ok();
    assert!(!String::from_utf8_lossy(&left.body).contains(&other), "the other session ended");
    let mails = server.mails(&browser.tenant, JANE).await;
    assert!(mails.iter().any(|mail| mail.slug == "password_removed"));

    let refused = server.browser().sign_in(JANE, PASSWORD).await;
    assert_eq!(refused.refusal(), (400, "strategy_for_user_invalid".into()));
    assert_eq!(remove(&mut browser, PASSWORD).await.refusal(), (400, "no_password_set".into()));
    browser.post("/v1/me/change_password", &[("new_password", "another long password 2")]).await.ok();
    server.browser().sign_in(JANE, "another long password 2").await.ok();
}

#[tokio::test]
async fn only_who_knows_a_password_removes_it() {
    let (server, mut browser) = start().await;
    assert_eq!(remove(&mut browser, "wrong password").await.refusal(), (422, "form_password_incorrect".into()));
    let missing = browser.post("/v1/me/remove_password", &[]).await;
    assert_eq!(missing.refusal(), (422, "form_param_missing".into()));
    assert_eq!(remove(&mut server.browser(), PASSWORD).await.status, 401);
    server.browser().sign_in(JANE, PASSWORD).await.ok();
}

#[tokio::test]
async fn a_password_that_is_needed_stays() {
    let (server, mut browser) = start().await;
    server.settings(&server.development(), |settings| settings.sign_in.email_code = false).await;
    assert_eq!(remove(&mut browser, PASSWORD).await.refusal(), (400, "password_required".into()));
    server
        .settings(&server.development(), |settings| {
            settings.sign_in.email_code = true;
            settings.attributes.password.required = true;
        })
        .await;
    assert_eq!(remove(&mut browser, PASSWORD).await.refusal(), (400, "password_required".into()));
}

#[tokio::test]
async fn a_number_that_signs_in_is_another_way_in() {
    let (server, mut browser) = start().await;
    server
        .settings(&server.development(), |settings| {
            settings.sign_in.email_code = false;
            settings.attributes.phone_number.enabled = true;
        })
        .await;
    let added = browser.post("/v1/me/phone_numbers", &[("phone_number", "+442079460123")]).await.ok();
    assert_eq!(remove(&mut browser, PASSWORD).await.refusal(), (400, "password_required".into()));
    let path = format!("/v1/me/phone_numbers/{}", added.text("/response/id"));
    browser.post(&format!("{path}/prepare_verification"), &[("strategy", "phone_code")]).await.ok();
    let code = server.sms_code(&browser.tenant, "+442079460123").await;
    browser.post(&format!("{path}/attempt_verification"), &[("code", &code)]).await.ok();
    remove(&mut browser, PASSWORD).await.ok();
}

#[tokio::test]
async fn where_factors_are_proved_again_that_stands_for_the_password() {
    let (server, mut browser) = start().await;
    server.settings(&server.development(), |settings| settings.sessions.reverification = true).await;
    server.clock.advance(Millis::from_mins(11));
    let old = browser.post("/v1/me/remove_password", &[]).await;
    assert_eq!(old.refusal(), (403, "session_reverification_required".into()));
    let mut fresh = server.browser();
    fresh.session = Some(fresh.sign_in(JANE, PASSWORD).await.ok().text("/client/sessions/0/id"));
    fresh.post("/v1/me/remove_password", &[]).await.ok();
}
