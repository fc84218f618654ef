//! Whether a new password may be taken: its form, and how easily it is guessed.

use super::check_policy;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use serde_json::json;
use verger_crypto::password::Strength;
use verger_model::{Code, Refusal, Secret};

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
        if strength.is_well_known {
            return Err(Refusal::param(Code::FormPasswordPwned, param).into());
        }
        Ok(())
    }
}

/// The refusal of a weak password, with the advice that forms show.
fn too_weak(strength: &Strength, param: &str) -> Refusal {
    let suggestions = strength.suggestions.iter();
    let suggestions: Vec<_> = suggestions.map(|it| json!({ "code": it.code, "message": it.message })).collect();
    Refusal::param(Code::FormPasswordNotStrongEnough, param).with("zxcvbn", json!({ "suggestions": suggestions }))
}
