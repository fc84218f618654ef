//! The inbox of development instances.

use crate::door::Portal;
use serde_json::Value;
use verger_model::Millis;
use verger_portal::InboxAccess;
use verger_service::NewApplication;
use verger_testkit::{PASSWORD, TestServer};

async fn portal() -> (TestServer, Portal) {
    let server = TestServer::start().await;
    let portal = Portal::of(&server, InboxAccess::Open);
    (server, portal)
}

/// Has a code sent to an address.
async fn send_code(server: &TestServer, to: &str) {
    let mut browser = server.browser().open().await;
    let fields = [("email_address", to), ("password", PASSWORD)];
    let id = browser.post("/v1/client/sign_ups", &fields).await.ok().text("/response/id");
    let prepare = format!("/v1/client/sign_ups/{id}/prepare_verification");
    browser.post(&prepare, &[("strategy", "email_code")]).await.ok();
}

fn addresses(page: &Value) -> Vec<&str> {
    page["messages"]
        .as_array()
        .expect("it is in the page")
        .iter()
        .map(|mail| mail["to"].as_str().expect("it is in the page"))
        .collect()
}

#[tokio::test]
async fn a_mail_is_told_with_its_code() {
    let (server, portal) = portal().await;
    send_code(&server, "jane@example.com").await;
    server.settle().await;
    let page = portal.get("/inbox/messages?to=Jane%40example.com").await;
    assert_eq!(page.header("content-type"), "application/json");
    let mail = &page.json()["messages"][0];
    let code = mail["code"].as_str().unwrap();
    assert!(code.len() == 6 && mail["text"].as_str().unwrap().contains(code), "{mail}");
    let keys: Vec<_> = mail.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["code", "created_at", "from", "html", "id", "links", "subject", "text", "to"]);
}

#[tokio::test]
async fn a_message_to_a_phone_lies_beside_the_mails() {
    let (server, portal) = portal().await;
    server.settings(&server.development(), |settings| settings.attributes.phone_number.enabled = true).await;
    send_code(&server, "jane@example.com").await;
    server.clock.advance(Millis::from_secs(1));
    let mut browser = server.browser().open().await;
    let fields = [("phone_number", "+442079460123"), ("strategy", "phone_code")];
    browser.post("/v1/client/sign_ups", &fields).await.ok();
    server.settle().await;
    let all = portal.get("/inbox/messages").await.json();
    assert_eq!(addresses(&all), ["+442079460123", "jane@example.com"]);
    for to in ["%2B442079460123", "+442079460123"] {
        let page = portal.get(&format!("/inbox/messages?to={to}")).await.json();
        let sms = &page["messages"][0];
        assert_eq!((&sms["subject"], &sms["html"]), (&Value::from("SMS"), &Value::from("")), "{to}");
        let code = sms["code"].as_str().unwrap();
        assert!(code.len() == 6 && sms["text"].as_str().unwrap().contains(code), "{sms}");
    }
    let newest = all["messages"][0]["id"].as_str().unwrap();
    assert_eq!(addresses(&portal.get(&format!("/inbox/messages?after={newest}")).await.json()).len(), 0);
}

#[tokio::test]
async fn mails_come_newest_first_and_can_be_narrowed() {
    let (server, portal) = portal().await;
    for to in ["a@example.com", "b@example.com"] {
        send_code(&server, to).await;
        server.settle().await;
        server.clock.advance(Millis::from_secs(1));
    }
    let all = portal.get("/inbox/messages").await.json();
    assert_eq!(addresses(&all), ["b@example.com", "a@example.com"]);
    assert_eq!(addresses(&portal.get("/inbox/messages?to=a@example.com").await.json()), ["a@example.com"]);
    let oldest = all["messages"][1]["id"].as_str().unwrap();
    assert_eq!(addresses(&portal.get(&format!("/inbox/messages?after={oldest}")).await.json()), ["b@example.com"]);
}

#[tokio::test]
async fn a_nul_is_in_no_address() {
    let (_server, portal) = portal().await;
    let answer = portal.get("/inbox/messages?to=a%00b@example.com").await;
    let error = &answer.json()["errors"][0];
    assert_eq!(answer.status, 422);
    assert_eq!((&error["code"], &error["meta"]["param_name"]), (&"form_param_value_invalid".into(), &"to".into()));
}

#[tokio::test]
async fn who_waits_is_answered_by_the_mail() {
    let (server, portal) = portal().await;
    let waiting = portal.get("/inbox/messages?to=jane@example.com&wait=30");
    let sending = async {
        send_code(&server, "other@example.com").await;
        send_code(&server, "jane@example.com").await;
        server.settle().await;
    };
    let (page, ()) = tokio::join!(waiting, sending);
    assert_eq!(addresses(&page.json()), ["jane@example.com"]);
}

#[tokio::test]
async fn who_waits_in_vain_gets_an_empty_list() {
    let (_, portal) = portal().await;
    let page = portal.get("/inbox/messages?wait=1").await;
    assert_eq!((page.status.as_u16(), addresses(&page.json()).len()), (200, 0));
    assert_eq!(portal.get("/inbox/messages?wait=soon").await.status, 400);
}

#[tokio::test]
async fn a_server_that_stops_lets_nobody_wait() {
    let (server, portal) = portal().await;
    server.state.begin_shutdown();
    let page = portal.get("/inbox/messages?wait=30").await;
    assert_eq!(addresses(&page.json()).len(), 0);
}

#[tokio::test]
async fn another_instance_sees_nothing() {
    let (server, portal) = portal().await;
    send_code(&server, "jane@example.com").await;
    server.settle().await;
    server.application(NewApplication { name: "Shop".into(), ..NewApplication::default() }).await;
    assert_eq!(addresses(&portal.get("/i/shop/inbox/messages").await.json()).len(), 0);
}

#[tokio::test]
async fn production_has_no_inbox_and_neither_has_a_closed_server() {
    let (server, portal) = portal().await;
    server.production().await;
    let closed = Portal::of(&server, InboxAccess::Closed);
    for path in ["/inbox", "/inbox/messages"] {
        assert_eq!(portal.get(path).await.status, 200, "{path}");
        assert_eq!(portal.get_at("accounts.a.test", path).await.status, 404, "{path}");
        assert_eq!(portal.get_at("clerk.a.test", path).await.status, 404, "{path}");
        assert_eq!(closed.get(path).await.status, 404, "{path}");
    }
    assert!(!closed.get("/").await.text.contains("/inbox"));
}
