//! `/clients` and `/jwks`.

use crate::{nothing, param, refused, start, user_id};
use serde_json::json;
use verger_model::Millis;
use verger_testkit::{APP, Backend, Browser, PASSWORD};

async fn signed_in(backend: &Backend) -> (Browser, String) {
    user_id(backend, "jane@example.com").await;
    let mut browser = backend.server.browser().open().await;
    let client = browser.sign_in("jane@example.com", PASSWORD).await.ok().text("/client/id");
    (browser, client)
}

#[tokio::test]
async fn a_client_shows_its_sessions() {
    let backend = start().await;
    let (_, id) = signed_in(&backend).await;
    let client = backend.get(&format!("/v1/clients/{id}")).await.ok();
    assert_eq!((client.text("/object"), client.text("/id")), ("client".into(), id));
    assert_eq!(client.at("/session_ids/0"), client.at("/sessions/0/id"));
    assert_eq!(client.at("/last_active_session_id"), client.at("/sessions/0/id"));
    assert_eq!(client.text("/sessions/0/status"), "active");
    for unknown in [nothing("client"), "x".to_owned()] {
        let answer = backend.get(&format!("/v1/clients/{unknown}")).await;
        assert_eq!(answer.refusal(), refused(404, "resource_not_found"));
    }
}

#[tokio::test]
async fn a_client_is_known_by_its_cookie() {
    let backend = start().await;
    let (browser, id) = signed_in(&backend).await;
    let cookie = browser.jar.get("__client").expect("a signed-in browser has the cookie");
    let client = backend.post("/v1/clients/verify", json!({ "token": cookie })).await.ok();
    assert_eq!(client.text("/id"), id);
    for wrong in [cookie[..cookie.len() - 2].to_owned(), "x.y.z".to_owned()] {
        let answer = backend.post("/v1/clients/verify", json!({ "token": wrong })).await;
        assert_eq!(answer.refusal(), refused(400, "cookie_invalid"));
    }
    let missing = backend.post("/v1/clients/verify", json!({})).await;
    assert_eq!((missing.refusal(), param(&missing)), (refused(422, "form_param_missing"), "token".into()));
}

#[tokio::test]
async fn a_handshake_can_be_read_again_and_again_for_a_minute() {
    let backend = start().await;
    let (mut browser, _) = signed_in(&backend).await;
    let dev_browser = browser.dev_browser.clone().unwrap();
    let path = format!("/v1/client/handshake?redirect_url={APP}/&format=nonce&__clerk_db_jwt={dev_browser}");
    let sent = browser.navigate(&path).await;
    assert_eq!(sent.status, 307);
    let nonce = sent.location().split("__clerk_handshake_nonce=").nth(1).unwrap().to_owned();
    let payload = format!("/v1/clients/handshake_payload?nonce={nonce}");
    for path in [payload.as_str(), payload.trim_start_matches("/v1")] {
        let answer = backend.get(path).await.ok();
        let directives = answer.at("/directives").as_array().cloned().unwrap();
        assert!(directives.iter().any(|line| line.as_str().unwrap().starts_with("__session=ey")), "{}", answer.json());
    }
    backend.server.clock.advance(Millis::from_secs(60));
    assert_eq!(backend.get(&payload).await.refusal(), refused(404, "resource_not_found"));
}

#[tokio::test]
async fn a_handshake_needs_its_nonce() {
    let backend = start().await;
    let missing = backend.get("/v1/clients/handshake_payload").await;
    assert_eq!((missing.refusal(), param(&missing)), (refused(400, "missing_query_parameter"), "nonce".into()));
    let wrong = backend.get("/v1/clients/handshake_payload?nonce=x").await;
    assert_eq!(wrong.refusal(), refused(404, "resource_not_found"));
}

#[tokio::test]
async fn the_keys_are_those_of_the_frontend_api() {
    let backend = start().await;
    let keys = backend.get("/v1/jwks").await.ok();
    let published = backend.server.browser().get("/.well-known/jwks.json").await.ok();
    assert_eq!(keys.json(), published.json());
    assert_eq!(keys.text("/keys/0/kid"), backend.server.development().instance.id.as_str());
}
