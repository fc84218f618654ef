//! Sessions of a browser and their tokens.

use serde_json::{Value, json};
use verger_jose::{Category, Expect, KeySet, PublicKey};
use verger_model::Millis;
use verger_testkit::{Browser, PASSWORD, TestServer};

const JANE: &str = "jane@example.com";

/// The claims of a token, not verified.
pub(crate) fn claims(token: &str) -> Value {
    use base64::Engine;
    let part = token.split('.').nth(1).expect("a token has three parts");
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}

async fn signed_in() -> (TestServer, Browser, String) {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let session = browser.sign_up(JANE).await.text("/client/sessions/0/id");
    (server, browser, session)
}

#[tokio::test]
async fn a_token_is_not_wrapped_and_verifies_with_the_published_key() {
    let (server, mut browser, session) = signed_in().await;
    let path = format!("/v1/client/sessions/{session}/tokens");
    let answer = browser.post(&path, &[("organization_id", ""), ("tab_state", "focused")]).await.ok();
    assert_eq!(answer.text("/object"), "token");
    assert!(answer.json().get("client").is_none() && answer.set_cookies().is_empty());

    let token = answer.text("/jwt");
    let jwks = browser.get("/.well-known/jwks.json").await.ok();
    let mut keys = KeySet::new();
    let jwk = serde_json::from_value(jwks.at("/keys/0")).unwrap();
    keys.insert(jwks.text("/keys/0/kid"), PublicKey::from_jwk(&jwk).unwrap());
    let now = server.service.now().secs();
    let claims: Value = verger_jose::verify(&token, &keys, &Expect::new(Category::Session, now)).unwrap();
    assert_eq!(claims["iss"], "http://localhost:4000");
    assert_eq!(claims["azp"], "http://localhost:3000");
    assert_eq!((claims["sid"].as_str(), claims["v"].as_i64()), (Some(session.as_str()), Some(2)));
    assert_eq!((claims["exp"].as_i64(), claims["iat"].as_i64()), (Some(now + 60), Some(now)));
    assert_eq!(claims["fva"], json!([0, -1]));
}

/// Every tab fetches one every minute, and each statement is a trip to the database.
#[tokio::test]
async fn a_token_takes_one_read() {
    let server = TestServer::start().await;
    let (by_cookie, by_dev_browser) = (server.browser(), server.browser().open().await);
    for (mut browser, email) in [(by_cookie, JANE), (by_dev_browser, "joe@example.com")] {
        let session = browser.sign_up(email).await.text("/client/sessions/0/id");
        let before = server.service.store().statements();
        browser.post(&format!("/v1/client/sessions/{session}/tokens"), &[]).await.ok();
        assert_eq!(server.service.store().statements() - before, 1, "{email}");
    }
}

#[tokio::test]
async fn no_token_is_older_than_the_mark_for_the_apps() {
    let (server, mut browser, session) = signed_in().await;
    server.clock.advance(Millis(1_999));
    let touched = browser.post(&format!("/v1/client/sessions/{session}/touch"), &[]).await.ok();
    for token in ["/response/last_active_token/jwt", "/client/sessions/0/last_active_token/jwt"] {
        let issued = claims(&touched.text(token))["iat"].as_i64().unwrap();
        let uat: i64 = browser.jar.get("__client_uat").unwrap().parse().unwrap();
        assert!(uat <= issued, "{uat} {issued}");
        assert_eq!(touched.at("/client/updated_at").as_i64().unwrap() / 1000, uat);
    }
}

#[tokio::test]
async fn touching_a_session_never_moves_the_mark() {
    let (server, mut browser, session) = signed_in().await;
    let before = browser.jar.get("__client_uat").map(str::to_owned);
    server.clock.advance(Millis::from_mins(2));
    let fields = [("active_organization_id", ""), ("intent", "select_session")];
    let touched = browser.post(&format!("/v1/client/sessions/{session}/touch"), &fields).await.ok();
    assert_eq!(browser.jar.get("__client_uat").map(str::to_owned), before);
    assert_eq!(touched.at("/client/last_active_session_id"), json!(session));
}

#[tokio::test]
async fn reading_a_session_brings_the_client_along() {
    let (_server, mut browser, session) = signed_in().await;
    let answer = browser.get(&format!("/v1/client/sessions/{session}")).await.ok();
    assert_eq!((answer.text("/response/id"), answer.text("/client/object")), (session, "client".into()));
}

