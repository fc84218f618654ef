//! Answers to a second factor: each code of an authenticator app and each backup code is taken once.

use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::service::Service;
use crate::tenants::place;
use crate::verifications::Answer;
use verger_crypto::backup_code::backup_code_digest;
use verger_crypto::totp::matching_step;
use verger_model::second_factor::Totp;
use verger_model::user::User;
use verger_model::{Code, Refusal, Secret, Strategy};
use verger_store::WriteTx;

/// Which kind of code was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactorProof {
    /// A code of the authenticator app.
    Totp,
    /// A backup code, now used up.
    BackupCode,
}

impl Service {
    /// Takes an answer to a second factor of a user. A wrong one must be counted and committed by the caller.
    ///
    /// # Errors
    /// `no_second_factors` when the user has none of that kind, `form_param_value_invalid` for another strategy.
    pub(crate) async fn answer_second_factor(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        user: &User,
        strategy: Strategy,
        code: &str,
    ) -> Result<Answer> {
        let offered = &ctx.tenant.instance.settings.multi_factor;
        let fits = match strategy {
            Strategy::Totp if user.totp_enabled && offered.authenticator_app => {
                self.takes_totp(ctx, tx, user, code).await?
            }
            Strategy::BackupCode if user.backup_code_enabled && offered.backup_codes => {
                self.takes_backup_code(ctx, tx, user, code).await?
            }
            Strategy::Totp | Strategy::BackupCode => return Err(Code::NoSecondFactors.into()),
            _ => return Err(Refusal::param(Code::FormParamValueInvalid, "strategy").into()),
        };
        Ok(if fits { Answer::Right } else { Answer::Wrong(Refusal::param(Code::FormCodeIncorrect, "code")) })
    }

    pub(super) async fn takes_totp(&self, ctx: &Ctx, tx: &mut WriteTx, user: &User, code: &str) -> Result<bool> {
        let Some(totp) = tx.totps().of_user(ctx.instance(), &user.id).await? else { return Ok(false) };
        let secret = self.totp_secret(ctx, &totp)?;
        match matching_step(&secret, code, ctx.now) {
            Some(step) => Ok(tx.totps().take_step(ctx.instance(), &totp, step, ctx.now).await?),
            None => Ok(false),
        }
    }

    async fn takes_backup_code(&self, ctx: &Ctx, tx: &mut WriteTx, user: &User, code: &str) -> Result<bool> {
        let digest = backup_code_digest(&ctx.tenant.code_key, &user.id, code);
        Ok(tx.backup_codes().consume(ctx.instance(), &user.id, &digest, ctx.now).await?)
    }

    fn totp_secret(&self, ctx: &Ctx, totp: &Totp) -> Result<Secret<Vec<u8>>> {
        let at = place(ctx.instance(), "totps", "sealed", totp.id.as_str());
        let sealed = std::str::from_utf8(&totp.sealed).map_err(Error::internal)?;
        ctx.tenant.data_key.open(&at, sealed).map_err(Error::internal)
    }

    /// Whether a code is right, for the application's backend: six digits are one of the authenticator app, anything longer is
    /// a backup code and used up. Wrong answers count towards the lock.
    ///
    /// # Errors
    /// `resource_not_found`, `totp_disabled`, `totp_invalid_length`, `totp_incorrect_code`, `user_locked`.
    pub async fn verify_totp(&self, ctx: &Ctx, id: &str, code: &str) -> Result<SecondFactorProof> {
        let id = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let mut tx = self.store.write().await?;
        let mut user = tx.users().get_for_update(ctx.instance(), &id).await?.ok_or(Code::ResourceNotFound)?;
        if !user.totp_enabled && !user.backup_code_enabled {
            return Err(Code::TotpDisabled.into());
        }
        let (strategy, proof) = match code.trim().len() {
            6 => (Strategy::Totp, SecondFactorProof::Totp),
            8.. => (Strategy::BackupCode, SecondFactorProof::BackupCode),
            _ => return Err(Refusal::param(Code::TotpInvalidLength, "code").into()),
        };
        if let Some(secs) = user.lockout_expires_in_seconds(ctx.now) {
            return Err(Refusal::new(Code::UserLocked).with("lockout_expires_in_seconds", secs).into());
        }
        let fits = match strategy {
            Strategy::Totp => self.takes_totp(ctx, &mut tx, &user, code.trim()).await?,
            _ => self.takes_backup_code(ctx, &mut tx, &user, code).await?,
        };
        if fits {
            user.forget_failures();
            tx.users().update(ctx.instance(), &user).await?;
            tx.commit().await?;
            return Ok(proof);
        }
        let plain = Refusal::param(Code::TotpIncorrectCode, "code");
        let refusal = self.count_failure(ctx, &mut tx, &mut user, plain.clone()).await?;
        tx.commit().await?;
        // The backend is told the plain truth; the warning is for people at a form.
        Err(if refusal.code() == Code::UserLocked { refusal } else { plain }.into())
    }
}
