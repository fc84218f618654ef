//! How sessions end: by their user, here or from another device.

use crate::clients::{ClientState, CookieChange, LiveSession, Outcome};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Visitor;
use verger_model::client::CookieTrust;
use verger_model::session::{Session, SessionStatus};
use verger_model::{ClientId, Code, SessionId, UserId};
use verger_store::WriteTx;

impl Service {
    /// Signs out of one session; it stays listed.
    ///
    /// # Errors
    /// `resource_not_found` for a session that is not there, not theirs, or over.
    pub async fn end_session(&self, ctx: &Ctx, visitor: Visitor, id: &str) -> Result<Outcome<LiveSession>> {
        self.leave(ctx, visitor, id, SessionStatus::Ended).await
    }

    /// Signs out of one session and takes it off the client.
    ///
    /// # Errors
    /// `resource_not_found` for a session that is not there, not theirs, or over.
    pub async fn remove_session(&self, ctx: &Ctx, visitor: Visitor, id: &str) -> Result<Outcome<LiveSession>> {
        self.leave(ctx, visitor, id, SessionStatus::Removed).await
    }

    async fn leave(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        status: SessionStatus,
    ) -> Result<Outcome<LiveSession>> {
        let session = self.visitors_session(ctx, &visitor, id).await?;
        let mut tx = self.store.write().await?;
        let session = self.close_session(ctx, &mut tx, &session.id, status).await?.ok_or(Code::ResourceNotFound)?;
        let mut client =
            tx.clients().get_for_update(ctx.instance(), &session.client_id).await?.ok_or(Code::ResourceNotFound)?;
        let token = self.rotate(ctx, &mut client);
        tx.clients().update(ctx.instance(), &client).await?;
        tx.commit().await?;
        let cookie = CookieChange::Set(self.client_cookie(ctx, &client.id, &token)?);
        let value = self.live(ctx, session).await?;
        let state = self.client_now(ctx, &client.id).await?;
        Ok(Outcome { value, state: Some(state), cookie })
    }

    /// Ends a live session and moves its client's `updated_at`, so that other tabs notice. `None` when it was over already.
    /// Takes the locks in the order client, session.
    pub(crate) async fn close_session(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        id: &SessionId,
        status: SessionStatus,
    ) -> Result<Option<Session>> {
        let Some(known) = tx.sessions().get(ctx.instance(), id).await? else { return Ok(None) };
        let client = tx.clients().get_for_update(ctx.instance(), &known.client_id).await?;
        let Some(mut session) = tx.sessions().get_for_update(ctx.instance(), id).await? else { return Ok(None) };
        if session.status != SessionStatus::Active {
            return Ok(None);
        }
        session.status = status;
        session.updated_at = ctx.now;
        tx.sessions().update(ctx.instance(), &session).await?;
        if let Some(mut client) = client {
            client.updated_at = ctx.now;
            if client.last_active_session_id.as_ref() == Some(id) {
                client.last_active_session_id = self.another_session(ctx, tx, &client.id).await?;
            }
            tx.clients().update(ctx.instance(), &client).await?;
        }
        Ok(Some(session))
    }

    async fn another_session(&self, ctx: &Ctx, tx: &mut WriteTx, client: &ClientId) -> Result<Option<SessionId>> {
        let settings = &ctx.tenant.instance.settings.sessions;
        let sessions = tx.sessions().of_client(ctx.instance(), client).await?;
        let live = sessions.into_iter().filter(|it| it.is_live(settings, ctx.now));
        Ok(live.max_by_key(|it| it.last_active_at).map(|it| it.id))
    }

    /// Revokes every live session of a user but one.
    pub(crate) async fn revoke_sessions(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        user: &UserId,
        except: Option<&SessionId>,
    ) -> Result<()> {
        for session in tx.sessions().of_user(ctx.instance(), user).await? {
            if session.status == SessionStatus::Active && except != Some(&session.id) {
                self.close_session(ctx, tx, &session.id, SessionStatus::Revoked).await?;
            }
        }
        Ok(())
    }

    /// The state of a client as it is stored now.
    pub(crate) async fn client_now(&self, ctx: &Ctx, id: &ClientId) -> Result<ClientState> {
        let found = self.store.read().await?.clients().get(ctx.instance(), id).await?;
        self.client_state(ctx, found.ok_or(Code::ResourceNotFound)?, CookieTrust::Current).await
    }
}
