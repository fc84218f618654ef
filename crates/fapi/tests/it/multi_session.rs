//! Several users in one browser, and only one where the instance wants it so.

use crate::sessions::claims;
use serde_json::{Value, json};
use verger_model::Millis;
use verger_testkit::{Answer, Browser, PASSWORD, TestServer};

const JANE: &str = "jane@example.com";
const JOE: &str = "joe@example.com";

/// A browser where first Jane and then Joe signed in, with their sessions.
async fn both() -> (TestServer, Browser, String, String) {
    let server = TestServer::start().await;
    server.settings(&server.development(), |settings| settings.sessions.single_session = false).await;
    let mut browser = server.browser();
    let jane = browser.sign_up(JANE).await.text("/response/created_session_id");
    server.clock.advance(Millis::from_secs(1));
    let joe = browser.sign_up(JOE).await.text("/response/created_session_id");
    (server, browser, jane, joe)
}

fn listed(client: &Value) -> Vec<String> {
    let sessions = client["sessions"].as_array().expect("sessions");
    sessions.iter().map(|session| session["id"].as_str().unwrap_or_default().to_owned()).collect()
}

async fn client(browser: &mut Browser) -> Value {
    browser.get("/v1/client").await.ok().at("/response")
}

async fn step(browser: &mut Browser, session: &str, step: &str) -> Answer {
    browser.post(&format!("/v1/client/sessions/{session}/{step}"), &[]).await
}

#[tokio::test]
async fn each_session_has_its_own_user_and_token() {
    let (server, mut browser, jane, joe) = both().await;
    let client = client(&mut browser).await;
    assert_eq!(listed(&client), [jane.clone(), joe.clone()]);
    assert_eq!(client["last_active_session_id"], joe.as_str());
    for session in client["sessions"].as_array().expect("sessions") {
        let claims = claims(session["last_active_token"]["jwt"].as_str().unwrap());
        assert_eq!((&claims["sid"], &claims["sub"]), (&session["id"], &session["user"]["id"]));
    }
    let environment = browser.get("/v1/environment").await.ok();
    assert_eq!(environment.at("/auth_config/single_session_mode"), json!(false));
    drop(server);
}

#[tokio::test]
async fn touching_a_session_switches_to_it() {
    let (_server, mut browser, jane, _) = both().await;
    let before = browser.jar.get("__client_uat").map(str::to_owned);
    let fields = [("active_organization_id", ""), ("intent", "select_session")];
    let touched = browser.post(&format!("/v1/client/sessions/{jane}/touch"), &fields).await.ok();
    assert_eq!(touched.text("/response/id"), jane);
    assert_eq!(touched.text("/client/last_active_session_id"), jane);
    assert_eq!(browser.get("/v1/me").await.ok().text("/response/email_addresses/0/email_address"), JANE);
    assert_eq!(browser.jar.get("__client_uat").map(str::to_owned), before);
}

#[tokio::test]
async fn a_request_names_the_session_it_is_made_in() {
    let (_server, mut browser, jane, joe) = both().await;
    for (session, email) in [(&jane, JANE), (&joe, JOE)] {
        browser.session = Some(session.clone());
        assert_eq!(browser.get("/v1/me").await.ok().text("/response/email_addresses/0/email_address"), email);
    }
    step(&mut browser, &jane, "end").await.ok();
    browser.session = Some(jane);
    assert_eq!(browser.get("/v1/me").await.refusal(), (401, "signed_out".into()));
}

#[tokio::test]
async fn signing_out_of_one_leaves_the_other() {
    for how in ["end", "remove"] {
        let (_server, mut browser, jane, joe) = both().await;
        let left = step(&mut browser, &joe, how).await.ok();
        assert_eq!(listed(&left.at("/client")), std::slice::from_ref(&jane));
        assert_eq!(left.text("/client/last_active_session_id"), jane, "the other one takes its place");
        assert_ne!(browser.jar.get("__client_uat"), Some("0"));
        for gone in ["tokens", "touch"] {
            assert_eq!(step(&mut browser, &joe, gone).await.refusal(), (401, "signed_out".into()), "{how} {gone}");
        }
        for gone in ["end", "remove"] {
            assert_eq!(step(&mut browser, &joe, gone).await.refusal(), (404, "resource_not_found".into()));
        }
        step(&mut browser, &jane, "tokens").await.ok();
        step(&mut browser, &jane, how).await.ok();
        assert_eq!(browser.jar.get("__client_uat"), Some("0"));
    }
}

