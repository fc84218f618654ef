//! Passkeys: making them, signing in by them, and what is not taken from them.

use serde_json::{Value, json};
use verger_model::Millis;
use verger_model::settings::Settings;
use verger_testkit::{APP, Answer, Authenticator, Browser, PASSWORD, TestServer, totp_code};

const JANE: &str = "jane@example.com";

fn settings(settings: &mut Settings) {
    settings.passkeys.enabled = true;
}

/// Jane, signed in on a browser where passkeys are on, and her device.
struct Jane {
    server: TestServer,
    browser: Browser,
    device: Authenticator,
}

impl Jane {
    async fn new() -> Self {
        let server = TestServer::start().await;
        server.settings(&server.development(), settings).await;
        let mut browser = server.browser();
        browser.session = Some(browser.sign_up(JANE).await.text("/client/sessions/0/id"));
        Self { server, browser, device: Authenticator::at(APP) }
    }

    /// The same with a passkey, whose id is given back.
    async fn with_passkey() -> (Self, String) {
        let mut jane = Self::new().await;
        let id = jane.make().await;
        (jane, id)
    }

    async fn make(&mut self) -> String {
        let made = self.browser.post("/v1/me/passkeys", &[]).await.ok();
        let answer = self.device.create(&made.text("/response/verification/nonce"));
        let id = made.text("/response/id");
        self.attempt(&id, &answer).await.ok();
        self.device.count += 1;
        id
    }

    async fn attempt(&mut self, id: &str, answer: &str) -> Answer {
        let fields = [("strategy", "passkey"), ("public_key_credential", answer)];
        self.browser.post(&format!("/v1/me/passkeys/{id}/attempt_verification"), &fields).await
    }

    /// Another browser that was asked for any passkey: the attempt and the options.
    async fn asked(&self) -> (Browser, String, String) {
        asked(self.server.browser()).await
    }
}

async fn asked(mut browser: Browser) -> (Browser, String, String) {
    let asked = browser.post("/v1/client/sign_ins", &[("strategy", "passkey")]).await.ok();
    let options = asked.text("/response/first_factor_verification/nonce");
    (browser, asked.text("/response/id"), options)
}

async fn answer(browser: &mut Browser, id: &str, credential: &str) -> Answer {
    let fields = [("strategy", "passkey"), ("public_key_credential", credential)];
    browser.sign_in_step(id, "attempt_first_factor", &fields).await
}

#[tokio::test]
async fn a_passkey_counts_from_its_first_answer_on() {
    let mut jane = Jane::new().await;
    let made = jane.browser.post("/v1/me/passkeys", &[]).await.ok();
    assert_eq!(made.text("/response/verification/status"), "unverified");
    assert_eq!(made.at("/client/sessions/0/user/passkeys"), json!([]));
    let options: Value = serde_json::from_str(&made.text("/response/verification/nonce")).unwrap();
    assert_eq!(options["rp"]["id"], "localhost");
    assert_eq!(options["user"]["name"], JANE);
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    let algorithms: Vec<_> =
        options["pubKeyCredParams"].as_array().unwrap().iter().map(|it| it["alg"].clone()).collect();
    assert_eq!(algorithms, [-8, -7, -257]);

    let credential = jane.device.create(&options.to_string());
    let id = made.text("/response/id");
    let done = jane.attempt(&id, &credential).await.ok();
    assert_eq!(done.text("/response/verification/status"), "verified");
    assert_eq!(done.at("/response/verification/nonce"), Value::Null);
    assert_eq!(done.text("/client/sessions/0/user/passkeys/0/id"), id);
    assert_eq!(jane.attempt(&id, &credential).await.refusal(), (400, "passkey_invalid_verification".into()));

    let next = jane.browser.post("/v1/me/passkeys", &[]).await.ok().text("/response/verification/nonce");
    let next: Value = serde_json::from_str(&next).unwrap();
    assert_eq!(next["excludeCredentials"].as_array().map(Vec::len), Some(1));
    assert_eq!(next["user"]["id"], options["user"]["id"]);
    assert_ne!(next["challenge"], options["challenge"]);
}

