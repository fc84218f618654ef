//! Accounts at another provider that signed-in users connect by hand, and what these gave, for the backend alone.

use super::oauth::{CALLBACK, STRATEGY, World, jane};
use serde_json::{Value, json};
use verger_model::Millis;
use verger_testkit::{APP, Answer, Browser};

const MINE: &str = "/v1/me/external_accounts";

async fn connect(browser: &mut Browser) -> Answer {
    let fields = [
        ("strategy", STRATEGY),
        ("redirect_url", CALLBACK),
        ("action_complete_redirect_url", "/user"),
        ("additional_scope", "calendar"),
        ("additional_scope", "drive"),
    ];
    browser.post(MINE, &fields).await.ok()
}

/// Begins, goes there as this person, and comes back.
async fn connect_as(it: &World, browser: &mut Browser, person: &Value) -> String {
    let url = connect(browser).await.text("/response/verification/external_verification_redirect_url");
    it.detour(browser, &url, person).await
}

async fn accounts(browser: &mut Browser) -> Value {
    browser.get("/v1/me").await.ok().at("/response/external_accounts")
}

async fn tokens(it: &World, user: &str, provider: &str) -> Answer {
    it.server.backend().await.get(&format!("/v1/users/{user}/oauth_access_tokens/{provider}")).await
}

#[tokio::test]
async fn an_account_is_connected_and_taken_away() {
    let it = World::new().await;
    let mut browser = it.browser();
    browser.sign_up("joe@example.com").await;
    let begun = connect(&mut browser).await;
    assert_eq!(begun.text("/response/verification/status"), "unverified");
    let url = begun.text("/response/verification/external_verification_redirect_url");
    assert!(url.contains("+calendar") && url.contains("+drive"), "{url}");
    assert_eq!(it.detour(&mut browser, &url, &jane()).await, format!("{APP}/user"));
    let me = browser.get("/v1/me").await.ok();
    assert_eq!(me.text("/response/external_accounts/0/verification/status"), "verified");
    // The address that the provider proved is the user's too.
    assert_eq!(me.text("/response/email_addresses/1/email_address"), "jane@example.com");
    assert_eq!(me.text("/response/email_addresses/1/linked_to/0/type"), STRATEGY);
    let mut other = it.browser();
    assert_eq!(it.sign_in(&mut other, &jane()).await, format!("{APP}/done"));

    let id = me.text("/response/external_accounts/0/id");
    browser.delete(&format!("{MINE}/{id}")).await.ok();
    assert_eq!(accounts(&mut browser).await, json!([]));
    assert_eq!(browser.delete(&format!("{MINE}/{id}")).await.refusal(), (404, "resource_not_found".into()));
}

