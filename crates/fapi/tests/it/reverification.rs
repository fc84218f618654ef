//! Proving again who one is, and what may only be done by those who did so lately.

use serde_json::{Value, json};
use verger_model::Millis;
use verger_testkit::{Answer, Browser, PASSWORD, TestServer, totp_code};

const JANE: &str = "jane@example.com";
const NEW_PASSWORD: &str = "another long password 2";

/// Jane signed in, eleven minutes ago.
async fn grown_old() -> (TestServer, Browser, String) {
    let server = TestServer::start().await;
    let tenant = server.development();
    server
        .settings(&tenant, |settings| {
            settings.multi_factor.authenticator_app = true;
            settings.multi_factor.backup_codes = true;
            settings.attributes.username.enabled = true;
        })
        .await;
    let mut browser = server.browser();
    let session = browser.sign_up(JANE).await.text("/client/sessions/0/id");
    browser.session = Some(session.clone());
    server.clock.advance(Millis::from_mins(11));
    (server, browser, session)
}

async fn verify(browser: &mut Browser, session: &str, step: &str, fields: &[(&str, &str)]) -> Answer {
    browser.post(&format!("/v1/client/sessions/{session}/verify{step}"), fields).await
}

async fn enroll(server: &TestServer, browser: &mut Browser) -> String {
    let secret = browser.post("/v1/me/totp", &[]).await.ok().text("/response/secret");
    let code = totp_code(&secret, server.service.now());
    browser.post("/v1/me/totp/attempt_verification", &[("code", &code)]).await.ok();
    secret
}

#[tokio::test]
async fn what_is_dear_asks_for_a_fresh_factor() {
    let (server, mut browser, session) = grown_old().await;
    let change = [("current_password", PASSWORD), ("new_password", NEW_PASSWORD)];
    let other = server.browser().sign_in(JANE, PASSWORD).await.ok().text("/client/sessions/0/id");
    let refused = [
        browser.post("/v1/me/change_password", &change).await,
        browser.post("/v1/me/totp", &[]).await,
        browser.delete("/v1/me/totp").await,
        browser.post("/v1/me/backup_codes", &[]).await,
        browser.patch("/v1/me", &[("username", "jane_doe")]).await,
        browser.patch("/v1/me", &[("primary_email_address_id", "idn_1")]).await,
        browser.post(&format!("/v1/me/sessions/{other}/revoke"), &[]).await,
        browser.delete("/v1/me").await,
    ];
    for (at, answer) in refused.iter().enumerate() {
        assert_eq!(answer.refusal(), (403, "session_reverification_required".into()), "{at}");
    }
    browser.patch("/v1/me", &[("first_name", "Jane")]).await.ok();
    let tokens = browser.post(&format!("/v1/client/sessions/{session}/tokens"), &[]).await.ok();
    assert_eq!(super::sessions::claims(&tokens.text("/jwt"))["fva"], json!([11, -1]));
}

#[tokio::test]
async fn a_password_makes_the_session_fresh() {
    let (_server, mut browser, session) = grown_old().await;
    let started = verify(&mut browser, &session, "", &[("level", "first_factor")]).await.ok();
    assert_eq!(started.text("/response/status"), "needs_first_factor");
    assert_eq!(started.at("/response/supported_second_factors"), Value::Null);
    let factors = started.at("/response/supported_first_factors");
    let strategies: Vec<_> = factors.as_array().unwrap().iter().map(|it| it["strategy"].clone()).collect();
    assert_eq!(strategies, ["password", "email_code"]);
    assert_eq!(started.at("/client/sessions/0/factor_verification_age"), json!([11, -1]), "starting proves nothing");

    let fields = [("strategy", "password"), ("password", PASSWORD)];
    let done = verify(&mut browser, &session, "/attempt_first_factor", &fields).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert_eq!(done.at("/response/session/factor_verification_age"), json!([0, -1]));
    assert_eq!(done.at("/client/sessions/0/factor_verification_age"), json!([0, -1]));
    // The form of a fresh session does not ask for the password once more.
    browser.post("/v1/me/change_password", &[("new_password", NEW_PASSWORD)]).await.ok();
}

