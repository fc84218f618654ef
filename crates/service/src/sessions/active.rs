//! The list of devices where a user is signed in, and signing one of them out.

use crate::clients::{CookieChange, LiveSession, Outcome};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Visitor;
use verger_model::session::SessionStatus;
use verger_model::{Code, SessionId};

impl Service {
    /// Every live session of the signed-in user, on every device.
    ///
    /// # Errors
    /// `signed_out` when nobody is signed in.
    pub async fn my_active_sessions(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
    ) -> Result<Vec<LiveSession>> {
        let me = self.acting_session(ctx, &visitor, acting).await?;
        let mut reader = self.store.read().await?;
        let profile = reader.users().profile(ctx.instance(), &me.user_id).await?.ok_or(Code::SignedOut)?;
        let sessions = reader.sessions().of_user(ctx.instance(), &me.user_id).await?;
        let settings = &ctx.tenant.instance.settings.sessions;
        let live = sessions.into_iter().filter(|it| it.is_live(settings, ctx.now));
        Ok(live.map(|session| LiveSession { session, profile: profile.clone(), token: None }).collect())
    }

    /// Signs out another device of the signed-in user.
    ///
    /// # Errors
    /// `signed_out` when nobody is signed in, `resource_not_found` for a session that is not this user's or is over.
    pub async fn revoke_my_session(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        id: &str,
    ) -> Result<Outcome<LiveSession>> {
        let me = self.acting_session(ctx, &visitor, acting).await?;
        self.expect_fresh_session(ctx, &me).await?;
        let id: SessionId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let known = self.store.read().await?.sessions().get(ctx.instance(), &id).await?;
        known.filter(|it| it.user_id == me.user_id).ok_or(Code::ResourceNotFound)?;
        let mut tx = self.store.write().await?;
        let closed = self.close_session(ctx, &mut tx, &id, SessionStatus::Revoked).await?;
        let session = closed.ok_or(Code::ResourceNotFound)?;
        tx.commit().await?;
        let value = self.live(ctx, session).await?;
        let state = self.client_now(ctx, &me.client_id).await?;
        Ok(Outcome { value, state: Some(state), cookie: CookieChange::Keep })
    }
}
