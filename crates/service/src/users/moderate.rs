//! Banning and locking users.

use super::user_id;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use verger_model::user::{Profile, User};
use verger_model::{Code, Millis};

impl Service {
    /// Bans a user: every session ends, and none can begin.
    ///
    /// # Errors
    /// `resource_not_found`.
    pub async fn ban_user(&self, ctx: &Ctx, id: &str) -> Result<Profile> {
        self.moderate(ctx, id, true, |user| user.banned = true).await
    }

    /// Lifts a ban. Sessions do not come back.
    ///
    /// # Errors
    /// `resource_not_found`.
    pub async fn unban_user(&self, ctx: &Ctx, id: &str) -> Result<Profile> {
        self.moderate(ctx, id, false, |user| user.banned = false).await
    }

    /// Locks a user for as long as the instance locks anybody. Sessions go on.
    ///
    /// # Errors
    /// `resource_not_found`.
    pub async fn lock_user(&self, ctx: &Ctx, id: &str) -> Result<Profile> {
        let lockout = &ctx.tenant.instance.settings.attack_protection.lockout;
        let until = ctx.now + Millis::from_mins(lockout.duration_in_minutes);
        self.moderate(ctx, id, false, move |user| user.locked_until = Some(until)).await
    }

    /// Lifts a lock and forgets the failures.
    ///
    /// # Errors
    /// `resource_not_found`.
    pub async fn unlock_user(&self, ctx: &Ctx, id: &str) -> Result<Profile> {
        self.moderate(ctx, id, false, User::forget_failures).await
    }

    async fn moderate(
        &self,
        ctx: &Ctx,
        id: &str,
        end_sessions: bool,
        change: impl FnOnce(&mut User) + Send,
    ) -> Result<Profile> {
        let id = user_id(id)?;
        let mut tx = self.store.write().await?;
        if end_sessions {
            self.revoke_sessions(ctx, &mut tx, &id, None).await?;
        }
        let mut user = tx.users().get_for_update(ctx.instance(), &id).await?.ok_or(Code::ResourceNotFound)?;
        change(&mut user);
        user.updated_at = ctx.now;
        tx.users().update(ctx.instance(), &user).await?;
        let identifications = tx.identifications().of_user(ctx.instance(), &id).await?;
        let external_accounts = tx.external_accounts().of_user(ctx.instance(), &id).await?;
        let passkeys = tx.passkeys().of_user(ctx.instance(), &user).await?;
        tx.commit().await?;
        Ok(Profile { user, identifications, external_accounts, passkeys })
    }
}
