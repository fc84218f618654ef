//! Another instance sees nothing.

use serde_json::{Value, json};
use verger_service::NewApplication;
use verger_testkit::{Browser, PASSWORD, TestServer};

const JANE: &str = "jane@example.com";

async fn two_apps() -> (TestServer, Browser, Browser) {
    let server = TestServer::start().await;
    let shop = server.application(NewApplication { name: "Shop".into(), ..NewApplication::default() }).await;
    let (root, shop) = (server.browser(), server.browser_of(&shop.development.tenant));
    (server, root, shop)
}

#[tokio::test]
async fn the_same_address_signs_up_at_each_instance() {
    let (_server, mut root, mut shop) = two_apps().await;
    let one = root.sign_up(JANE).await.text("/response/created_user_id");
    let other = shop.sign_up(JANE).await;
    assert_ne!(other.text("/response/created_user_id"), one);
    let cookies = other.set_cookies();
    let client = cookies.iter().find(|line| line.starts_with("__client=")).expect("the client's cookie");
    assert!(client.contains("; Path=/i/shop;"), "{client}");
    let token = other.text("/client/sessions/0/last_active_token/jwt");
    assert_eq!(super::sessions::claims(&token)["iss"], "http://localhost:4000/i/shop");
}

#[tokio::test]
async fn users_of_one_instance_are_unknown_at_another() {
    let (_server, mut root, mut shop) = two_apps().await;
    root.sign_up(JANE).await;
    assert_eq!(shop.sign_in(JANE, PASSWORD).await.refusal(), (422, "form_identifier_not_found".into()));
}

#[tokio::test]
async fn both_live_in_one_browser_and_sign_out_alone() {
    let (_server, mut root, mut shop) = two_apps().await;
    root.sign_up(JANE).await;
    shop.jar = root.jar.clone();
    shop.sign_up(JANE).await;
    // One jar: the cookie of the root instance reaches the other one's paths too.
    root.jar = shop.jar.clone();
    shop.get("/v1/me").await.ok();
    root.get("/v1/me").await.ok();
    shop.sign_out().await.ok();
    root.jar = shop.jar.clone();
    assert_eq!(shop.get("/v1/me").await.refusal(), (401, "signed_out".into()));
    root.get("/v1/me").await.ok();
}

#[tokio::test]
async fn ids_of_another_instance_do_not_exist() {
    let (_server, mut root, mut shop) = two_apps().await;
    let session = root.sign_up(JANE).await.text("/client/sessions/0/id");
    let mut visitor = root.clone();
    visitor.jar = verger_testkit::Jar::default();
    let sign_in = visitor.identify(JANE).await;
    let sign_up = visitor.post("/v1/client/sign_ups", &[("email_address", "joe@example.com")]).await.ok();
    let sign_up = sign_up.text("/response/id");
    shop.sign_up(JANE).await;

    let not_found = (404, "resource_not_found".into());
    assert_eq!(shop.get(&format!("/v1/client/sessions/{session}")).await.refusal(), not_found);
    assert_eq!(shop.get(&format!("/v1/client/sign_ins/{sign_in}")).await.refusal(), not_found);
    assert_eq!(shop.get(&format!("/v1/client/sign_ups/{sign_up}")).await.refusal(), not_found);
    for step in ["tokens", "touch", "end", "remove"] {
        let answer = shop.post(&format!("/v1/client/sessions/{session}/{step}"), &[]).await;
        assert_eq!(answer.refusal(), not_found, "{step}");
    }
    assert_eq!(shop.post(&format!("/v1/me/sessions/{session}/revoke"), &[]).await.refusal(), not_found);
    let password = [("strategy", "password"), ("password", PASSWORD)];
    assert_eq!(shop.sign_in_step(&sign_in, "attempt_first_factor", &password).await.refusal(), not_found);
    assert_eq!(shop.patch(&format!("/v1/client/sign_ups/{sign_up}"), &[]).await.refusal(), not_found);
    root.get("/v1/me").await.ok();
}

#[tokio::test]
async fn a_client_of_another_instance_is_a_new_visitor() {
    let (server, mut root, shop) = two_apps().await;
    root.sign_up(JANE).await;
    let cookie = format!("__client={}", root.jar.get("__client").unwrap());
    let request = shop.request("GET", "/v1/client").header("cookie", &cookie);
    let answer = server.at_frontend(request.body(axum::body::Body::empty()).unwrap()).await.ok();
    assert_eq!(answer.json(), json!({"response": null, "client": null}));
    let request = shop.request("GET", "/v1/me").header("cookie", &cookie);
    let answer = server.at_frontend(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 401);
}

#[tokio::test]
async fn a_development_browser_of_another_instance_is_unknown() {
    let (_server, root, mut shop) = two_apps().await;
    let root = root.open().await;
    shop.dev_browser = root.dev_browser;
    assert_eq!(shop.get("/v1/client").await.refusal(), (401, "dev_browser_unauthenticated".into()));
}

#[tokio::test]
async fn a_ticket_of_another_instance_is_none() {
    let (server, mut root, mut shop) = two_apps().await;
    let user_id = root.sign_up(JANE).await.text("/response/created_user_id");
    let new = verger_service::NewSignInToken { user_id, expires_in_seconds: None };
    let (_, ticket, _) = server.service.create_sign_in_token(&server.ctx(&root.tenant), new).await.unwrap();
    let answer = shop.post("/v1/client/sign_ins", &[("strategy", "ticket"), ("ticket", &ticket)]).await;
    assert_eq!(answer.refusal(), (400, "ticket_invalid_code".into()));
}

#[tokio::test]
async fn an_unknown_prefix_is_not_found() {
    let (_server, root, _shop) = two_apps().await;
    for path in ["/i/nowhere/v1/client", "/i/../v1/client", "/i//v1/client"] {
        let answer = root.clone().navigate(path).await;
        assert_eq!((answer.status, answer.at("/response")), (404, Value::Null), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn applications_made_at_once_are_all_known_at_once() {
    let server = TestServer::start().await;
    let mut making = tokio::task::JoinSet::new();
    for n in 0..24 {
        let server = server.clone();
        let new = NewApplication { name: format!("orchard-{n}"), ..NewApplication::default() };
        making.spawn(async move { server.application(new).await });
    }
    let made = making.join_all().await;
    for created in made {
        let id = &created.development.tenant.instance.id;
        assert!(server.service.tenant(id).is_some(), "{id:?} was forgotten");
    }
}