#[tokio::test]
async fn a_passkey_signs_in_without_a_name() {
    let (jane, _) = Jane::with_passkey().await;
    let (mut browser, id, options) = jane.asked().await;
    let options_read: Value = serde_json::from_str(&options).unwrap();
    assert_eq!((&options_read["rpId"], &options_read["allowCredentials"]), (&json!("localhost"), &json!([])));
    let done = answer(&mut browser, &id, &jane.device.get(&options)).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert_eq!(done.text("/response/identifier"), JANE);
    assert_eq!(done.text("/client/last_authentication_strategy"), "passkey");
    assert_eq!(done.at("/client/sessions/0/factor_verification_age"), json!([0, -1]));
    assert_eq!(done.text("/response/first_factor_verification/object"), "verification_passkey");
}

#[tokio::test]
async fn a_passkey_signs_in_whoever_is_named() {
    let (mut jane, _) = Jane::with_passkey().await;
    let mut browser = jane.server.browser();
    let named = browser.post("/v1/client/sign_ins", &[("identifier", JANE)]).await.ok();
    let factors = named.at("/response/supported_first_factors");
    assert!(factors.as_array().unwrap().iter().any(|it| it["strategy"] == "passkey"), "{factors}");
    let id = named.text("/response/id");
    let asked = browser.sign_in_step(&id, "prepare_first_factor", &[("strategy", "passkey")]).await.ok();
    let options = asked.text("/response/first_factor_verification/nonce");
    let read: Value = serde_json::from_str(&options).unwrap();
    assert_eq!(read["allowCredentials"].as_array().map(Vec::len), Some(1));
    // Devices that were told which passkey to use may leave out whose it is.
    jane.device.hides_user = true;
    let done = answer(&mut browser, &id, &jane.device.get(&options)).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
}

#[tokio::test]
async fn who_is_not_named_must_be_told_by_the_device() {
    let (mut jane, _) = Jane::with_passkey().await;
    jane.device.hides_user = true;
    let (mut browser, id, options) = jane.asked().await;
    let refused = answer(&mut browser, &id, &jane.device.get(&options)).await;
    assert_eq!(refused.refusal(), (400, "passkey_authentication_failure".into()));
}

#[tokio::test]
async fn a_lie_is_refused_and_ends_its_challenge() {
    let (jane, _) = Jane::with_passkey().await;
    let lies: [fn(&mut Authenticator); 4] = [
        |it| it.origin = "https://evil.test".into(),
        |it| it.origin = "http://127.0.0.1:3000".into(),
        |it| it.verifies_user = false,
        |it| it.count = 1,
    ];
    for (case, lie) in lies.into_iter().enumerate() {
        let (mut browser, id, options) = jane.asked().await;
        let mut liar = jane.device.clone();
        lie(&mut liar);
        let refused = answer(&mut browser, &id, &liar.get(&options)).await;
        assert_eq!(refused.refusal(), (400, "passkey_authentication_failure".into()), "{case}");
        let again = answer(&mut browser, &id, &jane.device.get(&options)).await;
        assert_eq!(again.refusal(), (400, "passkey_invalid_verification".into()), "{case}");
    }
}

#[tokio::test]
async fn a_challenge_is_answered_once_in_its_time_and_place() {
    let (mut jane, _) = Jane::with_passkey().await;
    let (mut browser, id, options) = jane.asked().await;
    let credential = jane.device.get(&options);
    // Another browser's attempt has another challenge.
    let (mut other, other_id, _) = jane.asked().await;
    let refused = answer(&mut other, &other_id, &credential).await;
    assert_eq!(refused.refusal(), (400, "passkey_authentication_failure".into()));
    assert_eq!(answer(&mut other, &id, &credential).await.refusal(), (404, "resource_not_found".into()));
    answer(&mut browser, &id, &credential).await.ok();
    assert_eq!(answer(&mut browser, &id, &credential).await.refusal(), (400, "verification_already_verified".into()));

    jane.device.count += 1;
    let (mut late, id, options) = jane.asked().await;
    jane.server.clock.advance(Millis::from_mins(5));
    let refused = answer(&mut late, &id, &jane.device.get(&options)).await;
    assert_eq!(refused.refusal(), (400, "passkey_invalid_verification".into()));
}

