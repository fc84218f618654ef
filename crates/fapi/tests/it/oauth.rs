//! Accounts at another provider, which is a real one on loopback: signing in, signing up, and the way between the two.

use serde_json::{Value, json};
use std::sync::Arc;
use verger_model::Millis;
use verger_model::settings::{Connection, Settings};
use verger_service::Tenant;
use verger_testkit::{APP, Browser, OidcServer, PASSWORD, TestServer};

pub(crate) const STRATEGY: &str = "oauth_custom_acme";
const JANE: &str = "jane@example.com";
pub(crate) const CALLBACK: &str = "http://localhost:3000/sso-callback";

/// A server whose development instance has one provider.
pub(crate) struct World {
    pub(crate) server: TestServer,
    pub(crate) provider: OidcServer,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|_, _| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Settings, &mut Connection)) -> Self {
        let server = TestServer::start().await;
        let provider = OidcServer::start(&server.clock).await;
        let mut connection = provider.connection();
        let it = Self { server, provider };
        it.change(|settings| {
            change(settings, &mut connection);
            settings.social.connections.insert("custom_acme".into(), connection);
        })
        .await;
        it
    }

    pub(crate) async fn change(&self, change: impl FnOnce(&mut Settings)) -> Arc<Tenant> {
        self.server.settings(&self.server.development(), change).await
    }

    pub(crate) fn browser(&self) -> Browser {
        self.server.browser()
    }

    /// Goes to the provider from this address, is this person there, and comes back; where the application is entered.
    pub(crate) async fn detour(&self, browser: &mut Browser, authorize_url: &str, person: &Value) -> String {
        let back = self.provider.sign_in(authorize_url, person);
        let answer = browser.navigate(&back).await;
        assert_eq!(answer.status, 303, "{}", String::from_utf8_lossy(&answer.body));
        answer.location().to_owned()
    }

    /// The whole of a sign-in; where the application is entered.
    pub(crate) async fn sign_in(&self, browser: &mut Browser, person: &Value) -> String {
        let url = start(browser, "sign_ins").await;
        self.detour(browser, &url, person).await
    }

    /// The whole of a sign-up; where the application is entered.
    pub(crate) async fn sign_up(&self, browser: &mut Browser, person: &Value) -> String {
        let url = start(browser, "sign_ups").await;
        self.detour(browser, &url, person).await
    }

    /// A browser in which this person has just signed up.
    pub(crate) async fn member(&self, person: &Value) -> Browser {
        let mut browser = self.browser();
        assert_eq!(self.sign_up(&mut browser, person).await, format!("{APP}/done"));
        browser
    }
}

pub(crate) fn jane() -> Value {
    json!({ "sub": "acme-jane", "email": JANE, "email_verified": true, "given_name": "Jane", "family_name": "Roe" })
}

fn with_email_verified(verified: bool) -> Value {
    json!({ "sub": "acme-jane", "email": JANE, "email_verified": verified })
}

/// Starts an attempt that goes to the provider; where it leads.
pub(crate) async fn start(browser: &mut Browser, attempts: &str) -> String {
    let fields = [("strategy", STRATEGY), ("redirect_url", CALLBACK), ("action_complete_redirect_url", "/done")];
    let answer = browser.post(&format!("/v1/client/{attempts}"), &fields).await.ok();
    let at = if attempts == "sign_ins" { "first_factor_verification" } else { "verifications/external_account" };
    assert_eq!(answer.text(&format!("/response/{at}/status")), "unverified");
    assert_eq!(answer.text(&format!("/response/{at}/strategy")), STRATEGY);
    answer.text(&format!("/response/{at}/external_verification_redirect_url"))
}

/// The challenge of the client's sign-in.
async fn first_factor(browser: &mut Browser) -> Value {
    browser.get("/v1/client").await.ok().at("/response/sign_in/first_factor_verification")
}

/// The challenge of the client's sign-up.
async fn external_account(browser: &mut Browser) -> Value {
    browser.get("/v1/client").await.ok().at("/response/sign_up/verifications/external_account")
}

async fn transfer(browser: &mut Browser, to: &str) -> verger_testkit::Answer {
    browser.post(&format!("/v1/client/{to}"), &[("transfer", "true")]).await
}

#[tokio::test]
async fn an_account_elsewhere_signs_up_and_in() {
    let it = World::new().await;
    let mut browser = it.member(&jane()).await;
    let me = browser.get("/v1/me").await.ok();
    assert_eq!(me.text("/response/first_name"), "Jane");
    assert_eq!(me.at("/response/password_enabled"), false);
    assert_eq!(me.text("/response/email_addresses/0/email_address"), JANE);
    assert_eq!(me.text("/response/email_addresses/0/verification/status"), "verified");
    assert_eq!(me.text("/response/email_addresses/0/verification/strategy"), "from_oauth_custom_acme");
    assert_eq!(me.text("/response/email_addresses/0/linked_to/0/type"), STRATEGY);
    let account = me.at("/response/external_accounts/0");
    assert_eq!(account["provider"], STRATEGY);
    assert_eq!(account["provider_user_id"], "acme-jane");
    assert_eq!(account["verification"]["status"], "verified");
    assert_eq!(account["approved_scopes"], "openid email profile");
    let user = me.text("/response/id");

    let mut other = it.browser();
    assert_eq!(it.sign_in(&mut other, &jane()).await, format!("{APP}/done"));
    let client = other.get("/v1/client").await.ok();
    assert_eq!(client.text("/response/sessions/0/user/id"), user);
    assert_eq!(client.text("/response/last_authentication_strategy"), STRATEGY);
    assert_eq!(client.at("/response/sign_in"), Value::Null);
}

