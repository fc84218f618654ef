//! Tickets, links, steps of an authenticator app and backup codes are worth one use, however many browsers bring them at once to however
//! many processes.

use crate::code_race::{assert_one_complete, rush};
use crate::site::{Running, Site};
use serde_json::{Value, json};
use verger_testkit::totp_code;
use verger_torture::{Backend, PASSWORD, Visitor, unix_seconds};

const TRIES: usize = 50;
const EMAIL: &str = "ada+clerk_test@race.test";
const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const BACKUP_CODE: &str = "p1ppin00";

/// Many browsers, half of them at each process.
async fn browsers(both: &[Running; 2], prefix: &str) -> Vec<Visitor> {
    let mut browsers = Vec::new();
    for at in 0..TRIES {
        browsers.push(Visitor::open_at(&both[at % 2].frontend, prefix).await.unwrap());
    }
    browsers
}

async fn make_user(backend: &Backend, more: Value) -> String {
    let mut user = json!({"email_address": [EMAIL], "password": PASSWORD});
    user.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    backend.post("/v1/users", &user).await.unwrap().ok().unwrap().text("/id")
}

#[tokio::test]
async fn one_sign_in_token_signs_in_one_browser_of_fifty() {
    let site = Site::shared();
    let both = site.start_both();
    let user = make_user(&both[0].backend, json!({})).await;
    let token = both[1].backend.post("/v1/sign_in_tokens", &json!({"user_id": user})).await.unwrap().ok().unwrap();
    let fields = [("strategy", "ticket"), ("ticket", &*token.text("/token"))];
    let requests: Vec<_> =
        browsers(&both, "").await.iter().map(|it| it.form("/v1/client/sign_ins", &fields).to_bytes()).collect();
    assert_one_complete(&rush(&both, &requests).await);
    let sessions = both[1].backend.get(&format!("/v1/sessions?user_id={user}")).await.unwrap().ok().unwrap();
    assert_eq!(sessions.at("").as_array().map(Vec::len), Some(1), "{}", sessions.shown());
}

#[tokio::test]
async fn one_invitation_signs_up_one_browser_of_fifty() {
    let site = Site::shared();
    let both = site.start_both();
    let invited =
        both[0].backend.post("/v1/invitations", &json!({"email_address": EMAIL})).await.unwrap().ok().unwrap();
    let url = invited.text("/url");
    let (_, ticket) = url.split_once("ticket=").unwrap();
    let fields = [("strategy", "ticket"), ("ticket", ticket), ("password", PASSWORD)];
    let requests: Vec<_> =
        browsers(&both, "").await.iter().map(|it| it.form("/v1/client/sign_ups", &fields).to_bytes()).collect();
    assert_one_complete(&rush(&both, &requests).await);
    assert_eq!(both[1].emails().await, [EMAIL]);
}

#[tokio::test]
async fn one_step_of_an_app_and_one_backup_code_sign_in_one_browser_each() {
    let site = Site::shared();
    // So many wrong answers would lock the account.
    let settings = json!({
        "multi_factor": {"authenticator_app": true, "backup_codes": true},
        "attack_protection": {"lockout": {"enabled": false}},
    });
    // The first start makes the root instance. Made between two starts: a process looks for new applications now and then only.
    drop(site.start_both());
    let (prefix, key) = site.create_app("factors", &settings);
    let both = site.start_both();
    let backend = Backend { door: both[0].backend.door.clone(), key };
    make_user(&backend, json!({"totp_secret": SECRET, "backup_codes": [BACKUP_CODE]})).await;

    let mut waiting = Vec::new();
    for mut browser in browsers(&both, &prefix).await {
        let asked = browser.sign_in(EMAIL).await.unwrap().ok().unwrap();
        assert_eq!(asked.text("/response/status"), "needs_second_factor", "{}", asked.shown());
        waiting.push((browser, asked.text("/response/id")));
    }
    let code = totp_code(SECRET, verger_model::Millis::from_secs(unix_seconds()));
    for (strategy, code) in [("totp", code.as_str()), ("backup_code", BACKUP_CODE)] {
        let answer = |(browser, id): &(Visitor, String)| {
            let path = format!("/v1/client/sign_ins/{id}/attempt_second_factor");
            browser.form(&path, &[("strategy", strategy), ("code", code)]).to_bytes()
        };
        let requests: Vec<_> = waiting.iter().map(answer).collect();
        let answers = rush(&both, &requests).await;
        assert_one_complete(&answers);
        // Whoever is in does not try again.
        let mut refused = answers.iter().map(|it| it.status != 200);
        waiting.retain(|_| refused.next().unwrap());
    }
    assert_eq!(waiting.len(), TRIES - 2);
}

#[tokio::test]
async fn one_link_is_opened_once_of_fifty_times() {
    let site = Site::shared();
    drop(site.start_both());
    let (prefix, key) = site.create_app("links", &json!({"sign_in": {"email_link": true}}));
    let both = site.start_both();
    let backend = Backend { door: both[0].backend.door.clone(), key };
    // An address that gets mail, unlike those for tests.
    let email = "ada@race.test";
    let user = json!({"email_address": [email], "password": PASSWORD});
    let user = backend.post("/v1/users", &user).await.unwrap().ok().unwrap().text("/id");

    let mut visitor = Visitor::open_at(&both[0].frontend, &prefix).await.unwrap();
    let back = "http://localhost:3000/verify";
    let fields = [("identifier", email), ("strategy", "email_link"), ("redirect_url", back)];
    visitor.post("/v1/client/sign_ins", &fields).await.unwrap().ok().unwrap();
    let inbox = visitor.get(&format!("/inbox/messages?to={email}&wait=5")).await.unwrap().ok().unwrap();
    let link = inbox.text("/messages/0/links/0");
    let (_, path) = link.split_once(&prefix).unwrap_or_else(|| panic!("{}", inbox.shown()));

    let request = visitor.request("GET", path).header("accept", "text/html").to_bytes();
    let answers = rush(&both, &vec![request; TRIES]).await;
    let told: Vec<_> = answers.iter().map(|it| (it.status, it.header("location").to_owned())).collect();
    let verified = |(status, location): &&(u16, String)| *status == 303 && location.contains("__clerk_status=verified");
    assert_eq!(told.iter().filter(verified).count(), 1, "{told:?}");
    let sessions = backend.get(&format!("/v1/sessions?user_id={user}")).await.unwrap().ok().unwrap();
    assert_eq!(sessions.at("").as_array().map(Vec::len), Some(1), "{}", sessions.shown());
}