#[tokio::test]
async fn an_emailed_code_makes_the_session_fresh() {
    let (server, mut browser, session) = grown_old().await;
    let started = verify(&mut browser, &session, "", &[("level", "first_factor")]).await.ok();
    let factors = started.at("/response/supported_first_factors");
    let address = factors[1]["email_address_id"].as_str().expect("an address").to_owned();
    let fields = [("strategy", "email_code"), ("email_address_id", address.as_str())];
    let sent = verify(&mut browser, &session, "/prepare_first_factor", &fields).await.ok();
    assert_eq!(sent.text("/response/first_factor_verification/status"), "unverified");
    let code = server.code(&browser.tenant, JANE).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let fields = [("strategy", "email_code"), ("code", wrong)];
    let refused = verify(&mut browser, &session, "/attempt_first_factor", &fields).await;
    assert_eq!(refused.refusal(), (422, "form_code_incorrect".into()));
    let fields = [("strategy", "email_code"), ("code", code.as_str())];
    let done = verify(&mut browser, &session, "/attempt_first_factor", &fields).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    browser.delete("/v1/me").await.ok();
}

#[tokio::test]
async fn who_has_a_second_factor_proves_it() {
    let (server, mut browser, session) = grown_old().await;
    verify(&mut browser, &session, "", &[("level", "first_factor")]).await.ok();
    let password = [("strategy", "password"), ("password", PASSWORD)];
    verify(&mut browser, &session, "/attempt_first_factor", &password).await.ok();
    let secret = enroll(&server, &mut browser).await;
    server.clock.advance(Millis::from_mins(11));

    verify(&mut browser, &session, "", &[("level", "first_factor")]).await.ok();
    verify(&mut browser, &session, "/attempt_first_factor", &password).await.ok();
    let refused = browser.delete("/v1/me/totp").await;
    assert_eq!(
        refused.refusal(),
        (403, "session_reverification_required".into()),
        "the first factor is not the strongest"
    );

    let started = verify(&mut browser, &session, "", &[("level", "multi_factor")]).await.ok();
    assert_eq!(started.text("/response/level"), "multi_factor");
    let code = totp_code(&secret, server.service.now());
    let totp = [("strategy", "totp"), ("code", code.as_str())];
    let early = verify(&mut browser, &session, "/attempt_second_factor", &totp).await;
    assert_eq!(early.refusal(), (400, "invalid_action_for_session_reverification".into()));
    let half = verify(&mut browser, &session, "/attempt_first_factor", &password).await.ok();
    assert_eq!(half.text("/response/status"), "needs_second_factor");
    let done = verify(&mut browser, &session, "/attempt_second_factor", &totp).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert_eq!(done.text("/response/second_factor_verification/strategy"), "totp");
    assert_eq!(done.at("/client/sessions/0/factor_verification_age"), json!([0, 0]));
    browser.delete("/v1/me/totp").await.ok();
}

#[tokio::test]
async fn the_second_factor_can_be_asked_alone() {
    let (server, mut browser, session) = grown_old().await;
    let downgraded = verify(&mut browser, &session, "", &[("level", "second_factor")]).await.ok();
    assert_eq!(downgraded.text("/response/level"), "first_factor", "nobody is asked for what they do not have");
    verify(&mut browser, &session, "/attempt_first_factor", &[("strategy", "password"), ("password", PASSWORD)])
        .await
        .ok();
    let secret = enroll(&server, &mut browser).await;
    server.clock.advance(Millis::from_mins(11));
    let started = verify(&mut browser, &session, "", &[("level", "second_factor")]).await.ok();
    assert_eq!(started.text("/response/status"), "needs_second_factor");
    assert_eq!(started.at("/response/supported_first_factors"), Value::Null);
    let code = totp_code(&secret, server.service.now());
    let wrong = [("strategy", "totp"), ("code", "abcdef")];
    let refused = verify(&mut browser, &session, "/attempt_second_factor", &wrong).await;
    assert_eq!(refused.refusal(), (422, "form_code_incorrect".into()));
    verify(&mut browser, &session, "/attempt_second_factor", &[("strategy", "totp"), ("code", code.as_str())])
        .await
        .ok();
    browser.post("/v1/me/backup_codes", &[]).await.ok();
}