#[tokio::test]
async fn what_is_no_answer_of_a_known_passkey_is_refused() {
    let (mut jane, id) = Jane::with_passkey().await;
    let (mut browser, attempt, options) = jane.asked().await;
    let deep = json!({
        "id": "AA", "rawId": "AA", "type": "public-key",
        "response": { "clientDataJSON": "e30", "attestationObject": "gYGB".repeat(10_000) },
    })
    .to_string();
    for text in ["{}", "no json", deep.as_str()] {
        let refused = answer(&mut browser, &attempt, text).await;
        assert_eq!(refused.refusal(), (422, "passkey_invalid_public_key_credential".into()), "{text:.20}");
        let refused = jane.attempt(&id, text).await;
        assert_eq!(refused.refusal(), (422, "passkey_invalid_public_key_credential".into()), "{text:.20}");
    }
    let missing = browser.sign_in_step(&attempt, "attempt_first_factor", &[("strategy", "passkey")]).await;
    assert_eq!(missing.refusal(), (422, "form_param_missing".into()));

    let mut stranger = Authenticator::at(APP);
    stranger.create(&json!({ "rp": { "id": "localhost" }, "user": { "id": "AA" }, "challenge": "AA" }).to_string());
    let refused = answer(&mut browser, &attempt, &stranger.get(&options)).await;
    assert_eq!(refused.refusal(), (404, "passkey_not_registered".into()));
    // None of it used the challenge up.
    answer(&mut browser, &attempt, &jane.device.get(&options)).await.ok();
}

#[tokio::test]
async fn making_a_passkey_takes_the_right_answer() {
    let mut jane = Jane::new().await;
    for case in 0..4 {
        let made = jane.browser.post("/v1/me/passkeys", &[]).await.ok();
        let options = made.text("/response/verification/nonce");
        let mut device = Authenticator::at(APP);
        match case {
            0 => device.origin = "https://evil.test".into(),
            1 => device.verifies_user = false,
            2 => jane.server.clock.advance(Millis::from_mins(5)),
            _ => {}
        }
        let other = made.text("/response/verification/nonce").replace("challenge\":\"", "challenge\":\"AAAA");
        let credential = device.create(if case == 3 { &other } else { &options });
        let refused = jane.attempt(&made.text("/response/id"), &credential).await;
        assert_eq!(refused.refusal(), (400, "passkey_invalid_verification".into()), "{case}");
    }
    assert_eq!(jane.browser.get("/v1/me").await.ok().at("/response/passkeys"), json!([]));
    let replaced = jane.browser.post("/v1/me/passkeys", &[]).await.ok();
    jane.browser.post("/v1/me/passkeys", &[]).await.ok();
    let credential = jane.device.create(&replaced.text("/response/verification/nonce"));
    let refused = jane.attempt(&replaced.text("/response/id"), &credential).await;
    assert_eq!(refused.refusal(), (404, "resource_not_found".into()));
}

#[tokio::test]
async fn nobody_else_can_make_a_known_passkey_theirs() {
    let (mut jane, _) = Jane::with_passkey().await;
    let made = jane.browser.post("/v1/me/passkeys", &[]).await.ok();
    let credential = jane.device.create(&made.text("/response/verification/nonce"));
    jane.attempt(&made.text("/response/id"), &credential).await.ok();
    let mut eve = jane.server.browser();
    eve.session = Some(eve.sign_up("eve@example.com").await.text("/client/sessions/0/id"));
    let theirs = eve.post("/v1/me/passkeys", &[]).await.ok();
    // The same key pair, put forward for another challenge: the challenge inside is the old one, and the id is taken.
    let path = format!("/v1/me/passkeys/{}/attempt_verification", theirs.text("/response/id"));
    let refused = eve.post(&path, &[("strategy", "passkey"), ("public_key_credential", credential.as_str())]).await;
    assert_eq!(refused.refusal(), (400, "passkey_invalid_verification".into()));
    let path = format!("/v1/me/passkeys/{}", made.text("/response/id"));
    let unknown = (404, "resource_not_found".into());
    assert_eq!(eve.get(&path).await.refusal(), unknown);
    assert_eq!(eve.patch(&path, &[("name", "mine")]).await.refusal(), unknown);
    assert_eq!(eve.delete(&path).await.refusal(), unknown);
}

