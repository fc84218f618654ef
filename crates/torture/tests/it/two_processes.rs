//! Two processes on one PostgreSQL are one server.

use crate::session::SignedIn;
use crate::site::{Running, Site};
use serde_json::Value;

#[tokio::test]
async fn two_first_starts_at_once_make_one_schema_and_one_application() {
    let site = Site::shared();
    let both = site.start_both();
    assert_ready(&both).await;
    let applications: Value = serde_json::from_str(&site.ask(&["apps", "list", "--json"])).unwrap();
    assert_eq!(applications.as_array().map(Vec::len), Some(1), "{applications}");
    let instances = applications[0]["instances"].as_array().unwrap();
    let environments: Vec<_> = instances.iter().map(|instance| instance["environment"].as_str().unwrap()).collect();
    assert_eq!(environments, ["development", "production"]);

    // A schema that was half made, or made twice, lets nobody in later.
    for process in both {
        process.server.stop().unwrap();
    }
    assert_ready(&site.start_both()).await;
    let later: Value = serde_json::from_str(&site.ask(&["apps", "list", "--json"])).unwrap();
    assert_eq!(later, applications);
}

/// Both processes are healthy, and publish the same signing key.
async fn assert_ready(both: &[Running; 2]) {
    let mut keys = Vec::new();
    for process in both {
        let mut visitor = process.visitor().await;
        visitor.get("/v1/health").await.unwrap().ok().unwrap();
        keys.push(visitor.get("/.well-known/jwks.json").await.unwrap().ok().unwrap().at("/keys"));
    }
    assert_eq!(keys[0].as_array().map(Vec::len), Some(1));
    assert_eq!(keys[0], keys[1]);
}

#[tokio::test]
async fn a_browser_signed_in_at_one_process_is_signed_in_at_the_other() {
    let site = Site::shared();
    let [first, second] = site.start_both();
    assert_eq!(first.backend.key, second.backend.key, "both made an instance of their own");
    let mut ada = SignedIn::at(&first, "ada+clerk_test@two.test").await;
    ada.is_at_home(&second, &first).await;
    ada.is_at_home(&first, &second).await;
    for turn in 0..20 {
        ada.visitor.turn_to(if turn % 2 == 0 { &second.frontend } else { &first.frontend });
        ada.refresh().await;
    }
}

#[tokio::test]
async fn the_end_of_one_process_signs_nobody_out_at_the_other() {
    let site = Site::shared();
    let [first, second] = site.start_both();
    let mut ada = SignedIn::at(&first, "ada+clerk_test@two.test").await;
    first.server.stop().unwrap();
    ada.is_at_home(&second, &second).await;
    let first = site.start_process(0);
    ada.is_at_home(&first, &second).await;
    second.server.kill();
    ada.is_at_home(&first, &first).await;
}

#[tokio::test]
async fn who_signs_out_at_one_process_is_signed_out_at_the_other() {
    let site = Site::shared();
    let [first, second] = site.start_both();
    let mut ada = SignedIn::at(&first, "ada+clerk_test@two.test").await;
    ada.is_at_home(&second, &second).await;
    ada.visitor.post("/v1/client/sessions?_method=DELETE", &[]).await.unwrap().ok().unwrap();
    ada.visitor.turn_to(&first.frontend);
    let client = ada.visitor.get("/v1/client").await.unwrap().ok().unwrap();
    let sessions = client.at("/response/sessions");
    assert!(sessions.as_array().is_none_or(Vec::is_empty), "{}", client.shown());
    let tokens = format!("/v1/client/sessions/{}/tokens", ada.session);
    let refused = ada.visitor.post(&tokens, &[]).await.unwrap();
    assert!((400..500).contains(&refused.status), "{}", refused.shown());
}
