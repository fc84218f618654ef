//! Whether a new password may be taken: its form, how easily it is guessed, and whether others know it already.

use super::check_policy;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use serde_json::json;
use verger_crypto::password::{LeakKey, Strength};
use verger_model::{Code, Refusal, Secret};
use verger_outbound::LeakList;
use verger_outbound::http::Reach;

impl Service {
    /// Refuses a new password that the instance does not allow.
    ///
    /// # Errors
    /// The `form_password_*` rules, about the field `param`.
    pub(crate) async fn expect_allowed(
        &self,
        ctx: &Ctx,
        password: &Secret<String>,
        identifiers: &[&str],
        param: &str,
    ) -> Result<()> {
        check_policy(&ctx.tenant.instance.settings.password, password, identifiers, param)?;
        self.expect_hard_to_guess(ctx, password, param).await
    }

    /// The part of it that takes longer: for whoever has looked at the form already.
    ///
    /// # Errors
    /// `form_password_not_strong_enough`, `form_password_pwned`.
    pub(crate) async fn expect_hard_to_guess(&self, ctx: &Ctx, password: &Secret<String>, param: &str) -> Result<()> {
        let strength = self.hashes.strength(password.clone()).await?;
        if strength.score < ctx.tenant.instance.settings.password.min_zxcvbn_strength {
            return Err(too_weak(&strength, param).into());
        }
        let is_looked_up = !ctx.tenant.instance.settings.password.disable_hibp;
        if strength.is_well_known || (is_looked_up && self.is_leaked(ctx, password).await) {
            return Err(Refusal::param(Code::FormPasswordPwned, param).into());
        }
        Ok(())
    }

    /// Whether the list of leaked passwords names this one. A list that does not answer stops nobody.
    pub(crate) async fn is_leaked(&self, ctx: &Ctx, password: &Secret<String>) -> bool {
        let list = LeakList {
            range_url: &ctx.tenant.instance.settings.password.hibp_range_url,
            http: &self.http,
            // The address is the operator's, who may keep the list at home; nothing of its answer is shown.
            reach: Reach::Anywhere,
        };
        let named = list.names(&LeakKey::of(password.expose())).await;
        named.unwrap_or_else(|err| {
            tracing::warn!(instance = %ctx.instance(), error = %err, "the list of leaked passwords does not answer");
            false
        })
    }
}

/// The refusal of a weak password, with the advice that forms show.
fn too_weak(strength: &Strength, param: &str) -> Refusal {
    let suggestions = strength.suggestions.iter();
    let suggestions: Vec<_> = suggestions.map(|it| json!({ "code": it.code, "message": it.message })).collect();
    Refusal::param(Code::FormPasswordNotStrongEnough, param).with("zxcvbn", json!({ "suggestions": suggestions }))
}
