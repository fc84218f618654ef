//! The client itself, its cookie and its redirects.

use serde_json::{Value, json};
use verger_model::Millis;
use verger_testkit::{PASSWORD, TestServer};

const JANE: &str = "jane@example.com";

#[tokio::test]
async fn a_new_visitor_has_no_client_and_reading_makes_none() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let answer = browser.get("/v1/client").await.ok();
    assert_eq!(answer.json(), json!({"response": null, "client": null}));
    assert!(answer.set_cookies().is_empty());
}

#[tokio::test]
async fn a_client_can_be_asked_for() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let made = browser.put("/v1/client", &[]).await.ok();
    assert_eq!(made.text("/response/object"), "client");
    assert_eq!(browser.put("/v1/client", &[]).await.ok().at("/response/id"), made.at("/response/id"));
    assert_eq!(browser.get("/v1/client").await.ok().at("/response/id"), made.at("/response/id"));
}

#[tokio::test]
async fn the_cookie_is_for_the_frontend_api_alone() {
    let server = TestServer::start().await;
    let answer = server.browser().sign_in("x", "y").await;
    assert!(answer.set_cookies().is_empty(), "a refusal sets no cookie");
    let made = server.browser().post("/v1/client/sign_ins", &[]).await.ok();
    let cookies = made.set_cookies();
    let client = cookies.iter().find(|line| line.starts_with("__client=")).expect("the client's cookie");
    assert!(client.ends_with("; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax"), "{client}");

    let live = server.production().await.production.tenant;
    let made = server.browser_of(&live).post("/v1/client/sign_ins", &[]).await.ok();
    let cookies = made.set_cookies();
    let client = cookies.iter().find(|line| line.starts_with("__client=")).expect("the client's cookie");
    assert!(client.ends_with("; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax; Secure"), "{client}");
    let uat = cookies.iter().find(|line| line.starts_with("__client_uat=")).expect("the mark for the apps");
    assert!(uat.contains("=0; Path=/; Domain=a.test; ") && uat.ends_with("; Secure") && !uat.contains("HttpOnly"));
}

#[tokio::test]
async fn signing_out_keeps_the_client() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let id = browser.sign_up(JANE).await.at("/client/id");
    let answer = browser.sign_out().await.ok();
    assert_eq!((answer.at("/response/id"), answer.at("/response/sessions")), (id.clone(), json!([])));
    assert_eq!(browser.jar.get("__client_uat"), Some("0"));
    let client = browser.get("/v1/client").await.ok();
    assert_eq!((client.at("/response/id"), client.at("/response/last_active_session_id")), (id, Value::Null));
}

#[tokio::test]
async fn deleting_the_client_forgets_everything() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    browser.sign_up(JANE).await;
    let old = browser.clone();
    browser.delete("/v1/client").await.ok();
    assert_eq!((browser.jar.get("__client"), browser.jar.get("__client_uat")), (None, Some("0")));
    for mut browser in [browser, old] {
        assert_eq!(browser.get("/v1/client").await.ok().at("/response"), Value::Null);
    }
}

#[tokio::test]
async fn a_cookie_from_before_the_sign_in_opens_nothing_of_it() {
    let server = TestServer::start().await;
    server.browser().sign_up(JANE).await;
    let mut browser = server.browser();
    browser.identify(JANE).await;
    let mut planted = browser.clone();
    browser.sign_in(JANE, PASSWORD).await.ok();
    assert_ne!(planted.jar.get("__client"), browser.jar.get("__client"));
    assert_eq!(planted.get("/v1/me").await.refusal(), (401, "signed_out".into()));
    assert_eq!(planted.get("/v1/client").await.ok().at("/response/sessions"), json!([]));
    server.clock.advance(Millis::from_secs(61));
    assert_eq!(planted.get("/v1/client").await.ok().at("/response"), Value::Null);
}

#[tokio::test]
async fn a_lost_answer_signs_nobody_out() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    browser.sign_up(JANE).await;
    server.clock.advance(Millis::from_secs(5));
    let mut lost = browser.clone();
    browser.navigate("/v1/client/touch?redirect_url=http%3A%2F%2Flocalhost%3A3000%2F").await;
    assert_ne!(lost.jar.get("__client"), browser.jar.get("__client"));
    lost.get("/v1/me").await.ok();
    browser.get("/v1/me").await.ok();
}

