//! Setting up an authenticator app: a secret is shown once, and counts from the first right code on.

use super::NewBackupCodes;
use crate::clients::{CookieChange, Outcome};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::tenants::place;
use crate::visitors::Visitor;
use verger_crypto::totp::{new_secret, otpauth_uri, secret_text};
use verger_model::second_factor::Totp;
use verger_model::session::SessionTask;
use verger_model::{Code, Refusal, Secret, TotpId, UserId};
use verger_store::WriteTx;

/// An authenticator app as its user sees it.
#[derive(Clone, Debug)]
pub struct EnrolledTotp {
    /// The app.
    pub totp: Totp,
    /// Secret (base32) and `otpauth://` address, the one time they are shown.
    pub shared: Option<(Secret<String>, Secret<String>)>,
    /// Backup codes that were made along, the one time they are shown.
    pub backup_codes: Option<NewBackupCodes>,
}

impl Service {
    /// Makes a secret for the signed-in user's authenticator app. Until a code of it is shown it is worth nothing, and another
    /// call replaces it.
    ///
    /// # Errors
    /// `signed_out`, `form_param_value_disabled`, `totp_already_enabled`.
    pub async fn create_totp(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
    ) -> Result<Outcome<EnrolledTotp>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        self.expect_offered(ctx.tenant.instance.settings.multi_factor.authenticator_app)?;
        let profile = self.get_user(ctx, session.user_id.as_str()).await?;
        self.expect_fresh(ctx, &session, &profile.user)?;
        let secret = new_secret(self.entropy());
        let mut tx = self.store.write().await?;
        let found = tx.users().get_for_update(ctx.instance(), &session.user_id).await?;
        let user = found.ok_or(Code::SignedOut)?;
        if user.totp_enabled {
            return Err(Code::TotpAlreadyEnabled.into());
        }
        let totp = self.new_totp(ctx, &user.id, &secret, false);
        tx.totps().put(ctx.instance(), &totp).await?;
        tx.commit().await?;
        let uri = otpauth_uri(&secret, ctx.tenant.instance.display_name(), profile.identifier());
        let value = EnrolledTotp { totp, shared: Some((secret_text(&secret), uri)), backup_codes: None };
        let state = self.client_now(ctx, &session.client_id).await?;
        Ok(Outcome { value, state: Some(state), cookie: CookieChange::Keep })
    }

    /// An authenticator app with its secret sealed.
    pub(crate) fn new_totp(&self, ctx: &Ctx, user: &UserId, secret: &Secret<Vec<u8>>, verified: bool) -> Totp {
        let id = TotpId::generate(ctx.now, self.entropy());
        let at = place(ctx.instance(), "totps", "sealed", id.as_str());
        let sealed = ctx.tenant.data_key.seal(&at, secret.expose(), self.entropy()).into_bytes();
        Totp { id, user_id: user.clone(), sealed, verified, last_step: 0, created_at: ctx.now, updated_at: ctx.now }
    }

    /// Takes the first code of a new authenticator app: from now on it is the user's second factor. Backup codes are made along
    /// when the instance has them and the user does not.
    ///
    /// # Errors
    /// `signed_out`, `verification_missing` when no secret was made, `totp_already_enabled`, `form_code_incorrect`,
    /// `user_locked`.
    pub async fn attempt_totp(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        code: &str,
    ) -> Result<Outcome<EnrolledTotp>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        let offered = &ctx.tenant.instance.settings.multi_factor;
        self.expect_offered(offered.authenticator_app)?;
        let mut tx = self.store.write().await?;
        let sessions = self.lock_sessions(ctx, &mut tx, &session.user_id).await?;
        let found = tx.users().get_for_update(ctx.instance(), &session.user_id).await?;
        let mut user = found.ok_or(Code::SignedOut)?;
        if user.totp_enabled {
            return Err(Code::TotpAlreadyEnabled.into());
        }
        self.expect_may_sign_in(ctx, &user)?;
        tx.totps().of_user(ctx.instance(), &user.id).await?.ok_or(Code::VerificationMissing)?;
        if !self.takes_totp(ctx, &mut tx, &user, code).await? {
            let plain = Refusal::param(Code::FormCodeIncorrect, "code");
            let refusal = self.count_failure(ctx, &mut tx, &mut user, plain).await?;
            tx.commit().await?;
            return Err(refusal.into());
        }
        user.totp_enabled = true;
        user.forget_failures();
        let backup_codes = if offered.backup_codes && !user.backup_code_enabled {
            Some(self.renew_backup_codes(ctx, &mut tx, &mut user).await?)
        } else {
            None
        };
        self.settle_second_factors(ctx, &mut user);
        tx.users().update(ctx.instance(), &user).await?;
        self.finish_task(ctx, &mut tx, sessions, SessionTask::SetupMfa, Some(&session)).await?;
        let totp = tx.totps().of_user(ctx.instance(), &user.id).await?.ok_or(Code::VerificationMissing)?;
        tx.commit().await?;
        let state = self.client_now(ctx, &session.client_id).await?;
        let value = EnrolledTotp { totp, shared: None, backup_codes };
        Ok(Outcome { value, state: Some(state), cookie: CookieChange::Keep })
    }

    /// Gives up the signed-in user's authenticator app.
    ///
    /// # Errors
    /// `signed_out`, `resource_not_found` when there is none, `second_factor_deletion_not_allowed` where users must have one.
    pub async fn delete_totp(&self, ctx: &Ctx, visitor: Visitor, acting: Option<&str>) -> Result<Outcome<TotpId>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        self.expect_fresh_session(ctx, &session).await?;
        let mut tx = self.store.write().await?;
        let found = tx.users().get_for_update(ctx.instance(), &session.user_id).await?;
        let user = found.ok_or(Code::SignedOut)?;
        let totp = tx.totps().of_user(ctx.instance(), &user.id).await?.ok_or(Code::ResourceNotFound)?;
        let settings = &ctx.tenant.instance.settings;
        let has_phone = user.phone_second_factor && settings.offers_phone_second_factor();
        if user.totp_enabled && settings.multi_factor.required && !has_phone {
            return Err(Code::SecondFactorDeletionNotAllowed.into());
        }
        self.drop_totp(ctx, &mut tx, user).await?;
        tx.commit().await?;
        let state = self.client_now(ctx, &session.client_id).await?;
        Ok(Outcome { value: totp.id, state: Some(state), cookie: CookieChange::Keep })
    }

    /// Takes a user's authenticator app away, on behalf of the application's backend. Without one nothing happens.
    ///
    /// # Errors
    /// `resource_not_found` for an unknown user.
    pub async fn remove_totp(&self, ctx: &Ctx, id: &str) -> Result<UserId> {
        let id: UserId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let mut tx = self.store.write().await?;
        let user = tx.users().get_for_update(ctx.instance(), &id).await?.ok_or(Code::ResourceNotFound)?;
        self.drop_totp(ctx, &mut tx, user).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn drop_totp(&self, ctx: &Ctx, tx: &mut WriteTx, mut user: verger_model::user::User) -> Result<()> {
        tx.totps().delete(ctx.instance(), &user.id).await?;
        user.totp_enabled = false;
        self.settle_second_factors(ctx, &mut user);
        if !user.backup_code_enabled {
            tx.backup_codes().delete(ctx.instance(), &user.id).await?;
        }
        Ok(tx.users().update(ctx.instance(), &user).await?)
    }
}