#[tokio::test]
async fn signing_out_of_all_leaves_nobody_and_keeps_the_client() {
    let (_server, mut browser, jane, joe) = both().await;
    let id = client(&mut browser).await["id"].clone();
    let out = browser.sign_out().await.ok();
    assert_eq!((out.at("/response/id"), out.at("/response/sessions")), (id, json!([])));
    assert_eq!(out.at("/response/last_active_session_id"), Value::Null);
    for session in [jane, joe] {
        assert_eq!(step(&mut browser, &session, "tokens").await.refusal(), (401, "signed_out".into()));
    }
    browser.sign_in(JANE, PASSWORD).await.ok();
}

#[tokio::test]
async fn a_user_is_signed_in_once_per_browser() {
    let (server, mut browser, jane, _) = both().await;
    let user = client(&mut browser).await["sessions"][0]["user"]["id"].clone();
    let told = (400, "identifier_already_signed_in".to_owned());
    let again = browser.sign_in(JANE, PASSWORD).await;
    assert_eq!((again.refusal(), again.text("/errors/0/meta/session_id")), (told.clone(), jane.clone()));
    let made = server.backend().await.post("/v1/sign_in_tokens", json!({ "user_id": user })).await.ok();
    let ticket = made.text("/token");
    let fields = [("strategy", "ticket"), ("ticket", ticket.as_str())];
    let again = browser.post("/v1/client/sign_ins", &fields).await;
    assert_eq!((again.refusal(), again.text("/errors/0/meta/session_id")), (told, jane));
    // The refused ticket is still good.
    server.browser().post("/v1/client/sign_ins", &fields).await.ok();
}

#[tokio::test]
async fn an_attempt_that_another_one_overtook_is_refused() {
    let server = TestServer::start().await;
    server.settings(&server.development(), |settings| settings.sessions.single_session = false).await;
    server.browser().sign_up(JANE).await;
    let mut browser = server.browser();
    let started = browser.post("/v1/client/sign_ups", &[("email_address", JOE), ("password", PASSWORD)]).await.ok();
    let path = format!("/v1/client/sign_ups/{}", started.text("/response/id"));
    browser.post(&format!("{path}/prepare_verification"), &[("strategy", "email_code")]).await.ok();
    let code = server.code(&browser.tenant, JOE).await;
    let jane = browser.sign_in(JANE, PASSWORD).await.ok();
    assert_eq!(listed(&jane.at("/client")).len(), 1);
    // The sign-up left the client together with the sign-in that completed first.
    let fields = [("strategy", "email_code"), ("code", code.as_str())];
    let late = browser.post(&format!("{path}/attempt_verification"), &fields).await;
    assert_eq!(late.refusal(), (403, "resource_forbidden".into()));
}

#[tokio::test]
async fn where_one_session_is_allowed_a_second_attempt_is_refused() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    browser.sign_up(JANE).await;
    server.browser().sign_up(JOE).await;
    let told = (400, "session_exists".to_owned());
    assert_eq!(browser.sign_in(JOE, PASSWORD).await.refusal(), told);
    assert_eq!(browser.post("/v1/client/sign_ins", &[]).await.refusal(), told);
    let new = [("email_address", "new@example.com"), ("password", PASSWORD)];
    assert_eq!(browser.post("/v1/client/sign_ups", &new).await.refusal(), told);
    let environment = browser.get("/v1/environment").await.ok();
    assert_eq!(environment.at("/auth_config/single_session_mode"), json!(true));
    browser.sign_out().await.ok();
    browser.sign_in(JOE, PASSWORD).await.ok();
}

#[tokio::test]
async fn an_idle_session_ends_where_the_instance_says_so() {
    let server = TestServer::start().await;
    server
        .settings(&server.development(), |settings| {
            settings.sessions.maximum_lifetime_seconds = None;
            settings.sessions.inactivity_timeout_seconds = Some(600);
        })
        .await;
    let mut browser = server.browser();
    let begun = browser.sign_up(JANE).await;
    let session = begun.text("/response/created_session_id");
    let end = (server.service.now() + Millis::from_mins(10)).0;
    assert_eq!(begun.at("/client/sessions/0/expire_at"), json!(end), "it moves with the last use");
    for _ in 0..3 {
        server.clock.advance(Millis::from_mins(9));
        let touched = step(&mut browser, &session, "touch").await.ok();
        let end = (server.service.now() + Millis::from_mins(10)).0;
        assert_eq!(touched.at("/response/expire_at"), json!(end));
    }
    server.clock.advance(Millis::from_mins(10));
    assert_eq!(step(&mut browser, &session, "tokens").await.refusal(), (401, "signed_out".into()));
    assert_eq!(client(&mut browser).await["sessions"], json!([]));
    let stored = server.backend().await.get(&format!("/v1/sessions/{session}")).await.ok();
    assert_eq!(stored.text("/status"), "expired");
    browser.sign_in(JANE, PASSWORD).await.ok();
}
