//! Backup codes: a set at a time, shown once.

use crate::clients::{CookieChange, Outcome};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Visitor;
use verger_crypto::backup_code::{backup_code_digest, new_codes};
use verger_model::user::User;
use verger_model::{BackupCodeId, Code, Millis, Secret, UserId};
use verger_store::WriteTx;

/// A set of backup codes, the one time it is shown.
#[derive(Clone, Debug)]
pub struct NewBackupCodes {
    /// The id of the set.
    pub id: BackupCodeId,
    /// The codes.
    pub codes: Vec<Secret<String>>,
    /// When they were made.
    pub created_at: Millis,
}

impl Service {
    /// Makes a set of backup codes for the signed-in user; the codes before are worth nothing any more.
    ///
    /// # Errors
    /// `signed_out`, `form_param_value_disabled`, `backup_codes_not_available` without another second factor.
    pub async fn create_backup_codes(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
    ) -> Result<Outcome<NewBackupCodes>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        self.expect_offered(ctx.tenant.instance.settings.multi_factor.backup_codes)?;
        self.expect_fresh_session(ctx, &session).await?;
        let mut tx = self.store.write().await?;
        let found = tx.users().get_for_update(ctx.instance(), &session.user_id).await?;
        let mut user = found.ok_or(Code::SignedOut)?;
        if !user.two_factor_enabled() {
            return Err(Code::BackupCodesNotAvailable.into());
        }
        let value = self.renew_backup_codes(ctx, &mut tx, &mut user).await?;
        user.updated_at = ctx.now;
        tx.users().update(ctx.instance(), &user).await?;
        tx.commit().await?;
        let state = self.client_now(ctx, &session.client_id).await?;
        Ok(Outcome { value, state: Some(state), cookie: CookieChange::Keep })
    }

    /// Writes a new set. The caller writes the user.
    pub(crate) async fn renew_backup_codes(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        user: &mut User,
    ) -> Result<NewBackupCodes> {
        let codes = new_codes(self.entropy());
        let key = &ctx.tenant.code_key;
        let digests: Vec<_> = codes.iter().map(|code| backup_code_digest(key, &user.id, code.expose())).collect();
        tx.backup_codes().replace(ctx.instance(), &user.id, &digests, ctx.now).await?;
        user.backup_code_enabled = true;
        Ok(NewBackupCodes { id: BackupCodeId::generate(ctx.now, self.entropy()), codes, created_at: ctx.now })
    }

    /// Takes a user's backup codes away, on behalf of the application's backend. Without any nothing happens.
    ///
    /// # Errors
    /// `resource_not_found` for an unknown user.
    pub async fn remove_backup_codes(&self, ctx: &Ctx, id: &str) -> Result<UserId> {
        let id: UserId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let mut tx = self.store.write().await?;
        let mut user = tx.users().get_for_update(ctx.instance(), &id).await?.ok_or(Code::ResourceNotFound)?;
        tx.backup_codes().delete(ctx.instance(), &id).await?;
        user.backup_code_enabled = false;
        user.updated_at = ctx.now;
        tx.users().update(ctx.instance(), &user).await?;
        tx.commit().await?;
        Ok(id)
    }
}
