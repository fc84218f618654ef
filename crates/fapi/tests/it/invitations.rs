//! Invitations: what their link opens, and signing up with them.

use serde_json::json;
use verger_model::Millis;
use verger_model::settings::SignUpMode;
use verger_testkit::{Answer, Backend, Browser, PASSWORD, TestServer};

const JANE: &str = "jane@example.com";

async fn invite(backend: &Backend, email: &str) -> (String, String) {
    let body = json!({ "email_address": email, "public_metadata": { "plan": "pro" } });
    let made = backend.post("/v1/invitations", body).await.ok();
    let url = made.text("/url");
    let (_, ticket) = url.split_once("ticket=").expect("a ticket in the address");
    (made.text("/id"), ticket.to_owned())
}

async fn sign_up(browser: &mut Browser, ticket: &str) -> Answer {
    browser.post("/v1/client/sign_ups", &[("strategy", "ticket"), ("ticket", ticket), ("password", PASSWORD)]).await
}

#[tokio::test]
async fn an_invited_person_signs_up_without_a_code() {
    let server = TestServer::start().await;
    let tenant = server.development();
    server.settings(&tenant, |settings| settings.sign_up.mode = SignUpMode::Restricted).await;
    let backend = server.backend().await;
    let (id, ticket) = invite(&backend, JANE).await;
    let mails = server.mails(&server.development(), JANE).await;
    assert!(mails[0].text.contains(&ticket) && mails[0].html.contains(&ticket), "{}", mails[0].text);

    let mut browser = server.browser();
    let started = browser.post("/v1/client/sign_ups", &[("strategy", "ticket"), ("ticket", &ticket)]).await.ok();
    assert_eq!(started.text("/response/email_address"), JANE);
    assert_eq!(started.at("/response/unverified_fields"), json!([]));
    assert_eq!(started.at("/response/missing_fields"), json!(["password"]));
    let path = format!("/v1/client/sign_ups/{}", started.text("/response/id"));
    let done = browser.patch(&path, &[("password", PASSWORD)]).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    let user = done.at("/client/sessions/0/user");
    assert_eq!(user["public_metadata"], json!({ "plan": "pro" }));
    assert_eq!(user["email_addresses"][0]["verification"]["strategy"], "ticket");
    let listed = backend.get("/v1/invitations?status=accepted").await.ok();
    assert_eq!(listed.text("/0/id"), id);

    let again = sign_up(&mut server.browser(), &ticket).await;
    assert_eq!(again.refusal(), (400, "invitation_already_accepted".into()));
}

#[tokio::test]
async fn restricted_instances_take_nobody_else() {
    let server = TestServer::start().await;
    let tenant = server.development();
    server.settings(&tenant, |settings| settings.sign_up.mode = SignUpMode::Restricted).await;
    let fields = [("email_address", JANE), ("password", PASSWORD)];
    let stranger = server.browser().post("/v1/client/sign_ups", &fields).await;
    assert_eq!(stranger.refusal(), (403, "sign_up_mode_restricted".into()));
    let (_, ticket) = invite(&server.backend().await, JANE).await;
    let mut browser = server.browser();
    let started = browser.post("/v1/client/sign_ups", &[("strategy", "ticket"), ("ticket", &ticket)]).await.ok();
    let path = format!("/v1/client/sign_ups/{}", started.text("/response/id"));
    let other = "eve+clerk_test@example.com";
    browser.patch(&path, &[("email_address", other), ("password", PASSWORD)]).await.ok();
    browser.post(&format!("{path}/prepare_verification"), &[("strategy", "email_code")]).await.ok();
    let code = [("strategy", "email_code"), ("code", "424242")];
    let exchanged = browser.post(&format!("{path}/attempt_verification"), &code).await;
    assert_eq!(exchanged.refusal(), (403, "sign_up_mode_restricted".into()), "an invitation is for one address");
}

#[tokio::test]
async fn invitations_go_before_the_lists() {
    let server = TestServer::start().await;
    let tenant = server.development();
    server.settings(&tenant, |settings| settings.restrictions.allowlist = true).await;
    let (_, ticket) = invite(&server.backend().await, JANE).await;
    assert_eq!(sign_up(&mut server.browser(), &ticket).await.ok().text("/response/status"), "complete");
}

#[tokio::test]
async fn invitations_go_before_the_lists_in_every_step() {
    let server = TestServer::start().await;
    let tenant = server.development();
    server.settings(&tenant, |settings| settings.restrictions.allowlist = true).await;
    let (_, ticket) = invite(&server.backend().await, JANE).await;
    let mut browser = server.browser();
    let started = browser.post("/v1/client/sign_ups", &[("strategy", "ticket"), ("ticket", &ticket)]).await.ok();
    let path = format!("/v1/client/sign_ups/{}", started.text("/response/id"));
    let other = browser.patch(&path, &[("email_address", "eve@example.com")]).await;
    assert_eq!(other.refusal(), (403, "not_allowed_access".into()), "an invitation is for one address");
    assert_eq!(browser.patch(&path, &[("password", PASSWORD)]).await.ok().text("/response/status"), "complete");
}

