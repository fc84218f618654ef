//! What users set up beside their first factor, and answers to it: authenticator apps and backup codes.

mod answer;
mod backup_codes;
mod import;
mod totp;

pub use answer::SecondFactorProof;
pub use backup_codes::NewBackupCodes;
pub use import::ImportedFactors;
pub(crate) use import::check_factors;
pub use totp::EnrolledTotp;

use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use verger_model::sign_in::SecondFactor;
use verger_model::user::User;
use verger_model::{Code, Refusal};

/// Whether a sign-in of this user asks for a second factor. What the instance does not offer is not asked for.
pub(crate) fn asked_of(ctx: &Ctx, user: &User) -> SecondFactor {
    let settings = &ctx.tenant.instance.settings;
    let by_app = user.totp_enabled && settings.multi_factor.authenticator_app;
    let by_phone = user.phone_second_factor && settings.offers_phone_second_factor();
    if by_app || by_phone { SecondFactor::Asked } else { SecondFactor::NotAsked }
}

impl Service {
    /// Refuses a second factor that the instance does not offer.
    fn expect_offered(&self, is_offered: bool) -> Result<()> {
        if is_offered { Ok(()) } else { Err(Refusal::param(Code::FormParamValueDisabled, "strategy").into()) }
    }

    /// Keeps `two_factor_enabled` and its times in step with what the user has now. Backup codes go with the last factor.
    pub(crate) fn settle_second_factors(&self, ctx: &Ctx, user: &mut User) {
        user.updated_at = ctx.now;
        if user.two_factor_enabled() {
            user.mfa_enabled_at = user.mfa_enabled_at.or(Some(ctx.now));
            return;
        }
        if user.mfa_enabled_at.take().is_some() {
            user.mfa_disabled_at = Some(ctx.now);
        }
        user.backup_code_enabled = false;
    }
}