#[tokio::test]
async fn steps_out_of_turn_are_refused() {
    let (_server, mut browser, session) = grown_old().await;
    let password = [("strategy", "password"), ("password", PASSWORD)];
    for (step, fields) in [
        ("/attempt_first_factor", &password[..]),
        ("/prepare_first_factor", &[("strategy", "email_code")][..]),
        ("/attempt_second_factor", &[("strategy", "totp"), ("code", "123456")][..]),
    ] {
        let refused = verify(&mut browser, &session, step, fields).await;
        assert_eq!(refused.refusal(), (400, "session_reverification_missing".into()), "{step}");
    }
    let refused = verify(&mut browser, &session, "", &[("level", "utmost")]).await;
    assert_eq!(refused.refusal(), (422, "form_param_value_invalid".into()));
    verify(&mut browser, &session, "", &[("level", "first_factor")]).await.ok();
    for (fields, refusal) in [
        (&[("strategy", "password"), ("password", "wrong password 1")][..], (422, "form_password_incorrect")),
        (&[("strategy", "password")][..], (422, "form_param_missing")),
        (&[("strategy", "email_code")][..], (422, "form_param_missing")),
        (&[("strategy", "email_code"), ("code", "123456")][..], (400, "verification_missing")),
        (&[("strategy", "ticket"), ("code", "123456")][..], (422, "form_param_value_invalid")),
    ] {
        let refused = verify(&mut browser, &session, "/attempt_first_factor", fields).await;
        assert_eq!(refused.refusal(), (refusal.0, refusal.1.into()), "{fields:?}");
    }
    verify(&mut browser, &session, "/attempt_first_factor", &password).await.ok();
    let again = verify(&mut browser, &session, "/attempt_first_factor", &password).await;
    assert_eq!(again.refusal(), (400, "invalid_action_for_session_reverification".into()));
}

#[tokio::test]
async fn wrong_answers_lock_as_they_do_when_signing_in() {
    let (_server, mut browser, session) = grown_old().await;
    verify(&mut browser, &session, "", &[("level", "first_factor")]).await.ok();
    let wrong = [("strategy", "password"), ("password", "wrong password 1")];
    for _ in 0..9 {
        assert_eq!(verify(&mut browser, &session, "/attempt_first_factor", &wrong).await.status, 422);
        // Starting over does not start the count anew.
        verify(&mut browser, &session, "", &[("level", "first_factor")]).await.ok();
    }
    let locked = verify(&mut browser, &session, "/attempt_first_factor", &wrong).await;
    assert_eq!(locked.refusal(), (403, "user_locked".into()));
    let right = [("strategy", "password"), ("password", PASSWORD)];
    let locked = verify(&mut browser, &session, "/attempt_first_factor", &right).await;
    assert_eq!(locked.refusal(), (403, "user_locked".into()));
}

#[tokio::test]
async fn a_proof_belongs_to_its_session() {
    let (server, mut browser, session) = grown_old().await;
    let mut other = server.browser();
    other.session = Some(other.sign_in(JANE, PASSWORD).await.ok().text("/client/sessions/0/id"));
    let stranger = verify(&mut other, &session, "", &[("level", "first_factor")]).await;
    assert_eq!(stranger.refusal(), (404, "resource_not_found".into()));
    other.delete("/v1/me/totp").await;
    let still_old = browser.post("/v1/me/totp", &[]).await;
    assert_eq!(still_old.refusal(), (403, "session_reverification_required".into()));
    let nobody = verify(&mut server.browser(), &session, "", &[("level", "first_factor")]).await;
    assert_eq!(nobody.status, 404);
}

#[tokio::test]
async fn instances_can_do_without() {
    let (server, mut browser, _) = grown_old().await;
    let tenant = server.development();
    server.settings(&tenant, |settings| settings.sessions.reverification = false).await;
    assert_eq!(browser.get("/v1/environment").await.ok().at("/auth_config/reverification"), false);
    browser.post("/v1/me/totp", &[]).await.ok();
    let refused = browser.post("/v1/me/change_password", &[("new_password", NEW_PASSWORD)]).await;
    assert_eq!(refused.refusal(), (422, "form_param_missing".into()));
}