#[tokio::test]
async fn coming_back_changes_the_clients_token() {
    let it = World::new().await;
    let mut browser = it.browser();
    let url = start(&mut browser, "sign_ups").await;
    let before = browser.jar.clone();
    it.detour(&mut browser, &url, &jane()).await;
    let mut old = browser.clone();
    old.jar = before;
    assert_eq!(old.get("/v1/me").await.refusal(), (401, "signed_out".into()));
    browser.get("/v1/me").await.ok();
}

#[tokio::test]
async fn a_sign_in_of_nobody_becomes_a_sign_up() {
    let it = World::new().await;
    let mut browser = it.browser();
    assert_eq!(it.sign_in(&mut browser, &jane()).await, CALLBACK);
    let asked = first_factor(&mut browser).await;
    assert_eq!(asked["status"], "transferable");
    assert_eq!(asked["error"]["code"], "external_account_not_found");
    let done = transfer(&mut browser, "sign_ups").await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert!(!done.text("/response/created_session_id").is_empty());
    browser.get("/v1/me").await.ok();
    // What was taken over is gone.
    assert_eq!(transfer(&mut browser, "sign_ups").await.refusal(), (400, "account_transfer_invalid".into()));
}

#[tokio::test]
async fn a_sign_up_of_somebody_becomes_a_sign_in() {
    let it = World::new().await;
    it.member(&jane()).await;
    let mut browser = it.browser();
    assert_eq!(it.sign_up(&mut browser, &jane()).await, CALLBACK);
    let asked = external_account(&mut browser).await;
    assert_eq!(asked["status"], "transferable");
    assert_eq!(asked["error"]["code"], "external_account_exists");
    let done = transfer(&mut browser, "sign_ins").await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    browser.get("/v1/me").await.ok();
    assert_eq!(transfer(&mut browser, "sign_ins").await.refusal(), (400, "account_transfer_invalid".into()));
}

#[tokio::test]
async fn there_is_nothing_to_transfer_out_of_nothing() {
    let it = World::new().await;
    let mut browser = it.browser();
    for to in ["sign_ins", "sign_ups"] {
        assert_eq!(transfer(&mut browser, to).await.refusal(), (400, "account_transfer_invalid".into()));
    }
    start(&mut browser, "sign_ins").await;
    assert_eq!(transfer(&mut browser, "sign_ups").await.refusal(), (400, "account_transfer_invalid".into()));
}

#[tokio::test]
async fn what_the_provider_does_not_tell_is_asked_for() {
    let it = World::new().await;
    let mut browser = it.browser();
    assert_eq!(it.sign_up(&mut browser, &json!({ "sub": "acme-joe" })).await, CALLBACK);
    let attempt = browser.get("/v1/client").await.ok().at("/response/sign_up");
    assert_eq!(attempt["status"], "missing_requirements");
    assert_eq!(attempt["missing_fields"], json!(["email_address"]));
    assert_eq!(attempt["verifications"]["external_account"]["status"], "verified");
    let id = attempt["id"].as_str().expect("an id");
    browser.patch(&format!("/v1/client/sign_ups/{id}"), &[("email_address", "joe@example.com")]).await.ok();
    let prepare = format!("/v1/client/sign_ups/{id}/prepare_verification");
    browser.post(&prepare, &[("strategy", "email_code")]).await.ok();
    let code = it.server.code(&browser.tenant, "joe@example.com").await;
    let attempt = format!("/v1/client/sign_ups/{id}/attempt_verification");
    let done = browser.post(&attempt, &[("strategy", "email_code"), ("code", &code)]).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    let me = browser.get("/v1/me").await.ok();
    assert_eq!(me.text("/response/external_accounts/0/provider_user_id"), "acme-joe");
}

#[tokio::test]
async fn an_address_that_is_not_proved_there_is_proved_here() {
    let it = World::new().await;
    let mut browser = it.browser();
    it.sign_up(&mut browser, &with_email_verified(false)).await;
    let attempt = browser.get("/v1/client").await.ok().at("/response/sign_up");
    assert_eq!(attempt["email_address"], JANE);
    assert_eq!(attempt["unverified_fields"], json!(["email_address"]));
    assert_eq!(attempt["created_user_id"], Value::Null);
}

