//! A code is worth one use, however many tries arrive at once at however many processes.

use crate::site::{Running, Site};
use serde_json::json;
use std::sync::Arc;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use verger_torture::{Answer, CODE, Connection, PASSWORD, Visitor};

const TRIES: usize = 50;
const RIGHT: [(&str, &str); 2] = [("strategy", "email_code"), ("code", CODE)];

#[tokio::test]
async fn one_sign_in_code_completes_one_try_of_fifty() {
    let site = Site::shared();
    let both = site.start_both();
    let email = "ada+clerk_test@race.test";
    let user = json!({"email_address": [email], "password": PASSWORD});
    let user = both[0].backend.post("/v1/users", &user).await.unwrap().ok().unwrap().text("/id");

    let mut visitor = both[0].visitor().await;
    let started = visitor.post("/v1/client/sign_ins", &[("identifier", email)]).await.unwrap().ok().unwrap();
    let id = started.text("/response/id");
    let factors = started.at("/response/supported_first_factors");
    let factor = factors.as_array().unwrap().iter().find(|factor| factor["strategy"] == "email_code").unwrap();
    let address = factor["email_address_id"].as_str().unwrap();
    let prepare = format!("/v1/client/sign_ins/{id}/prepare_first_factor");
    let fields = [("strategy", "email_code"), ("email_address_id", address)];
    visitor.post(&prepare, &fields).await.unwrap().ok().unwrap();

    let answers = rush(&both, &same(&visitor, &format!("/v1/client/sign_ins/{id}/attempt_first_factor"))).await;
    assert_one_complete(&answers);
    let sessions = both[1].backend.get(&format!("/v1/sessions?user_id={user}")).await.unwrap().ok().unwrap();
    assert_eq!(sessions.at("").as_array().map(Vec::len), Some(1), "{}", sessions.shown());
}

#[tokio::test]
async fn one_sign_up_code_completes_one_try_of_fifty() {
    let site = Site::shared();
    let both = site.start_both();
    let email = "eve+clerk_test@race.test";
    let mut visitor = both[0].visitor().await;
    let id = visitor.begin_sign_up(email).await.unwrap();
    let answers = rush(&both, &same(&visitor, &format!("/v1/client/sign_ups/{id}/attempt_verification"))).await;
    assert_one_complete(&answers);
    assert_eq!(both[1].emails().await, [email]);
}

/// The same right code from many tabs of one browser.
fn same(visitor: &Visitor, path: &str) -> Vec<Vec<u8>> {
    vec![visitor.form(path, &RIGHT).to_bytes(); TRIES]
}

/// Sends many requests at once, half of them at each process, and gives their answers in the same order. Everybody is connected
/// before the first one sends.
pub(crate) async fn rush(both: &[Running; 2], requests: &[Vec<u8>]) -> Vec<Answer> {
    let start = Arc::new(Barrier::new(requests.len()));
    let mut tabs = JoinSet::new();
    for (tab, request) in requests.iter().enumerate() {
        let mut connection = Connection::open(both[tab % 2].frontend.port).await.unwrap();
        let (request, start) = (request.clone(), start.clone());
        tabs.spawn(async move {
            start.wait().await;
            (tab, connection.exchange(&request).await.unwrap())
        });
    }
    // They come back as they are answered.
    let mut answers = tabs.join_all().await;
    answers.sort_unstable_by_key(|(tab, _)| *tab);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// One answer is complete, and every other one is a refusal.
#[track_caller]
pub(crate) fn assert_one_complete(answers: &[Answer]) {
    let is_complete = |answer: &&Answer| answer.status == 200 && answer.text("/response/status") == "complete";
    let refused = |answer: &&Answer| (400..500).contains(&answer.status);
    let seen: Vec<_> = answers.iter().map(|answer| (answer.status, answer.text("/errors/0/code"))).collect();
    assert_eq!(answers.iter().filter(is_complete).count(), 1, "{seen:?}");
    assert_eq!(answers.iter().filter(refused).count(), answers.len() - 1, "{seen:?}");
}
