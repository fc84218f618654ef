//! Passkeys of users, as their application's backend sees to them.

use verger_testkit::{APP, Authenticator, Backend, TestServer};

const JANE: &str = "jane@example.com";

#[tokio::test]
async fn a_passkey_is_seen_and_taken_away() {
    let server = TestServer::start().await;
    server.settings(&server.development(), |settings| settings.passkeys.enabled = true).await;
    let mut browser = server.browser();
    browser.session = Some(browser.sign_up(JANE).await.text("/client/sessions/0/id"));
    let made = browser.post("/v1/me/passkeys", &[]).await.ok();
    let (id, nonce) = (made.text("/response/id"), made.text("/response/verification/nonce"));
    let user = browser.get("/v1/me").await.ok().text("/response/id");
    let backend = server.backend().await;
    let path = format!("/v1/users/{user}/passkeys/{id}");
    assert_eq!(backend.delete(&path).await.refusal(), (404, "resource_not_found".into()), "it was never made");

    let credential = Authenticator::at(APP).create(&nonce);
    let fields = [("strategy", "passkey"), ("public_key_credential", credential.as_str())];
    browser.post(&format!("/v1/me/passkeys/{id}/attempt_verification"), &fields).await.ok();
    let seen = backend.get(&format!("/v1/users/{user}")).await.ok();
    assert_eq!((seen.text("/passkeys/0/id"), seen.text("/passkeys/0/name")), (id.clone(), "Passkey".into()));
    let listed = backend.get("/v1/users").await.ok();
    assert_eq!(listed.text("/0/passkeys/0/id"), id);

    let new = verger_service::NewApplication { name: "Other".into(), ..Default::default() };
    let key = server.application(new).await.development.secret_key.expect("development keys can be shown");
    let stranger = Backend::new(server.clone(), key.expose());
    assert_eq!(stranger.delete(&path).await.refusal(), (404, "resource_not_found".into()));
    let eve = server.browser().sign_up("eve@example.com").await.text("/client/sessions/0/user/id");
    let theirs = backend.delete(&format!("/v1/users/{eve}/passkeys/{id}")).await;
    assert_eq!(theirs.refusal(), (404, "resource_not_found".into()));

    let gone = backend.delete(&path).await.ok();
    assert_eq!((gone.text("/object"), gone.text("/id"), gone.at("/deleted")), ("passkey".into(), id, true.into()));
    assert_eq!(backend.delete(&path).await.refusal(), (404, "resource_not_found".into()));
    assert_eq!(browser.get("/v1/me").await.ok().at("/response/passkeys"), serde_json::json!([]));
}