#[tokio::test]
async fn junk_in_the_cookie_is_a_new_visitor() {
    let server = TestServer::start().await;
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJpZCI6ImNsaWVudF8xIiwicm90YXRpbmdfdG9rZW4iOiJ4In0.";
    let long = "x".repeat(20 * 1024);
    for value in ["", "a.b.c", long.as_str(), "%00", none] {
        let request = server.browser().request("GET", "/v1/client").header("cookie", format!("__client={value}"));
        let answer = server.at_frontend(request.body(axum::body::Body::empty()).unwrap()).await.ok();
        assert_eq!(answer.at("/response"), Value::Null);
    }
}

#[tokio::test]
async fn every_client_cookie_of_a_request_is_tried() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    browser.sign_up(JANE).await;
    let own = browser.jar.get("__client").unwrap();
    let request =
        server.browser().request("GET", "/v1/client").header("cookie", format!("__client=junk; __client={own}"));
    let answer = server.at_frontend(request.body(axum::body::Body::empty()).unwrap()).await.ok();
    assert_eq!(answer.text("/response/object"), "client");
}

#[tokio::test]
async fn a_development_browser_stands_in_for_the_cookie() {
    let server = TestServer::start().await;
    let mut browser = server.browser().open().await;
    let id = browser.sign_up(JANE).await.at("/client/id");
    browser.jar = verger_testkit::Jar::default();
    assert_eq!(browser.get("/v1/client").await.ok().at("/response/id"), id);
    browser.dev_browser = Some("dvb_unknown".into());
    assert_eq!(browser.get("/v1/client").await.refusal(), (401, "dev_browser_unauthenticated".into()));
}

#[tokio::test]
async fn touching_the_client_comes_back_with_a_new_cookie() {
    let server = TestServer::start().await;
    let mut browser = server.browser().open().await;
    browser.sign_up(JANE).await;
    let before = browser.jar.get("__client").map(str::to_owned);
    let token = browser.dev_browser.clone().unwrap();
    let path =
        format!("/v1/client/touch?redirect_url=http%3A%2F%2Flocalhost%3A3000%2Fa%3Fb%3D1&__clerk_db_jwt={token}");
    let answer = browser.navigate(&path).await;
    assert_eq!(answer.status, 307);
    assert_eq!(answer.location(), format!("http://localhost:3000/a?b=1&__clerk_db_jwt={token}"));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_ne!(browser.jar.get("__client").map(str::to_owned), before);
}

#[tokio::test]
async fn a_head_request_touches_nothing() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    browser.sign_up(JANE).await;
    let request = browser.request("HEAD", "/v1/client/touch?redirect_url=http%3A%2F%2Flocalhost%3A3000%2F");
    let answer = server.at_frontend(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!((answer.status, answer.set_cookies().len()), (307, 0));
    server.clock.advance(Millis::from_mins(2));
    browser.get("/v1/me").await.ok();
}

#[tokio::test]
async fn sync_comes_back_with_its_mark() {
    let server = TestServer::start().await;
    let path = "/v1/client/sync?redirect_url=http%3A%2F%2Flocalhost%3A3000%2F";
    let answer = server.browser().navigate(path).await;
    assert_eq!((answer.status, answer.location()), (307, "http://localhost:3000/?__clerk_synced=true"));
}

#[tokio::test]
async fn a_redirect_goes_to_the_instances_own_pages_only() {
    let server = TestServer::start().await;
    let live = server.production().await.production.tenant;
    let long = format!("https://app.a.test/{}", "x".repeat(3000));
    for (url, status) in [
        ("https%3A%2F%2Fevil.test%2F", 422),
        ("https%3A%2F%2Fapp.a.test.evil.test%2F", 422),
        ("http%3A%2F%2Fapp.a.test%2F", 422),
        ("https%3A%2F%2Fapp.a.test%40evil.test%2F", 422),
        ("javascript%3Aalert(1)", 422),
        ("%2F%2Fevil.test%2Fx", 422),
        ("data%3Atext%2Fhtml%2Cx", 422),
        (long.as_str(), 422),
        ("", 400),
    ] {
        for path in ["handshake", "touch", "sync"] {
            let path = format!("/v1/client/{path}?redirect_url={url}");
            let answer = server.browser_of(&live).navigate(&path).await;
            assert_eq!((answer.status, answer.location()), (status, ""), "{path}");
            assert!(answer.set_cookies().is_empty(), "{path}");
        }
    }
}