#[tokio::test]
async fn an_ended_or_removed_session_is_over() {
    for step in ["end", "remove"] {
        let (_server, mut browser, session) = signed_in().await;
        let answer = browser.post(&format!("/v1/client/sessions/{session}/{step}"), &[]).await.ok();
        assert_eq!(answer.text("/response/status"), if step == "end" { "ended" } else { "removed" });
        assert_eq!(answer.at("/client/sessions"), json!([]));
        assert_eq!(browser.jar.get("__client_uat"), Some("0"));
        let token = browser.post(&format!("/v1/client/sessions/{session}/tokens"), &[]).await;
        assert!(matches!(token.status, 401 | 404), "{}", token.status);
    }
}

#[tokio::test]
async fn no_token_without_a_client_or_for_a_strangers_session() {
    let (server, _browser, session) = signed_in().await;
    let path = format!("/v1/client/sessions/{session}/tokens");
    assert_eq!(server.browser().post(&path, &[]).await.refusal(), (401, "signed_out".into()));
    let mut joe = server.browser();
    let joes = joe.sign_up("joe@example.com").await.text("/client/sessions/0/id");
    for step in ["tokens", "touch", "end", "remove"] {
        let answer = joe.post(&format!("/v1/client/sessions/{session}/{step}"), &[]).await;
        assert_eq!(answer.refusal(), (404, "resource_not_found".into()), "{step}");
    }
    joe.post(&format!("/v1/client/sessions/{joes}/tokens"), &[]).await.ok();
}

#[tokio::test]
async fn a_session_that_was_revoked_gives_no_token_and_says_so() {
    let (server, mut browser, session) = signed_in().await;
    server.backend().await.post(&format!("/v1/sessions/{session}/revoke"), serde_json::json!({})).await.ok();
    for step in ["tokens", "touch"] {
        let answer = browser.post(&format!("/v1/client/sessions/{session}/{step}"), &[]).await;
        assert_eq!(answer.refusal(), (401, "signed_out".into()), "{step}");
    }
}

#[tokio::test]
async fn an_odd_form_is_no_reason_to_sign_somebody_out() {
    let (_server, mut browser, session) = signed_in().await;
    let odd = [("organization_id", ""), ("organization_id", ""), ("public_metadata", "{}")];
    for step in ["tokens", "touch"] {
        browser.post(&format!("/v1/client/sessions/{session}/{step}"), &odd).await.ok();
    }
    let path = format!("/v1/client/sessions/{session}/tokens?debug=skip_cache&expired_token=x");
    browser.post(&path, &[]).await.ok();
}

#[tokio::test]
async fn there_are_no_templates_yet() {
    let (_server, mut browser, session) = signed_in().await;
    let answer = browser.post(&format!("/v1/client/sessions/{session}/tokens/hasura"), &[]).await;
    assert_eq!(answer.refusal(), (404, "resource_not_found".into()));
    browser.post(&format!("/v1/client/sessions/{session}/tokens"), &[]).await.ok();
}

#[tokio::test]
async fn a_session_ends_after_its_lifetime() {
    let (server, mut browser, session) = signed_in().await;
    server.clock.advance(Millis::from_days(7));
    let token = browser.post(&format!("/v1/client/sessions/{session}/tokens"), &[]).await;
    assert!(matches!(token.status, 401 | 404), "{}", token.status);
    assert_eq!(browser.get("/v1/client").await.ok().at("/response/sessions"), json!([]));
    browser.sign_in(JANE, PASSWORD).await.ok();
}

#[tokio::test]
async fn a_session_revoked_by_the_backend_gives_no_token() {
    let (server, mut browser, session) = signed_in().await;
    server.backend().await.post(&format!("/v1/sessions/{session}/revoke"), json!({})).await.ok();
    let token = browser.post(&format!("/v1/client/sessions/{session}/tokens"), &[]).await;
    assert!(matches!(token.status, 401 | 404), "{}", token.status);
    assert_eq!(browser.get("/v1/client").await.ok().at("/response/sessions"), json!([]));
}

#[tokio::test]
async fn without_an_origin_the_sessions_last_one_stands_in_the_token() {
    let (_server, mut browser, session) = signed_in().await;
    browser.post(&format!("/v1/client/sessions/{session}/touch"), &[]).await.ok();
    browser.origin = None;
    let client = browser.get("/v1/client").await.ok();
    assert_eq!(claims(&client.text("/response/sessions/0/last_active_token/jwt"))["azp"], "http://localhost:3000");
}
