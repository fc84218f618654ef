//! Second factors that users bring from another server, by way of the application's backend.

use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use verger_crypto::backup_code::backup_code_digest;
use verger_crypto::totp::read_secret;
use verger_model::user::User;
use verger_model::{Code, Refusal, Secret};
use verger_store::WriteTx;

/// What a user's authenticator app and paper slip hold already.
#[derive(Clone, Debug, Default)]
pub struct ImportedFactors {
    /// The secret of the authenticator app, in base32.
    pub totp_secret: Option<Secret<String>>,
    /// Backup codes in clear.
    pub backup_codes: Vec<String>,
}

/// The same, read and judged.
pub(crate) struct CheckedFactors {
    totp_secret: Option<Secret<Vec<u8>>>,
    backup_codes: Vec<String>,
}

/// Refuses a secret that no app could hold, and backup codes that are short or say the same.
pub(crate) fn check_factors(factors: &ImportedFactors) -> Result<CheckedFactors> {
    let totp_secret = match &factors.totp_secret {
        Some(text) => {
            let read = read_secret(text.expose());
            Some(read.ok_or_else(|| Refusal::param(Code::InvalidTotpSecret, "totp_secret"))?)
        }
        None => None,
    };
    let mut backup_codes: Vec<String> =
        factors.backup_codes.iter().map(|code| code.trim().to_ascii_lowercase()).collect();
    if backup_codes.iter().any(|code| code.len() < 8) {
        return Err(Refusal::param(Code::FormParamValueInvalid, "backup_codes").into());
    }
    backup_codes.sort_unstable();
    backup_codes.dedup();
    Ok(CheckedFactors { totp_secret, backup_codes })
}

impl CheckedFactors {
    /// Says on the user what they have now.
    pub(crate) fn mark(&self, ctx: &Ctx, user: &mut User) {
        user.totp_enabled |= self.totp_secret.is_some();
        user.backup_code_enabled |= !self.backup_codes.is_empty();
        if user.two_factor_enabled() {
            user.mfa_enabled_at = user.mfa_enabled_at.or(Some(ctx.now));
        }
    }
}

impl Service {
    /// Writes what was read in the place of what the user had. The user's row must be there.
    pub(crate) async fn write_factors(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        user: &User,
        factors: &CheckedFactors,
    ) -> Result<()> {
        if let Some(secret) = &factors.totp_secret {
            tx.totps().put(ctx.instance(), &self.new_totp(ctx, &user.id, secret, true)).await?;
        }
        if !factors.backup_codes.is_empty() {
            let key = &ctx.tenant.code_key;
            let digests: Vec<_> =
                factors.backup_codes.iter().map(|code| backup_code_digest(key, &user.id, code)).collect();
            tx.backup_codes().replace(ctx.instance(), &user.id, &digests, ctx.now).await?;
        }
        Ok(())
    }
}