#[tokio::test]
async fn tickets_that_are_no_good_are_refused() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let (id, revoked) = invite(&backend, JANE).await;
    backend.post(&format!("/v1/invitations/{id}/revoke"), json!({})).await.ok();
    let (_, late) = invite(&backend, "late@example.com").await;
    let other = server.application(verger_service::NewApplication { name: "Other".into(), ..Default::default() }).await;
    let stranger = Backend::new(server.clone(), other.development.secret_key.expect("a key to show").expose());
    let (_, foreign) = invite(&stranger, JANE).await;
    server.clock.advance(Millis::from_days(31));
    for (ticket, code) in [
        (revoked.as_str(), "ticket_expired_code"),
        (late.as_str(), "ticket_expired_code"),
        (foreign.as_str(), "ticket_invalid_code"),
        ("nonsense", "ticket_invalid_code"),
    ] {
        assert_eq!(sign_up(&mut server.browser(), ticket).await.refusal(), (400, code.into()), "{code}");
    }
    let missing = server.browser().post("/v1/client/sign_ups", &[("strategy", "ticket")]).await;
    assert_eq!(missing.refusal(), (422, "form_param_missing".into()));
}

#[tokio::test]
async fn a_revoked_invitation_is_named_as_such() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let (id, ticket) = invite(&backend, JANE).await;
    let mut browser = server.browser();
    let started = browser.post("/v1/client/sign_ups", &[("strategy", "ticket"), ("ticket", &ticket)]).await.ok();
    backend.post(&format!("/v1/invitations/{id}/revoke"), json!({})).await.ok();
    let path = format!("/v1/client/sign_ups/{}", started.text("/response/id"));
    let late = browser.patch(&path, &[("password", PASSWORD)]).await;
    assert_eq!(late.refusal(), (400, "revoked_invitation".into()));
    assert_eq!(sign_up(&mut server.browser(), &ticket).await.refusal(), (400, "revoked_invitation".into()));
}

#[tokio::test]
async fn the_link_leads_to_where_the_ticket_is_taken() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let (_, ticket) = invite(&backend, JANE).await;
    let mut browser = server.browser();
    let path = format!("/v1/tickets/accept?ticket={ticket}");
    let sent = browser.get(&path).await;
    let location = sent.location().to_owned();
    assert!(location.starts_with("http://localhost:4000/sign-up?"), "{location}");
    assert!(location.ends_with("&__clerk_status=sign_up") && location.contains(&ticket), "{location}");

    server.browser().sign_up(JANE).await;
    let location = browser.get(&path).await.location().to_owned();
    assert!(location.contains("/sign-in?") && location.ends_with("&__clerk_status=sign_in"), "{location}");
    let exists = sign_up(&mut server.browser(), &ticket).await;
    assert_eq!(exists.refusal(), (400, "invitation_account_exists".into()));
    let mut known = server.browser();
    let done = known.post("/v1/client/sign_ins", &[("strategy", "ticket"), ("ticket", &ticket)]).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    let again = server.browser().post("/v1/client/sign_ins", &[("strategy", "ticket"), ("ticket", &ticket)]).await;
    assert_eq!(again.refusal(), (400, "invitation_already_accepted".into()));

    let body = json!({ "email_address": "eve@example.com", "redirect_url": "http://localhost:3000/welcome?a=1" });
    let made = backend.post("/v1/invitations", body).await.ok();
    let path = made.text("/url").replace("http://localhost:4000", "");
    let location = browser.get(&path).await.location().to_owned();
    assert!(location.starts_with("http://localhost:3000/welcome?a=1&__clerk_ticket="), "{location}");
    let refused = browser.get("/v1/tickets/accept?ticket=nonsense").await;
    assert_eq!(refused.refusal(), (400, "ticket_invalid_code".into()));
}

#[tokio::test]
async fn an_invitation_signs_in_nobody_without_an_account() {
    let server = TestServer::start().await;
    let (_, ticket) = invite(&server.backend().await, JANE).await;
    let refused = server.browser().post("/v1/client/sign_ins", &[("strategy", "ticket"), ("ticket", &ticket)]).await;
    assert_eq!(refused.refusal(), (400, "invitation_account_not_exists".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_fifty_parallel_tries_uses_an_invitation() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let (_, ticket) = invite(&backend, JANE).await;
    let mut tries = Vec::new();
    for _ in 0..50 {
        let (mut browser, ticket) = (server.browser(), ticket.clone());
        tries.push(tokio::spawn(async move { sign_up(&mut browser, &ticket).await }));
    }
    let mut successes = 0;
    for attempt in tries {
        let answer = attempt.await.expect("a try does not panic");
        // Hashing is bounded, so some of the crowd may be told to come back.
        assert!(answer.status < 500 || answer.status == 503, "{}", String::from_utf8_lossy(&answer.body));
        successes += usize::from(answer.status == 200 && answer.at("/response/status") == "complete");
    }
    assert_eq!(successes, 1);
    assert_eq!(backend.get("/v1/users/count").await.ok().at("/total_count"), 1);
}
