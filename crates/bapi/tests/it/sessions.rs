//! `/sessions`.

use crate::{ids, nothing, param, refused, start, user_id};
use serde_json::{Value, json};
use verger_jose::{Category, Expect, KeySet, verify};
use verger_model::Millis;
use verger_service::{CreatedApplication, Tenant};
use verger_testkit::{APP, Backend, PASSWORD};
use verger_wire::SessionClaims;

fn claims(backend: &Backend, tenant: &Tenant, jwt: &str) -> SessionClaims {
    let keys = KeySet::from_jwks(&tenant.jwks()).expect("published keys can be read");
    let expect = Expect::new(Category::Session, backend.server.service.now().secs());
    verify(jwt, &keys, &expect).expect("a good session token")
}

async fn session(backend: &Backend, user: &str) -> String {
    backend.post("/v1/sessions", json!({ "user_id": user })).await.ok().text("/id")
}

#[tokio::test]
async fn a_session_is_made_read_and_revoked() {
    let backend = start().await;
    let user = user_id(&backend, "jane@example.com").await;
    let made = backend.post("/v1/sessions", json!({ "user_id": user })).await.ok();
    assert_eq!(
        (made.text("/object"), made.text("/status"), made.text("/user_id")),
        ("session".into(), "active".into(), user)
    );
    let path = format!("/v1/sessions/{}", made.text("/id"));
    assert_eq!(backend.get(&path).await.ok().text("/client_id"), made.text("/client_id"));
    assert_eq!(backend.send("POST", &format!("{path}/revoke"), None).await.ok().text("/status"), "revoked");
    assert_eq!(backend.get(&path).await.ok().text("/status"), "revoked");
    assert_eq!(backend.send("POST", &format!("{path}/revoke"), None).await.ok().text("/status"), "revoked");
    let token = backend.post(&format!("{path}/tokens"), json!({})).await;
    assert_eq!(token.refusal(), refused(404, "resource_not_found"));
}

#[tokio::test]
async fn a_production_instance_makes_no_sessions() {
    let server = start().await.server;
    let CreatedApplication { production, .. } = server.production().await;
    let (_, key) = server.service.create_secret_key(&production.tenant.instance.id, "test").await.unwrap();
    let live = Backend::new(server, key.expose());
    let user = user_id(&live, "jane@example.com").await;
    let answer = live.post("/v1/sessions", json!({ "user_id": user })).await;
    assert_eq!(answer.refusal(), refused(400, "request_invalid_for_environment"));
}

#[tokio::test]
async fn a_list_is_an_array_unless_it_is_asked_for_in_pages() {
    let backend = start().await;
    let (jane, eve) = (user_id(&backend, "jane@example.com").await, user_id(&backend, "eve@example.com").await);
    let mut made = Vec::new();
    for user in [&jane, &jane, &eve] {
        made.push(session(&backend, user).await);
        backend.server.clock.advance(Millis::from_secs(1));
    }
    let (first, second, third) = (made[0].as_str(), made[1].as_str(), made[2].as_str());
    assert_eq!(ids(&backend.get("/v1/sessions").await.ok()), [third, second, first]);
    assert_eq!(ids(&backend.get("/v1/sessions?paginated=false&limit=1").await.ok()), [third]);
    let page = backend.get(&format!("/v1/sessions?user_id={jane}&paginated=true&limit=1&offset=1")).await.ok();
    assert_eq!(page.at("/total_count"), json!(2));
    assert_eq!((page.text("/data/0/id"), page.at("/data/1")), (first.to_owned(), Value::Null));
    let client = backend.get(&format!("/v1/sessions/{first}")).await.ok().text("/client_id");
    assert_eq!(ids(&backend.get(&format!("/v1/sessions?client_id={client}")).await.ok()), [first]);
    backend.send("POST", &format!("/v1/sessions/{third}/revoke"), None).await.ok();
    assert_eq!(ids(&backend.get("/v1/sessions?status=revoked").await.ok()), [third]);
    assert_eq!(ids(&backend.get("/v1/sessions?status=active").await.ok()), [second, first]);
    assert_eq!(ids(&backend.get("/v1/sessions?user_id=nobody").await.ok()), Vec::<String>::new());
    for (query, code, name) in [
        ("status=asleep", "form_param_value_invalid", "status"),
        ("limit=501", "form_param_value_too_large", "limit"),
        ("paginated=1", "form_param_type_invalid", "paginated"),
        ("user=x", "form_param_unknown", "user"),
    ] {
        let answer = backend.get(&format!("/v1/sessions?{query}")).await;
        assert_eq!((answer.refusal(), param(&answer)), (refused(422, code), name.into()), "{query}");
    }
}