#[tokio::test]
async fn an_account_belongs_to_one_user() {
    let it = World::new().await;
    it.member(&jane()).await;
    let mut browser = it.browser();
    browser.sign_up("joe@example.com").await;
    assert_eq!(connect_as(&it, &mut browser, &jane()).await, CALLBACK);
    let mine = accounts(&mut browser).await;
    assert_eq!(mine[0]["verification"]["status"], "failed");
    assert_eq!(mine[0]["verification"]["error"]["code"], "oauth_identification_claimed");
    // What failed makes room for the next try.
    connect(&mut browser).await;
    assert_eq!(accounts(&mut browser).await.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn an_account_is_connected_once() {
    let it = World::new().await;
    let mut browser = it.member(&jane()).await;
    it.server.clock.advance(Millis::from_secs(1));
    assert_eq!(connect_as(&it, &mut browser, &jane()).await, CALLBACK);
    let mine = accounts(&mut browser).await;
    assert_eq!(mine[1]["verification"]["error"]["code"], "oauth_account_already_connected");
}

#[tokio::test]
async fn the_last_way_in_stays() {
    let it = World::with(|settings, _| settings.sign_in.email_code = false).await;
    let mut browser = it.member(&jane()).await;
    let id = accounts(&mut browser).await[0]["id"].as_str().expect("an id").to_owned();
    let answer = browser.delete(&format!("{MINE}/{id}")).await;
    assert_eq!(answer.refusal(), (400, "identification_deletion_failed".into()));
}

#[tokio::test]
async fn nobody_connects_for_somebody_else() {
    let it = World::new().await;
    let fields = [("strategy", STRATEGY), ("redirect_url", CALLBACK)];
    assert_eq!(it.browser().post(MINE, &fields).await.refusal(), (401, "signed_out".into()));
    let mut owner = it.member(&jane()).await;
    let id = accounts(&mut owner).await[0]["id"].as_str().expect("an id").to_owned();
    let mut stranger = it.browser();
    stranger.sign_up("joe@example.com").await;
    assert_eq!(stranger.delete(&format!("{MINE}/{id}")).await.refusal(), (404, "resource_not_found".into()));
    let again = stranger.patch(&format!("{MINE}/{id}/reauthorize"), &[("redirect_url", CALLBACK)]).await;
    assert_eq!(again.refusal(), (404, "resource_not_found".into()));
}

#[tokio::test]
async fn more_scopes_are_asked_for_the_same_person() {
    let it = World::new().await;
    let mut browser = it.member(&jane()).await;
    let id = accounts(&mut browser).await[0]["id"].as_str().expect("an id").to_owned();
    let fields = [("redirect_url", CALLBACK), ("additional_scope", "calendar")];
    let begun = browser.patch(&format!("{MINE}/{id}/reauthorize"), &fields).await.ok();
    let url = begun.text("/response/verification/external_verification_redirect_url");
    it.detour(&mut browser, &url, &json!({ "sub": "acme-other" })).await;
    assert_eq!(accounts(&mut browser).await[0]["provider_user_id"], "acme-jane");
    let begun = browser.patch(&format!("{MINE}/{id}/reauthorize"), &fields).await.ok();
    let url = begun.text("/response/verification/external_verification_redirect_url");
    it.detour(&mut browser, &url, &jane()).await;
    assert_eq!(accounts(&mut browser).await[0]["verification"]["status"], "verified");
}

#[tokio::test]
async fn tokens_are_given_to_the_backend_and_renewed() {
    let it = World::new().await;
    let mut browser = it.member(&jane()).await;
    let user = browser.get("/v1/me").await.ok().text("/response/id");
    let first = tokens(&it, &user, "oauth_custom_acme").await.ok();
    assert_eq!(first.text("/0/provider_user_id"), "acme-jane");
    assert_eq!(first.at("/0/scopes"), json!(["openid", "email", "profile"]));
    assert_eq!(tokens(&it, &user, "custom_acme").await.ok().text("/0/token"), first.text("/0/token"));
    it.server.clock.advance(Millis::from_mins(61));
    let renewed = tokens(&it, &user, "custom_acme").await.ok().text("/0/token");
    assert_ne!(renewed, first.text("/0/token"));
    assert_eq!(tokens(&it, &user, "custom_acme").await.ok().text("/0/token"), renewed);
    assert_eq!(tokens(&it, &user, "google").await.refusal(), (404, "oauth_token_provider_not_enabled".into()));

    let me = browser.get("/v1/me").await.ok();
    let text = String::from_utf8(me.body.clone()).expect("text");
    assert!(!text.contains(&renewed), "browsers never see what the provider gave");
    let id = me.text("/response/external_accounts/0/id");
    let backend = it.server.backend().await;
    backend.delete(&format!("/v1/users/{user}/external_accounts/{id}")).await.ok();
    assert_eq!(tokens(&it, &user, "custom_acme").await.ok().json(), json!([]));
    let again = backend.delete(&format!("/v1/users/{user}/external_accounts/{id}")).await;
    assert_eq!(again.refusal(), (404, "resource_not_found".into()));
}

#[tokio::test]
async fn tokens_that_were_forgotten_are_gone() {
    let it = World::new().await;
    let mut browser = it.member(&jane()).await;
    let me = browser.get("/v1/me").await.ok();
    let (user, id) = (me.text("/response/id"), me.text("/response/external_accounts/0/id"));
    let after = browser.delete(&format!("{MINE}/{id}/tokens")).await.ok();
    assert_eq!(after.text("/response/external_accounts/0/approved_scopes"), "");
    assert_eq!(tokens(&it, &user, "custom_acme").await.ok().json(), json!([]));
}

#[tokio::test]
async fn connecting_and_taking_away_ask_for_a_fresh_factor() {
    let it = World::new().await;
    let mut browser = it.browser();
    browser.sign_up("joe@example.com").await;
    connect_as(&it, &mut browser, &jane()).await;
    let id = accounts(&mut browser).await[0]["id"].as_str().expect("an account").to_owned();
    it.server.clock.advance(Millis::from_mins(11));
    let fields = [("strategy", STRATEGY), ("redirect_url", CALLBACK)];
    let refused = browser.post(MINE, &fields).await;
    assert_eq!(refused.refusal(), (403, "session_reverification_required".into()));
    let refused = browser.delete(&format!("{MINE}/{id}")).await;
    assert_eq!(refused.refusal(), (403, "session_reverification_required".into()));
    assert_eq!(accounts(&mut browser).await.as_array().map(Vec::len), Some(1));
}
