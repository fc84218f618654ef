//! The flows of people, step by step as the components walk them.

use crate::answer::Answer;
use crate::browser::{Browser, Fields};
use serde_json::Value;
use verger_crypto::totp::{code_at, read_secret};
use verger_model::Millis;

/// A password that no rule refuses.
pub const PASSWORD: &str = "correct horse battery 9";

/// The code that an authenticator app with this secret (base32) shows at this time.
///
/// # Panics
/// When that is no secret.
pub fn totp_code(secret: &str, at: Millis) -> String {
    code_at(&read_secret(secret).expect("a secret in base32"), at)
}

/// What a browser that worked on this challenge hands in.
pub fn prove_work(challenge: &str) -> String {
    verger_crypto::proof_of_work::solve(challenge)
}

impl Browser {
    /// Signs up with an email address, [`PASSWORD`] and the emailed code. The answer to the last step.
    pub async fn sign_up(&mut self, email: &str) -> Answer {
        let fields = [("email_address", email), ("password", PASSWORD)];
        let id = self.post("/v1/client/sign_ups", &fields).await.ok().text("/response/id");
        let prepare = format!("/v1/client/sign_ups/{id}/prepare_verification");
        self.post(&prepare, &[("strategy", "email_code")]).await.ok();
        let code = self.server.code(&self.tenant, email).await;
        let attempt = format!("/v1/client/sign_ups/{id}/attempt_verification");
        self.post(&attempt, &[("strategy", "email_code"), ("code", &code)]).await.ok()
    }

    /// Signs in with an email address and a password in one request.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        let fields = [("identifier", email), ("password", password), ("strategy", "password")];
        self.post("/v1/client/sign_ins", &fields).await
    }

    /// Names somebody; the id of the attempt.
    pub async fn identify(&mut self, email: &str) -> String {
        self.post("/v1/client/sign_ins", &[("identifier", email)]).await.ok().text("/response/id")
    }

    /// Takes one step of a sign-in attempt.
    pub async fn sign_in_step(&mut self, id: &str, step: &str, fields: &[(&str, &str)]) -> Answer {
        self.post(&format!("/v1/client/sign_ins/{id}/{step}"), fields).await
    }

    /// Goes on with an attempt by a code that is mailed; `more` goes along with the code. The answer to the code.
    pub async fn sign_in_by_mail(&mut self, id: &str, strategy: &str, email: &str, more: Fields<'_>) -> Answer {
        let shown = self.get(&format!("/v1/client/sign_ins/{id}")).await.ok();
        let factors = shown.at("/response/supported_first_factors");
        let by_mail = |it: &&Value| it["strategy"] == strategy;
        let factor = factors.as_array().and_then(|factors| factors.iter().find(by_mail)).cloned().unwrap_or_default();
        let address = factor["email_address_id"].as_str().unwrap_or_default();
        let fields = [("strategy", strategy), ("email_address_id", address)];
        // Mails of one moment have no order.
        self.server.clock.advance(Millis(1));
        self.sign_in_step(id, "prepare_first_factor", &fields).await.ok();
        let code = self.server.code(&self.tenant, email).await;
        let fields = [&[("strategy", strategy), ("code", code.as_str())], more].concat();
        self.sign_in_step(id, "attempt_first_factor", &fields).await
    }

    /// Signs everybody out, as the user button does.
    pub async fn sign_out(&mut self) -> Answer {
        self.delete("/v1/client/sessions").await
    }
}
