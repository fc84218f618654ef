//! What is mounted.

use crate::{start, user_id};
use verger_testkit::spec::{Api, ops};

#[test]
fn the_ledger_of_operations_agrees_with_the_router() {
    if let Err(differences) = ops::check(Api::Bapi, verger_bapi::ROUTES) {
        panic!("{differences}");
    }
}

#[tokio::test]
async fn every_route_of_the_table_is_mounted() {
    let backend = start().await;
    for (method, path, id) in verger_bapi::ROUTES {
        let answer = backend.send(method, path, None).await;
        assert_ne!(answer.code(), "method_not_allowed", "{id}");
        // A route that is there finds nothing under a name in braces, or complains about what it was given.
        let has_no_id = !path.contains('{');
        assert!(!has_no_id || answer.status != 404, "{id}");
    }
}

#[tokio::test]
async fn the_prefix_and_a_slash_at_the_end_make_no_difference() {
    let backend = start().await;
    let id = user_id(&backend, "jane@example.com").await;
    for path in [format!("/v1/users/{id}"), format!("/users/{id}"), format!("/v1/users/{id}/"), format!("/users/{id}/")]
    {
        assert_eq!(backend.get(&path).await.ok().text("/id"), id, "{path}");
    }
    for path in ["/users", "/v1/users/", "/users/count", "/jwks"] {
        backend.get(path).await.ok();
    }
}

#[tokio::test]
async fn an_unknown_path_or_method_is_an_error_in_the_usual_envelope() {
    let backend = start().await;
    let unknown = backend.get("/v1/galaxies").await;
    assert_eq!(unknown.refusal(), (404, "resource_not_found".into()));
    let method = backend.put("/v1/users", serde_json::json!({})).await;
    assert_eq!(method.refusal(), (405, "method_not_allowed".into()));
    assert!(!unknown.text("/clerk_trace_id").is_empty());
}

#[tokio::test]
async fn every_answer_has_exactly_the_json_content_type() {
    let backend = start().await;
    let id = user_id(&backend, "jane@example.com").await;
    let answers = [
        backend.get(&format!("/v1/users/{id}")).await,
        backend.get("/v1/users").await,
        backend.get("/v1/jwks").await,
        backend.get("/v1/users/nobody").await,
        backend.get("/v1/galaxies").await,
        backend.post("/v1/users", serde_json::json!({ "no": "such" })).await,
        backend.delete(&format!("/v1/users/{id}")).await,
    ];
    for answer in answers {
        assert_eq!(answer.content_type(), Some("application/json"), "{}", answer.status);
    }
}
