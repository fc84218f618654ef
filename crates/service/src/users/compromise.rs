//! Passwords that the application's backend no longer trusts, or trusts again.

use super::user_id;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use verger_model::Code;
use verger_model::user::Profile;

impl Service {
    /// Marks a user's password as one that somebody else may know: it must be set anew at the next sign-in. Sessions go on
    /// unless they are to end.
    ///
    /// # Errors
    /// `resource_not_found`, `no_password_set`.
    pub async fn set_password_compromised(&self, ctx: &Ctx, id: &str, revoke_all_sessions: bool) -> Result<Profile> {
        let id = user_id(id)?;
        let mut tx = self.store.write().await?;
        if revoke_all_sessions {
            self.revoke_sessions(ctx, &mut tx, &id, None).await?;
        }
        let mut user = tx.users().get_for_update(ctx.instance(), &id).await?.ok_or(Code::ResourceNotFound)?;
        if !user.password_enabled() {
            return Err(Code::NoPasswordSet.into());
        }
        self.require_password_reset(ctx, &mut tx, &mut user, true).await?;
        user.updated_at = ctx.now;
        tx.users().update(ctx.instance(), &user).await?;
        tx.commit().await?;
        self.get_user(ctx, id.as_str()).await
    }

    /// Takes that mark away, and with it the task of sessions that wait for a new password.
    ///
    /// # Errors
    /// `resource_not_found`.
    pub async fn unset_password_compromised(&self, ctx: &Ctx, id: &str) -> Result<Profile> {
        let id = user_id(id)?;
        let mut tx = self.store.write().await?;
        self.settle_sessions_after_password(ctx, &mut tx, &id, None, false).await?;
        let mut user = tx.users().get_for_update(ctx.instance(), &id).await?.ok_or(Code::ResourceNotFound)?;
        self.require_password_reset(ctx, &mut tx, &mut user, false).await?;
        user.updated_at = ctx.now;
        tx.users().update(ctx.instance(), &user).await?;
        tx.commit().await?;
        self.get_user(ctx, id.as_str()).await
    }
}
