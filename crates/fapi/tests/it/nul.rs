//! U+0000, which PostgreSQL's text cannot hold: refused by name wherever it is text, and harmless inside a JSON document.

use serde_json::json;
use verger_testkit::postgres::{Database, Locale};
use verger_testkit::{Answer, Browser, TestServer};

const JANE: &str = "jane@example.com";

#[track_caller]
fn assert_refused(answer: &Answer, name: &str) {
    assert_eq!(answer.refusal(), (422, "form_param_value_invalid".into()), "{name}");
    assert_eq!(answer.text("/errors/0/meta/param_name"), name);
}

/// Every scalar of a form and of a query, and what stands in a path.
async fn nothing_with_a_nul_reaches_the_database(mut browser: Browser) {
    let (sign_ups, sign_ins) = ("/v1/client/sign_ups", "/v1/client/sign_ins");
    for name in ["email_address", "first_name", "last_name", "password", "ticket", "username", "locale"] {
        assert_refused(&browser.post(sign_ups, &[(name, "a\0b@example.com")]).await, name);
    }
    for name in ["identifier", "password", "strategy", "ticket"] {
        assert_refused(&browser.post(sign_ins, &[(name, "a\0b@example.com")]).await, name);
    }
    assert_refused(&browser.get("/v1/client?rotating_token_nonce=a%00b").await, "rotating_token_nonce");
    assert_refused(&browser.post(&format!("{sign_ins}?locale=%00"), &[("identifier", JANE)]).await, "locale");
    for (name, rest) in [("redirect_url", ""), ("format", "&redirect_url=http%3A%2F%2Flocalhost%3A3000")] {
        assert_refused(&browser.navigate(&format!("/v1/client/handshake?{name}=a%00b{rest}")).await, name);
    }
    for name in ["__clerk_db_jwt", "_clerk_session_id"] {
        assert_refused(&browser.navigate(&format!("/v1/client?{name}=a%00b")).await, name);
    }
    browser.sign_up(JANE).await;
    for path in ["/v1/client/sign_ins/%00", "/v1/client/sign_ups/sua_%00", "/v1/client/sessions/sess_1%00"] {
        assert_eq!(browser.get(path).await.refusal(), (404, "resource_not_found".into()), "{path}");
    }
    assert_refused(&browser.patch("/v1/me", &[("first_name", "J\0")]).await, "first_name");
    assert_refused(&browser.post("/v1/me/change_password", &[("new_password", "a\0b")]).await, "new_password");
    let session = browser.get("/v1/client").await.ok().text("/response/last_active_session_id");
    let tokens = format!("/v1/client/sessions/{session}/tokens/a%00b");
    assert_eq!(browser.post(&tokens, &[]).await.refusal(), (404, "resource_not_found".into()));
}

/// A document is one text that escapes it.
async fn a_document_comes_back_as_it_was(mut browser: Browser) {
    browser.sign_up(JANE).await;
    let document = json!({ "a\0b": ["\0", { "text": "\\u0000" }] });
    let fields = [("unsafe_metadata", document.to_string())];
    browser.patch("/v1/me/metadata", &[("unsafe_metadata", &fields[0].1)]).await.ok();
    assert_eq!(browser.get("/v1/me").await.ok().at("/response/unsafe_metadata"), document);
}

#[tokio::test]
async fn text_is_refused_over_sqlite() {
    nothing_with_a_nul_reaches_the_database(TestServer::start().await.browser().open().await).await;
}

#[tokio::test]
async fn text_is_refused_over_postgresql() {
    let database = Database::fresh(Locale::C);
    nothing_with_a_nul_reaches_the_database(TestServer::on_postgres(&database).await.browser().open().await).await;
}

#[tokio::test]
async fn documents_are_kept_over_sqlite() {
    a_document_comes_back_as_it_was(TestServer::start().await.browser().open().await).await;
}

#[tokio::test]
async fn documents_are_kept_over_postgresql() {
    let database = Database::fresh(Locale::C);
    a_document_comes_back_as_it_was(TestServer::on_postgres(&database).await.browser().open().await).await;
}