#[tokio::test]
async fn a_session_past_its_end_is_listed_as_expired() {
    let backend = start().await;
    let user = user_id(&backend, "jane@example.com").await;
    let id = session(&backend, &user).await;
    backend.server.clock.advance(Millis::from_days(8));
    assert_eq!(backend.get(&format!("/v1/sessions/{id}")).await.ok().text("/status"), "expired");
    assert_eq!(ids(&backend.get("/v1/sessions?status=active").await.ok()), Vec::<String>::new());
    assert_eq!(ids(&backend.get("/v1/sessions?status=expired").await.ok()), [id.as_str()]);
}

#[tokio::test]
async fn a_token_names_user_session_and_the_app_that_was_used_last() {
    let backend = start().await;
    let root = backend.server.development();
    let user = user_id(&backend, "jane@example.com").await;
    let mut browser = backend.server.browser().open().await;
    let signed_in = browser.sign_in("jane@example.com", PASSWORD).await.ok().text("/response/created_session_id");
    let answer = backend.send("POST", &format!("/v1/sessions/{signed_in}/tokens"), None).await.ok();
    assert_eq!(answer.text("/object"), "token");
    let found = claims(&backend, &root, &answer.text("/jwt"));
    assert_eq!(
        (found.sub.as_str(), found.sid.as_str(), found.exp - found.iat),
        (user.as_str(), signed_in.as_str(), 60)
    );
    assert_eq!(found.azp.as_deref(), Some(APP));
    let made = session(&backend, &user).await;
    let path = format!("/v1/sessions/{made}/tokens");
    let long = backend.post(&path, json!({ "expires_in_seconds": 3600 })).await.ok();
    let found = claims(&backend, &root, &long.text("/jwt"));
    assert_eq!((found.exp - found.iat, found.azp), (3600, None));
    for (value, code) in [
        (json!(29), "form_param_value_invalid"),
        (json!(315_360_001_i64), "form_param_value_too_large"),
        (json!("60"), "form_param_type_invalid"),
    ] {
        let answer = backend.post(&path, json!({ "expires_in_seconds": value })).await;
        assert_eq!((answer.refusal(), param(&answer)), (refused(422, code), "expires_in_seconds".into()));
    }
}

#[tokio::test]
async fn a_template_that_does_not_exist_is_not_found() {
    let backend = start().await;
    let made = session(&backend, &user_id(&backend, "jane@example.com").await).await;
    for id in [made, nothing("sess")] {
        let answer = backend.post(&format!("/v1/sessions/{id}/tokens/supabase"), json!({})).await;
        assert_eq!(answer.refusal(), refused(404, "resource_not_found"));
    }
}

#[tokio::test]
async fn a_session_token_verifies_only_its_own_session() {
    let mut backend = start().await;
    // Gone from newer descriptions; older SDKs state no version.
    backend.api_version = None;
    let user = user_id(&backend, "jane@example.com").await;
    let (own, other) = (session(&backend, &user).await, session(&backend, &user).await);
    let jwt = backend.post(&format!("/v1/sessions/{own}/tokens"), json!({})).await.ok().text("/jwt");
    let verify = |id: &str| format!("/v1/sessions/{id}/verify");
    assert_eq!(backend.post(&verify(&own), json!({ "token": jwt })).await.ok().text("/id"), own);
    let foreign = backend.post(&verify(&other), json!({ "token": jwt })).await;
    assert_eq!(foreign.refusal(), refused(401, "authentication_invalid"));
    let forged = backend.post(&verify(&own), json!({ "token": "x.y.z" })).await;
    assert_eq!(forged.refusal(), refused(401, "authentication_invalid"));
    assert_eq!(backend.post(&verify(&own), json!({})).await.refusal(), refused(422, "form_param_missing"));
    backend.server.clock.advance(Millis::from_mins(5));
    let late = backend.post(&verify(&own), json!({ "token": jwt })).await;
    assert_eq!(late.refusal(), refused(401, "authentication_invalid"));
}

#[tokio::test]
async fn what_is_missing_or_unknown_is_refused() {
    let backend = start().await;
    let missing = backend.post("/v1/sessions", json!({})).await;
    assert_eq!((missing.refusal(), param(&missing)), (refused(422, "form_param_missing"), "user_id".into()));
    let nobody = backend.post("/v1/sessions", json!({ "user_id": nothing("user") })).await;
    assert_eq!(nobody.refusal(), refused(404, "resource_not_found"));
    for id in [nothing("sess"), "user_1".to_owned(), "x".to_owned()] {
        let path = format!("/v1/sessions/{id}");
        let answers = [
            backend.get(&path).await,
            backend.send("POST", &format!("{path}/revoke"), None).await,
            backend.send("POST", &format!("{path}/tokens"), None).await,
        ];
        for answer in answers {
            assert_eq!(answer.refusal(), refused(404, "resource_not_found"), "{id}");
        }
    }
}