#[tokio::test]
async fn passkeys_are_renamed_and_taken_away() {
    let (mut jane, id) = Jane::with_passkey().await;
    let path = format!("/v1/me/passkeys/{id}");
    assert_eq!(jane.browser.get(&path).await.ok().text("/response/name"), "Passkey");
    let named = jane.browser.patch(&path, &[("name", "Laptop")]).await.ok();
    assert_eq!(named.text("/response/name"), "Laptop");
    assert_eq!(named.text("/client/sessions/0/user/passkeys/0/name"), "Laptop");
    jane.browser.patch(&path, &[]).await.ok();
    assert_eq!(jane.browser.patch(&path, &[("name", " ")]).await.refusal(), (422, "form_param_nil".into()));
    let long = "x".repeat(257);
    let refused = jane.browser.patch(&path, &[("name", long.as_str())]).await;
    assert_eq!(refused.refusal(), (422, "form_param_max_length_exceeded".into()));

    let gone = jane.browser.delete(&path).await.ok();
    assert_eq!((gone.text("/response/object"), gone.at("/response/deleted")), ("passkey".into(), true.into()));
    assert_eq!(gone.at("/client/sessions/0/user/passkeys"), json!([]));
    assert_eq!(jane.browser.delete(&path).await.refusal(), (404, "resource_not_found".into()));
    let (mut browser, attempt, options) = jane.asked().await;
    let refused = answer(&mut browser, &attempt, &jane.device.get(&options)).await;
    assert_eq!(refused.refusal(), (404, "passkey_not_registered".into()));
    let id = browser.identify(JANE).await;
    let refused = browser.sign_in_step(&id, "prepare_first_factor", &[("strategy", "passkey")]).await;
    assert_eq!(refused.refusal(), (400, "no_passkeys_found_for_user".into()));
}

#[tokio::test]
async fn a_passkey_lets_the_password_go_and_then_stays() {
    let (mut jane, id) = Jane::with_passkey().await;
    jane.server
        .settings(&jane.server.development(), |settings| {
            settings.sign_in.email_code = false;
            settings.attributes.password.required = false;
        })
        .await;
    let fields = [("current_password", PASSWORD)];
    jane.browser.post("/v1/me/remove_password", &fields).await.ok();
    let path = format!("/v1/me/passkeys/{id}");
    assert_eq!(jane.browser.delete(&path).await.refusal(), (400, "identification_deletion_failed".into()));
    jane.server.settings(&jane.server.development(), |settings| settings.sign_in.email_code = true).await;
    jane.browser.delete(&path).await.ok();
}

#[tokio::test]
async fn a_user_has_ten_passkeys_at_most() {
    let (mut jane, _) = Jane::with_passkey().await;
    for _ in 1..10 {
        jane.make().await;
    }
    assert_eq!(jane.browser.post("/v1/me/passkeys", &[]).await.refusal(), (403, "passkey_quota_exceeded".into()));
}

#[tokio::test]
async fn making_and_taking_away_ask_for_a_fresh_session() {
    let (mut jane, id) = Jane::with_passkey().await;
    jane.server.clock.advance(Millis::from_mins(11));
    let path = format!("/v1/me/passkeys/{id}");
    let stale = (403, "session_reverification_required".into());
    assert_eq!(jane.browser.post("/v1/me/passkeys", &[]).await.refusal(), stale);
    assert_eq!(jane.browser.delete(&path).await.refusal(), stale);
    jane.browser.patch(&path, &[("name", "Laptop")]).await.ok();

    let session = jane.browser.session.clone().unwrap();
    let step = |step: &str| format!("/v1/client/sessions/{session}/verify{step}");
    let started = jane.browser.post(&step(""), &[("level", "first_factor")]).await.ok();
    let factors = started.at("/response/supported_first_factors");
    assert!(factors.as_array().unwrap().iter().any(|it| it["strategy"] == "passkey"), "{factors}");
    let asked = jane.browser.post(&step("/prepare_first_factor"), &[("strategy", "passkey")]).await.ok();
    let options = asked.text("/response/first_factor_verification/nonce");
    let mut liar = jane.device.clone();
    liar.verifies_user = false;
    for (credential, refusal) in [
        (liar.get(&options), "passkey_authentication_failure"),
        (jane.device.get(&options), "passkey_invalid_verification"),
    ] {
        let fields = [("strategy", "passkey"), ("public_key_credential", credential.as_str())];
        let refused = jane.browser.post(&step("/attempt_first_factor"), &fields).await;
        assert_eq!(refused.refusal(), (400, refusal.into()));
    }
    let asked = jane.browser.post(&step("/prepare_first_factor"), &[("strategy", "passkey")]).await.ok();
    let credential = jane.device.get(&asked.text("/response/first_factor_verification/nonce"));
    let fields = [("strategy", "passkey"), ("public_key_credential", credential.as_str())];
    let done = jane.browser.post(&step("/attempt_first_factor"), &fields).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    jane.browser.delete(&path).await.ok();
}