/// Local address proved, provider's word, provider trusted: only all three together connect without another proof.
#[tokio::test]
async fn accounts_are_linked_only_by_proof_on_both_sides() {
    for (word, trusted) in [(true, true), (true, false), (false, true), (false, false)] {
        let it = World::with(|_, connection| connection.trusted_for_email = Some(trusted)).await;
        it.browser().sign_up(JANE).await;
        let mut browser = it.browser();
        let landed = it.sign_in(&mut browser, &with_email_verified(word)).await;
        if word && trusted {
            assert_eq!(landed, format!("{APP}/done"));
            let me = browser.get("/v1/me").await.ok();
            assert_eq!(me.text("/response/external_accounts/0/provider_user_id"), "acme-jane");
            assert_eq!(me.at("/response/password_enabled"), true);
            continue;
        }
        assert_eq!(landed, CALLBACK, "{word} {trusted}");
        assert_eq!(browser.get("/v1/me").await.refusal(), (401, "signed_out".into()));
        let attempt = browser.get("/v1/client").await.ok().at("/response/sign_in");
        assert_eq!(attempt["status"], "needs_first_factor");
        assert_eq!(attempt["identifier"], JANE);
    }
}

#[tokio::test]
async fn an_account_is_linked_once_its_address_is_proved() {
    let it = World::new().await;
    it.browser().sign_up(JANE).await;
    let mut browser = it.browser();
    it.sign_in(&mut browser, &with_email_verified(false)).await;
    let id = browser.get("/v1/client").await.ok().text("/response/sign_in/id");
    it.server.clock.advance(Millis::from_mins(1));
    browser.sign_in_step(&id, "prepare_first_factor", &[("strategy", "email_code")]).await.ok();
    let code = it.server.code(&browser.tenant, JANE).await;
    let answer = [("strategy", "email_code"), ("code", code.as_str())];
    let done = browser.sign_in_step(&id, "attempt_first_factor", &answer).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    let me = browser.get("/v1/me").await.ok();
    assert_eq!(me.text("/response/external_accounts/0/provider_user_id"), "acme-jane");
    // From now on the account alone is enough.
    let mut other = it.browser();
    assert_eq!(it.sign_in(&mut other, &with_email_verified(false)).await, format!("{APP}/done"));
}

#[tokio::test]
async fn a_password_does_not_link_the_account_that_waits() {
    let it = World::new().await;
    it.browser().sign_up(JANE).await;
    let mut browser = it.browser();
    it.sign_in(&mut browser, &with_email_verified(false)).await;
    let id = browser.get("/v1/client").await.ok().text("/response/sign_in/id");
    let answer = [("strategy", "password"), ("password", PASSWORD)];
    browser.sign_in_step(&id, "attempt_first_factor", &answer).await.ok();
    assert_eq!(browser.get("/v1/me").await.ok().at("/response/external_accounts"), json!([]));
}

#[tokio::test]
async fn an_unproved_address_of_a_stranger_leads_nowhere() {
    let it = World::new().await;
    let backend = it.server.backend().await;
    let new = json!({ "email_address": ["squat@example.com"], "password": PASSWORD });
    let user = backend.post("/v1/users", new).await.ok().text("/id");
    let add = json!({ "user_id": user, "email_address": JANE, "verified": false });
    backend.post("/v1/email_addresses", add).await.ok();
    let mut browser = it.member(&jane()).await;
    assert_ne!(browser.get("/v1/me").await.ok().text("/response/id"), user);
}

#[tokio::test]
async fn a_provider_is_known_by_its_own_id_and_not_by_the_address() {
    let it = World::new().await;
    let mut browser = it.member(&jane()).await;
    let user = browser.get("/v1/me").await.ok().text("/response/id");
    let moved = json!({ "sub": "acme-jane", "email": "jane@elsewhere.test", "email_verified": true });
    let mut other = it.browser();
    assert_eq!(it.sign_in(&mut other, &moved).await, format!("{APP}/done"));
    assert_eq!(other.get("/v1/me").await.ok().text("/response/id"), user);
}

#[tokio::test]
async fn the_environment_shows_the_provider_and_no_secret() {
    let it = World::new().await;
    let mut browser = it.browser();
    let answer = browser.get("/v1/environment").await.ok();
    let shown = answer.at("/user_settings/social/oauth_custom_acme");
    assert_eq!(shown["enabled"], true);
    assert_eq!(shown["name"], "Acme");
    assert_eq!(shown["logo_url"], "http://localhost:4000/v1/provider_icons/custom_acme.svg");
    let text = String::from_utf8(answer.body.clone()).expect("text");
    assert!(!text.contains(verger_testkit::CLIENT_SECRET) && !text.contains("client_secret"));
    let icon = browser.get("/v1/provider_icons/google.svg").await.ok();
    assert_eq!(icon.content_type(), Some("image/svg+xml"));
    // At rest it is sealed.
    let settings = serde_json::to_string(&it.server.development().instance.settings).expect("JSON");
    assert!(!settings.contains(verger_testkit::CLIENT_SECRET));
}

#[tokio::test]
async fn settings_that_are_read_and_written_back_keep_their_secret() {
    let it = World::new().await;
    it.change(|settings| settings.sign_in.email_code = true).await;
    it.member(&jane()).await;
}
