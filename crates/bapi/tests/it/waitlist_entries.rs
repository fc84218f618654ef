//! The waitlist, from asking to signing up.

use serde_json::{Value, json};
use verger_model::settings::SignUpMode;
use verger_testkit::{Answer, Backend, PASSWORD, TestServer};

const JANE: &str = "jane@example.com";

async fn with_waitlist() -> (TestServer, Backend) {
    let server = TestServer::start().await;
    let tenant = server.development();
    server.settings(&tenant, |settings| settings.sign_up.mode = SignUpMode::Waitlist).await;
    let backend = server.backend().await;
    (server, backend)
}

async fn join(server: &TestServer, email: &str) -> Answer {
    server.browser().post("/v1/waitlist", &[("email_address", email)]).await
}

#[tokio::test]
async fn who_waits_is_invited_and_signs_up() {
    let (server, backend) = with_waitlist().await;
    let id = join(&server, JANE).await.ok().text("/id");
    assert_eq!(join(&server, "Jane@Example.com").await.ok().text("/id"), id, "asking twice changes nothing");
    assert_eq!(server.mails(&server.development(), JANE).await.len(), 1);
    let fields = [("email_address", JANE), ("password", PASSWORD)];
    let early = server.browser().post("/v1/client/sign_ups", &fields).await;
    assert_eq!(early.refusal(), (403, "sign_up_restricted_waitlist".into()));

    let invited = backend.post(&format!("/v1/waitlist_entries/{id}/invite"), json!({})).await.ok();
    assert_eq!((invited.text("/status"), invited.text("/invitation/status")), ("invited".into(), "pending".into()));
    let again = backend.post(&format!("/v1/waitlist_entries/{id}/invite"), json!({})).await;
    assert_eq!(again.refusal(), (409, "waitlist_entry_already_invited".into()));
    let url = backend.get("/v1/invitations").await.ok().text("/0/url");
    let (_, ticket) = url.split_once("ticket=").expect("a ticket");
    let fields = [("strategy", "ticket"), ("ticket", ticket), ("password", PASSWORD)];
    let done = server.browser().post("/v1/client/sign_ups", &fields).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    let listed = backend.get("/v1/waitlist_entries?status=completed").await.ok();
    assert_eq!((listed.at("/total_count"), listed.text("/data/0/id")), (1.into(), id.clone()));
    for action in ["invite", "reject"] {
        let refused = backend.post(&format!("/v1/waitlist_entries/{id}/{action}"), json!({})).await;
        assert_eq!(refused.refusal(), (409, "waitlist_entry_already_completed".into()), "{action}");
    }
    assert_eq!(backend.delete(&format!("/v1/waitlist_entries/{id}")).await.status, 409);
}

#[tokio::test]
async fn turning_somebody_down_takes_their_invitation_back() {
    let (server, backend) = with_waitlist().await;
    let id = join(&server, JANE).await.ok().text("/id");
    backend.post(&format!("/v1/waitlist_entries/{id}/invite"), json!({})).await.ok();
    let rejected = backend.post(&format!("/v1/waitlist_entries/{id}/reject"), json!({})).await.ok();
    assert_eq!((rejected.text("/status"), rejected.at("/invitation")), ("rejected".into(), Value::Null));
    assert_eq!(backend.get("/v1/invitations").await.ok().text("/0/status"), "revoked");
    let again = backend.post(&format!("/v1/waitlist_entries/{id}/reject"), json!({})).await;
    assert_eq!(again.refusal(), (409, "waitlist_entry_already_rejected".into()));
    let reconsidered = backend.post(&format!("/v1/waitlist_entries/{id}/invite"), json!({})).await.ok();
    assert_eq!(reconsidered.text("/status"), "invited");
}

#[tokio::test]
async fn only_an_instance_with_a_waitlist_takes_entries() {
    let server = TestServer::start().await;
    assert_eq!(join(&server, JANE).await.refusal(), (403, "waitlist_not_accepting_entries".into()));
    let (server, _) = with_waitlist().await;
    assert_eq!(join(&server, "jane").await.refusal(), (422, "form_param_format_invalid".into()));
    let missing = server.browser().post("/v1/waitlist", &[]).await;
    assert_eq!(missing.refusal(), (422, "form_param_missing".into()));
}

#[tokio::test]
async fn backends_add_list_and_remove() {
    let (server, backend) = with_waitlist().await;
    let one = backend.post("/v1/waitlist_entries", json!({ "email_address": JANE, "notify": false })).await.ok();
    let more = json!([{ "email_address": "a@example.com", "notify": false }, { "email_address": JANE }]);
    let made = backend.post("/v1/waitlist_entries/bulk", more).await.ok();
    assert_eq!(made.text("/1/id"), one.text("/id"), "who is there stays");
    assert_eq!(server.mails(&server.development(), JANE).await.len(), 0);
    for (query, first, count) in [
        ("order_by=email_address", "a@example.com", 2),
        ("order_by=-email_address", JANE, 2),
        ("query=JANE", JANE, 1),
        ("status=pending&limit=1&order_by=email_address", "a@example.com", 2),
    ] {
        let listed = backend.get(&format!("/v1/waitlist_entries?{query}")).await.ok();
        assert_eq!(listed.text("/data/0/email_address"), first, "{query}");
        assert_eq!(listed.at("/total_count"), count, "{query}");
    }
    let path = format!("/v1/waitlist_entries/{}", one.text("/id"));
    assert_eq!(backend.delete(&path).await.ok().at("/deleted"), true);
    assert_eq!(backend.delete(&path).await.refusal(), (404, "resource_not_found".into()));
    for (body, refusal) in [
        (json!([]), "form_param_array_size_exceeded"),
        (json!([{ "email_address": "b@x.io" }, { "email_address": "B@x.io" }]), "form_param_duplicate"),
        (json!([{ "email_address": "b" }]), "form_param_format_invalid"),
    ] {
        assert_eq!(backend.post("/v1/waitlist_entries/bulk", body).await.refusal(), (422, refusal.into()));
    }
    for query in ["status=asleep", "order_by=color"] {
        let refused = backend.get(&format!("/v1/waitlist_entries?{query}")).await;
        assert_eq!(refused.refusal(), (422, "form_param_value_invalid".into()), "{query}");
    }
}

#[tokio::test]
async fn a_waitlist_belongs_to_one_instance() {
    let (server, backend) = with_waitlist().await;
    let id = join(&server, JANE).await.ok().text("/id");
    let other = server.application(verger_service::NewApplication { name: "Other".into(), ..Default::default() }).await;
    let stranger = Backend::new(server.clone(), other.development.secret_key.expect("a key to show").expose());
    assert_eq!(stranger.get("/v1/waitlist_entries").await.ok().at("/total_count"), 0);
    assert_eq!(stranger.delete(&format!("/v1/waitlist_entries/{id}")).await.status, 404);
    for action in ["invite", "reject"] {
        let refused = stranger.post(&format!("/v1/waitlist_entries/{id}/{action}"), json!({})).await;
        assert_eq!(refused.status, 404, "{action}");
    }
    assert_eq!(backend.get("/v1/waitlist_entries").await.ok().at("/total_count"), 1);
}