#[tokio::test]
async fn whether_a_passkey_stands_for_both_factors_is_the_owners_choice() {
    let (mut jane, _) = Jane::with_passkey().await;
    let tenant = jane.server.development();
    let tenant = jane.server.settings(&tenant, |it| it.multi_factor.authenticator_app = true).await;
    let secret = jane.browser.post("/v1/me/totp", &[]).await.ok().text("/response/secret");
    let code = totp_code(&secret, jane.server.service.now());
    jane.browser.post("/v1/me/totp/attempt_verification", &[("code", code.as_str())]).await.ok();
    jane.server.clock.advance(Millis::from_mins(1));

    let (mut browser, id, options) = jane.asked().await;
    let done = answer(&mut browser, &id, &jane.device.get(&options)).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert_eq!(done.at("/client/sessions/0/factor_verification_age"), json!([0, 0]));

    jane.server.settings(&tenant, |it| it.passkeys.satisfies_second_factor = false).await;
    jane.device.count += 1;
    let (mut browser, id, options) = jane.asked().await;
    let half = answer(&mut browser, &id, &jane.device.get(&options)).await.ok();
    assert_eq!(half.text("/response/status"), "needs_second_factor");
    assert_eq!(half.at("/client/sessions"), json!([]));
    let code = totp_code(&secret, jane.server.service.now());
    let fields = [("strategy", "totp"), ("code", code.as_str())];
    let done = browser.sign_in_step(&id, "attempt_second_factor", &fields).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert_eq!(done.text("/client/last_authentication_strategy"), "passkey");
}

#[tokio::test]
async fn lies_lock_the_account_and_a_lock_holds_for_passkeys() {
    let (jane, _) = Jane::with_passkey().await;
    let mut liar = jane.device.clone();
    liar.verifies_user = false;
    let mut last = (0, String::new());
    for _ in 0..10 {
        let (mut browser, id, options) = jane.asked().await;
        last = answer(&mut browser, &id, &liar.get(&options)).await.refusal();
    }
    assert_eq!(last, (403, "user_locked".into()));
    let (mut browser, id, options) = jane.asked().await;
    let refused = answer(&mut browser, &id, &jane.device.get(&options)).await;
    assert_eq!(refused.refusal(), (403, "user_locked".into()));

    let user = jane.browser.clone().get("/v1/me").await.ok().text("/response/id");
    let backend = jane.server.backend().await;
    backend.post(&format!("/v1/users/{user}/unlock"), json!({})).await.ok();
    backend.post(&format!("/v1/users/{user}/ban"), json!({})).await.ok();
    let (mut browser, id, options) = jane.asked().await;
    let refused = answer(&mut browser, &id, &jane.device.get(&options)).await;
    assert_eq!(refused.refusal(), (403, "user_banned".into()));
}

#[tokio::test]
async fn steps_out_of_turn_are_refused() {
    let (jane, _) = Jane::with_passkey().await;
    let (mut browser, _, options) = jane.asked().await;
    let credential = jane.device.get(&options);
    let id = browser.identify(JANE).await;
    assert_eq!(answer(&mut browser, &id, &credential).await.refusal(), (400, "verification_missing".into()));
    browser.sign_in_step(&id, "prepare_first_factor", &[("strategy", "email_code")]).await.ok();
    assert_eq!(answer(&mut browser, &id, &credential).await.refusal(), (400, "verification_strategy_invalid".into()));
    jane.server.browser().sign_up("eve@example.com").await;
    let id = browser.identify("eve@example.com").await;
    assert_eq!(answer(&mut browser, &id, &credential).await.refusal(), (404, "passkey_not_registered".into()));
}

