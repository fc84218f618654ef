//! Apps on phones: a client token in `Authorization`, and nothing that only browsers have.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, ORIGIN};
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;
use verger_model::settings::AndroidApp;
use verger_service::NewApplication;
use verger_testkit::{Answer, PASSWORD, TestServer};

const JANE: &str = "jane@example.com";

/// An app as Expo's SDK speaks: the token bare, no cookies, no origin.
struct App {
    server: TestServer,
    token: String,
}

impl App {
    async fn start() -> Self {
        let server = TestServer::start().await;
        server.settings(&server.development(), |settings| settings.native.api_enabled = true).await;
        server.browser().sign_up(JANE).await;
        Self { server, token: String::new() }
    }

    async fn send(&mut self, method: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let joint = if path.contains('?') { '&' } else { '?' };
        let uri = format!("{path}{joint}_is_native=1&_method={method}");
        let verb = if method == "GET" { "GET" } else { "POST" };
        let request = Request::builder().method(verb).uri(uri).header(HOST, "localhost:4000");
        let request =
            request.header(AUTHORIZATION, &self.token).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let body = Serializer::new(String::new()).extend_pairs(fields).finish();
        let answer = self.server.at_frontend(request.body(Body::from(body)).expect("a request")).await;
        assert!(answer.set_cookies().is_empty(), "an app keeps no cookies");
        let told = answer.header(AUTHORIZATION);
        if !told.is_empty() {
            self.token = told.to_owned();
        }
        answer
    }

    async fn sign_in(&mut self) -> Answer {
        let fields = [("identifier", JANE), ("password", PASSWORD), ("strategy", "password")];
        self.send("POST", "/v1/client/sign_ins", &fields).await
    }
}

#[tokio::test]
async fn an_app_signs_in_reads_and_signs_out_by_its_token_alone() {
    let mut app = App::start().await;
    assert_eq!(app.send("GET", "/v1/client", &[]).await.ok().at("/response"), Value::Null);
    let environment = app.send("GET", "/v1/environment", &[]).await.ok();
    assert_eq!(environment.at("/auth_config/native_settings/api_enabled"), json!(true));

    let done = app.sign_in().await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    let session = done.text("/response/created_session_id");
    let token = app.token.clone();
    assert!(!token.is_empty());
    assert_eq!(app.send("GET", "/v1/me", &[]).await.ok().text("/response/object"), "user");
    app.send("POST", &format!("/v1/client/sessions/{session}/tokens"), &[]).await.ok();
    assert_eq!(app.token, token, "nothing new is told when nothing changed");
    app.token = format!("Bearer {token}");
    app.send("GET", "/v1/me", &[]).await.ok();

    app.send("POST", &format!("/v1/client/sessions/{session}/remove"), &[]).await.ok();
    assert_ne!(app.token, token, "the token changes with a sign-out");
    assert_eq!(app.send("GET", "/v1/me", &[]).await.refusal(), (401, "signed_out".into()));
}

#[tokio::test]
async fn an_app_is_not_known_by_cookies() {
    let mut app = App::start().await;
    app.sign_in().await.ok();
    let request = Request::get("/v1/me?_is_native=1").header(HOST, "localhost:4000");
    let request = request.header(COOKIE, format!("__client={}", app.token)).body(Body::empty()).expect("a request");
    assert_eq!(app.server.at_frontend(request).await.refusal(), (401, "signed_out".into()));
    // Nor is a browser known by a header.
    let request = Request::get("/v1/me").header(HOST, "localhost:4000").header(AUTHORIZATION, &app.token);
    let answer = app.server.at_frontend(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.refusal(), (401, "signed_out".into()));
}

#[tokio::test]
async fn a_page_cannot_pose_as_an_app() {
    let mut app = App::start().await;
    app.sign_in().await.ok();
    let request = Request::get("/v1/me?_is_native=1").header(HOST, "localhost:4000").header(AUTHORIZATION, &app.token);
    let request = request.header(ORIGIN, "http://localhost:3000").body(Body::empty()).expect("a request");
    let answer = app.server.at_frontend(request).await;
    assert_eq!(answer.refusal(), (400, "origin_authorization_headers_conflict".into()));
}

#[tokio::test]
async fn an_app_is_refused_where_the_instance_has_none() {
    let mut app = App::start().await;
    app.server.settings(&app.server.development(), |settings| settings.native.api_enabled = false).await;
    assert_eq!(app.sign_in().await.refusal(), (400, "native_api_disabled".into()));
    assert_eq!(app.token, "");
}

#[tokio::test]
async fn a_token_of_another_instance_is_worth_nothing() {
    let mut app = App::start().await;
    app.sign_in().await.ok();
    let new = NewApplication { name: "Shop".into(), ..NewApplication::default() };
    let shop = app.server.application(new).await.development.tenant;
    app.server.settings(&shop, |settings| settings.native.api_enabled = true).await;
    assert_eq!(app.send("GET", "/i/shop/v1/me", &[]).await.refusal(), (401, "signed_out".into()));
    app.send("GET", "/v1/me", &[]).await.ok();
}

#[tokio::test]
async fn the_apps_of_an_instance_are_published() {
    let print = ["AB"; 32].join(":");
    let server = TestServer::start().await;
    let mut browser = server.browser();
    assert_eq!(browser.get("/.well-known/assetlinks.json").await.ok().json(), json!([]));
    let none = browser.get("/.well-known/apple-app-site-association").await.ok();
    assert_eq!(none.json(), json!({ "webcredentials": { "apps": [] } }));
    server
        .settings(&server.development(), |settings| {
            let prints = vec![print.clone()];
            settings.native.apple_apps = vec!["A1B2C3D4E5.test.app".into()];
            settings.native.android_apps =
                vec![AndroidApp { package_name: "test.app".into(), sha256_cert_fingerprints: prints }];
        })
        .await;
    let apple = browser.get("/.well-known/apple-app-site-association").await.ok();
    assert_eq!(apple.json(), json!({ "webcredentials": { "apps": ["A1B2C3D4E5.test.app"] } }));
    let android = browser.get("/.well-known/assetlinks.json").await.ok();
    let target = json!({
        "namespace": "android_app", "package_name": "test.app", "sha256_cert_fingerprints": [print],
    });
    assert_eq!(android.at("/0/target"), target);
    assert_eq!(android.at("/0/relation/1"), "delegate_permission/common.get_login_creds");
}
