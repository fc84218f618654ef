//! Laws that must hold under many tries at once.

use verger_testkit::{PASSWORD, TestServer};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_fifty_parallel_tries_of_a_code_succeeds() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let fields = [("email_address", "jane@example.com"), ("password", PASSWORD)];
    let id = browser.post("/v1/client/sign_ups", &fields).await.ok().text("/response/id");
    let path = format!("/v1/client/sign_ups/{id}/prepare_verification");
    browser.post(&path, &[("strategy", "email_code")]).await.ok();
    let code = server.code(&browser.tenant, "jane@example.com").await;

    let path = format!("/v1/client/sign_ups/{id}/attempt_verification");
    let tries: Vec<_> = (0..50)
        .map(|_| {
            let (mut browser, path, code) = (browser.clone(), path.clone(), code.clone());
            tokio::spawn(async move { browser.post(&path, &[("strategy", "email_code"), ("code", &code)]).await })
        })
        .collect();
    let mut successes = 0;
    for attempt in tries {
        let answer = attempt.await.expect("a try does not panic");
        assert!(answer.status < 500, "{}", String::from_utf8_lossy(&answer.body));
        successes += usize::from(answer.status == 200);
    }
    assert_eq!(successes, 1);
    let users = server.backend().await.get("/v1/users/count").await.ok();
    assert_eq!(users.at("/total_count"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_address_is_taken_once_however_many_ask() {
    let server = TestServer::start().await;
    let email = "jane+clerk_test@example.com";
    let tries: Vec<_> = (0..10)
        .map(|_| {
            let mut browser = server.browser();
            tokio::spawn(async move {
                let fields = [("email_address", email), ("password", PASSWORD)];
                let id = browser.post("/v1/client/sign_ups", &fields).await.text("/response/id");
                let path = format!("/v1/client/sign_ups/{id}/prepare_verification");
                browser.post(&path, &[("strategy", "email_code")]).await;
                let path = format!("/v1/client/sign_ups/{id}/attempt_verification");
                browser.post(&path, &[("strategy", "email_code"), ("code", "424242")]).await
            })
        })
        .collect();
    let mut successes = 0;
    for attempt in tries {
        let answer = attempt.await.expect("a try does not panic");
        assert!(answer.status < 500, "{}", String::from_utf8_lossy(&answer.body));
        successes += usize::from(answer.status == 200);
    }
    assert_eq!(successes, 1);
}
