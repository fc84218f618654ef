//! What goes along with a password that is set, taken away or no longer trusted.

use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use verger_model::session::SessionTask;
use verger_model::user::User;
use verger_model::{SessionId, UserId};
use verger_store::{StoredPassword, WriteTx};

impl Service {
    /// What another password, none, or one that is trusted again means for the sessions there are: all but one end when that is
    /// asked for, and none has to reset the old one any more. To be called before the user is locked.
    pub(crate) async fn settle_sessions_after_password(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        user: &UserId,
        keep: Option<&SessionId>,
        sign_out_of_other_sessions: bool,
    ) -> Result<()> {
        if sign_out_of_other_sessions {
            self.revoke_sessions(ctx, tx, user, keep).await?;
        }
        let sessions = self.lock_sessions(ctx, tx, user).await?;
        self.finish_task(ctx, tx, sessions, SessionTask::ResetPassword, None).await
    }

    /// Gives a user a new password, which is trusted. The user is still to be written.
    pub(crate) async fn put_password(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        user: &mut User,
        password: &StoredPassword,
    ) -> Result<()> {
        tx.passwords().put(ctx.instance(), &user.id, password, ctx.now).await?;
        self.require_password_reset(ctx, tx, user, false).await?;
        user.password_last_updated_at = Some(ctx.now);
        user.updated_at = ctx.now;
        Ok(())
    }

    /// Takes a user's password away. The user is still to be written.
    pub(crate) async fn drop_password(&self, ctx: &Ctx, tx: &mut WriteTx, user: &mut User) -> Result<()> {
        tx.passwords().delete(ctx.instance(), &user.id).await?;
        self.require_password_reset(ctx, tx, user, false).await?;
        user.password_last_updated_at = None;
        user.updated_at = ctx.now;
        Ok(())
    }

    /// Marks the password of a user as one that must be set anew, or takes the mark away.
    pub(crate) async fn require_password_reset(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        user: &mut User,
        is_required: bool,
    ) -> Result<()> {
        if user.requires_password_reset != is_required {
            tx.users().require_password_reset(ctx.instance(), &user.id, is_required).await?;
            user.requires_password_reset = is_required;
        }
        Ok(())
    }
}
