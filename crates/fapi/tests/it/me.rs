//! What signed-in users do with their own account.

use serde_json::{Value, json};
use verger_testkit::{Browser, PASSWORD, TestServer};

const JANE: &str = "jane@example.com";

async fn signed_in() -> (TestServer, Browser) {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    browser.session = Some(browser.sign_up(JANE).await.text("/client/sessions/0/id"));
    (server, browser)
}

#[tokio::test]
async fn a_user_reads_and_changes_their_name() {
    let (_server, mut browser) = signed_in().await;
    let me = browser.get("/v1/me").await.ok();
    assert_eq!(me.text("/response/email_addresses/0/email_address"), JANE);
    assert!(me.json()["response"].get("private_metadata").is_none());
    let changed = browser.patch("/v1/me", &[("first_name", "Jane"), ("last_name", "Doe")]).await.ok();
    assert_eq!(changed.text("/client/sessions/0/user/last_name"), "Doe");
    let cleared = browser.patch("/v1/me", &[("last_name", "")]).await.ok();
    assert_eq!(cleared.at("/response/last_name"), Value::Null);
    assert_eq!(cleared.text("/response/first_name"), "Jane");
}

#[tokio::test]
async fn metadata_is_merged_at_its_own_address() {
    let (_server, mut browser) = signed_in().await;
    let patch = [("unsafe_metadata", r#"{"a":{"b":1,"c":2},"d":3}"#)];
    browser.patch("/v1/me/metadata", &patch).await.ok();
    let patch = [("unsafe_metadata", r#"{"a":{"b":null},"d":null,"e":[1]}"#)];
    let merged = browser.patch("/v1/me/metadata", &patch).await.ok();
    assert_eq!(merged.at("/response/unsafe_metadata"), json!({"a": {"c": 2}, "e": [1]}));
}

#[tokio::test]
async fn metadata_that_is_none_or_too_much_is_refused() {
    let (_server, mut browser) = signed_in().await;
    let big = format!(r#"{{"k":"{}"}}"#, "x".repeat(9 * 1024));
    for (text, code) in [
        (big.as_str(), "form_param_exceeds_allowed_size"),
        ("[1]", "form_param_format_invalid"),
        ("{", "form_param_format_invalid"),
        ("", "form_param_missing"),
    ] {
        let answer = browser.patch("/v1/me/metadata", &[("unsafe_metadata", text)]).await;
        assert_eq!(answer.refusal(), (422, code.into()));
    }
}

#[tokio::test]
async fn the_name_form_takes_metadata_in_older_versions_only() {
    let (_server, mut browser) = signed_in().await;
    let fields = [("unsafe_metadata", r#"{"a":1}"#)];
    let new = browser.patch("/v1/me", &fields).await;
    assert_eq!(new.refusal(), (422, "form_param_unknown".into()));
    browser.api_version = Some("2025-11-10");
    let old = browser.patch("/v1/me", &fields).await.ok();
    assert_eq!(old.at("/response/unsafe_metadata"), json!({"a": 1}));
}

#[tokio::test]
async fn what_only_the_backend_sets_is_refused() {
    let (_server, mut browser) = signed_in().await;
    for (name, value) in [
        ("public_metadata", r#"{"role":"admin"}"#),
        ("private_metadata", "{}"),
        ("banned", "false"),
        ("external_id", "x"),
        ("email_address", "eve@example.com"),
        ("username", "jane_doe"),
    ] {
        let answer = browser.patch("/v1/me", &[(name, value)]).await;
        assert_eq!(answer.refusal(), (422, "form_param_unknown".into()), "{name}");
    }
    let password = browser.patch("/v1/me", &[("password", "another one 12")]).await;
    assert_eq!(password.refusal(), (403, "updating_user_password_deprecated".into()));
    assert_eq!(browser.get("/v1/me").await.ok().at("/response/public_metadata"), json!({}));
}

#[tokio::test]
async fn a_password_is_changed_with_the_old_one() {
    let (server, mut browser) = signed_in().await;
    let new = "a whole new secret 7";
    for (current, new, status, code, param) in [
        ("not the password", new, 422, "form_password_incorrect", "current_password"),
        (PASSWORD, "short", 422, "form_password_length_too_short", "new_password"),
        (PASSWORD, PASSWORD, 422, "form_new_password_matches_current", "new_password"),
    ] {
        let fields = [("current_password", current), ("new_password", new)];
        let answer = browser.post("/v1/me/change_password", &fields).await;
        assert_eq!(answer.refusal(), (status, code.into()));
        assert_eq!(answer.text("/errors/0/meta/param_name"), param, "{code}");
    }
    let tenant = server.development();
    server.settings(&tenant, |settings| settings.sessions.reverification = false).await;
    let without = browser.post("/v1/me/change_password", &[("new_password", new)]).await;
    assert_eq!(without.refusal(), (422, "form_param_missing".into()));

    let mut elsewhere = server.browser();
    elsewhere.sign_in(JANE, PASSWORD).await.ok();
    let fields = [("current_password", PASSWORD), ("new_password", new), ("sign_out_of_other_sessions", "true")];
    let changed = browser.post("/v1/me/change_password", &fields).await.ok();
    assert_eq!(changed.at("/client/sessions").as_array().map(Vec::len), Some(1));
    assert_eq!(elsewhere.get("/v1/client").await.ok().at("/response/sessions"), json!([]));
    assert_eq!(server.browser().sign_in(JANE, PASSWORD).await.code(), "form_password_incorrect");
    server.browser().sign_in(JANE, new).await.ok();
}

#[tokio::test]
async fn devices_are_listed_bare_and_signed_out_one_by_one() {
    let (server, mut browser) = signed_in().await;
    let mut elsewhere = server.browser();
    elsewhere.sign_in(JANE, PASSWORD).await.ok();
    let devices = browser.get("/v1/me/sessions/active").await.ok();
    assert_eq!(devices.json().as_array().map(Vec::len), Some(2));
    assert_eq!(devices.text("/0/latest_activity/browser_name"), "Chrome");
    assert_eq!(browser.get("/v1/me/sessions").await.ok().json().as_array().map(Vec::len), Some(2));

    let other = elsewhere.get("/v1/client").await.ok().text("/response/sessions/0/id");
    let revoked = browser.post(&format!("/v1/me/sessions/{other}/revoke"), &[]).await.ok();
    assert_eq!(revoked.text("/response/status"), "revoked");
    assert_eq!(elsewhere.get("/v1/me").await.refusal(), (401, "signed_out".into()));
    let unknown = browser.post("/v1/me/sessions/sess_unknown/revoke", &[]).await;
    assert_eq!(unknown.refusal(), (404, "resource_not_found".into()));
}

#[tokio::test]
async fn a_users_device_is_no_one_elses_to_sign_out() {
    let (server, mut browser) = signed_in().await;
    let mut joe = server.browser();
    let joes = joe.sign_up("joe@example.com").await.text("/client/sessions/0/id");
    let answer = browser.post(&format!("/v1/me/sessions/{joes}/revoke"), &[]).await;
    assert_eq!(answer.refusal(), (404, "resource_not_found".into()));
    joe.get("/v1/me").await.ok();
}

#[tokio::test]
async fn there_are_no_organizations_yet() {
    let (_server, mut browser) = signed_in().await;
    for list in ["memberships", "invitations", "suggestions"] {
        let path = format!("/v1/me/organization_{list}?paginated=true&limit=10&offset=0");
        let answer = browser.get(&path).await.ok();
        assert_eq!(answer.at("/response"), json!({"data": [], "total_count": 0}), "{list}");
    }
}

#[tokio::test]
async fn users_delete_themselves_where_they_may() {
    let (server, mut browser) = signed_in().await;
    let id = browser.get("/v1/me").await.ok().text("/response/id");
    server.settings(&server.development(), |settings| settings.actions.delete_self = false).await;
    assert_eq!(browser.delete("/v1/me").await.refusal(), (403, "user_delete_self_not_enabled".into()));
    server.settings(&server.development(), |settings| settings.actions.delete_self = true).await;
    let gone = browser.delete("/v1/me").await.ok();
    assert_eq!((gone.text("/response/id"), gone.at("/response/deleted")), (id, json!(true)));
    assert_eq!(gone.at("/client/sessions"), json!([]));
    assert_eq!(server.browser().sign_in(JANE, PASSWORD).await.code(), "form_identifier_not_found");
}

#[tokio::test]
async fn nobody_is_nobody() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    for path in ["/v1/me", "/v1/me/sessions/active", "/v1/me/sessions", "/v1/me/organization_memberships"] {
        assert_eq!(browser.get(path).await.refusal(), (401, "signed_out".into()), "{path}");
    }
    assert_eq!(browser.patch("/v1/me", &[("first_name", "x")]).await.refusal(), (401, "signed_out".into()));
    assert_eq!(browser.delete("/v1/me").await.refusal(), (401, "signed_out".into()));
    let fields = [("new_password", "a whole new secret 7")];
    assert_eq!(browser.post("/v1/me/change_password", &fields).await.refusal(), (401, "signed_out".into()));
}

#[tokio::test]
async fn the_acting_session_is_one_of_this_browser() {
    let (server, mut browser) = signed_in().await;
    let mut joe = server.browser();
    let joes = joe.sign_up("joe@example.com").await.text("/client/sessions/0/id");
    for session in [joes.as_str(), "sess_unknown", "rubbish"] {
        browser.session = Some(session.into());
        assert_eq!(browser.get("/v1/me").await.refusal(), (401, "signed_out".into()), "{session}");
    }
    browser.session = None;
    browser.get("/v1/me").await.ok();
}

#[tokio::test]
async fn a_user_banned_by_the_backend_is_signed_out() {
    let (server, mut browser) = signed_in().await;
    let id = browser.get("/v1/me").await.ok().text("/response/id");
    server.backend().await.post(&format!("/v1/users/{id}/ban"), json!({})).await.ok();
    assert_eq!(browser.get("/v1/me").await.status, 401);
    assert_eq!(browser.get("/v1/client").await.ok().at("/response/sessions"), json!([]));
}