#[tokio::test]
async fn where_passkeys_are_off_there_are_none() {
    let (mut jane, id) = Jane::with_passkey().await;
    let (mut browser, attempt, options) = jane.asked().await;
    let environment = browser.get("/v1/environment").await.ok();
    assert_eq!(environment.at("/user_settings/attributes/passkey/used_for_first_factor"), true);
    assert_eq!(environment.at("/user_settings/attributes/passkey/first_factors"), json!(["passkey"]));
    assert_eq!(environment.at("/user_settings/passkey_settings/show_sign_in_button"), true);

    jane.server.settings(&jane.server.development(), |it| it.passkeys.enabled = false).await;
    let environment = browser.get("/v1/environment").await.ok();
    assert_eq!(environment.at("/user_settings/attributes/passkey/enabled"), false);
    assert_eq!(environment.at("/user_settings/passkey_settings/allow_autofill"), false);
    let off = (400, "form_param_value_disabled".into());
    let credential = jane.device.get(&options);
    assert_eq!(answer(&mut browser, &attempt, &credential).await.refusal(), off);
    assert_eq!(browser.post("/v1/client/sign_ins", &[("strategy", "passkey")]).await.refusal(), off);
    assert_eq!(jane.browser.post("/v1/me/passkeys", &[]).await.refusal(), off);
    assert_eq!(jane.attempt(&id, "{}").await.refusal(), off);
    let named = browser.post("/v1/client/sign_ins", &[("identifier", JANE)]).await.ok();
    let factors = named.at("/response/supported_first_factors");
    assert!(factors.as_array().unwrap().iter().all(|it| it["strategy"] != "passkey"), "{factors}");
    let prepare = [("strategy", "passkey")];
    let refused = browser.sign_in_step(&named.text("/response/id"), "prepare_first_factor", &prepare).await;
    assert_eq!(refused.refusal(), (400, "strategy_for_user_invalid".into()));
    let nobody = jane.server.browser().post("/v1/me/passkeys", &[]).await;
    assert_eq!(nobody.refusal(), (401, "signed_out".into()));
}

#[tokio::test]
async fn another_instance_knows_no_passkey_of_this_one() {
    let (jane, id) = Jane::with_passkey().await;
    let new = verger_service::NewApplication { name: "Other".into(), ..Default::default() };
    let other = jane.server.application(new).await;
    let tenant = jane.server.settings(&other.development.tenant, settings).await;
    let (mut stranger, attempt, options) = asked(jane.server.browser_of(&tenant)).await;
    let refused = answer(&mut stranger, &attempt, &jane.device.get(&options)).await;
    assert_eq!(refused.refusal(), (404, "passkey_not_registered".into()));
    stranger.session = Some(stranger.sign_up(JANE).await.text("/client/sessions/0/id"));
    assert_eq!(stranger.get(&format!("/v1/me/passkeys/{id}")).await.refusal(), (404, "resource_not_found".into()));
}

#[tokio::test]
async fn the_pages_of_a_production_domain_share_passkeys() {
    let server = TestServer::start().await;
    let live = server.production().await;
    let tenant = server.settings(&live.production.tenant, settings).await;
    let mut browser = server.browser_of(&tenant);
    browser.session = Some(browser.sign_up(JANE).await.text("/client/sessions/0/id"));
    let made = browser.post("/v1/me/passkeys", &[]).await.ok();
    let mut device = Authenticator::at("https://app.a.test");
    let credential = device.create(&made.text("/response/verification/nonce"));
    let path = format!("/v1/me/passkeys/{}/attempt_verification", made.text("/response/id"));
    browser.post(&path, &[("strategy", "passkey"), ("public_key_credential", credential.as_str())]).await.ok();

    for (count, origin, fits) in
        [(2, "https://accounts.a.test", true), (3, "http://app.a.test", false), (4, "https://evil.test", false)]
    {
        let mut page = server.browser_of(&tenant);
        page.origin = Some("https://accounts.a.test".into());
        let (mut page, id, options) = asked(page).await;
        (device.origin, device.count) = (origin.to_owned(), count);
        assert_eq!(answer(&mut page, &id, &device.get(&options)).await.status == 200, fits, "{origin}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_fifty_parallel_answers_signs_in() {
    let (mut jane, _) = Jane::with_passkey().await;
    // A synced passkey does not count, so that only the challenge stands in the way.
    let made = jane.browser.post("/v1/me/passkeys", &[]).await.ok();
    jane.device.count = 0;
    let credential = jane.device.create(&made.text("/response/verification/nonce"));
    jane.attempt(&made.text("/response/id"), &credential).await.ok();
    let (browser, id, options) = jane.asked().await;
    let credential = jane.device.get(&options);
    let tries: Vec<_> = (0..50)
        .map(|_| {
            let (mut browser, id, credential) = (browser.clone(), id.clone(), credential.clone());
            tokio::spawn(async move { answer(&mut browser, &id, &credential).await })
        })
        .collect();
    let mut successes = 0;
    for attempt in tries {
        let answer = attempt.await.expect("a try does not panic");
        assert!(answer.status < 500, "{}", String::from_utf8_lossy(&answer.body));
        successes += usize::from(answer.status == 200);
    }
    assert_eq!(successes, 1);
    let signed_in = jane.server.browser().sign_in(JANE, PASSWORD).await.ok();
    assert_eq!(signed_in.text("/response/status"), "complete");
}
