//! Reading a client, signing everybody out of it, and ending it.

use super::{ClientState, CookieChange, Outcome};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Visitor;
use verger_model::session::SessionStatus;
use verger_model::{Code, SessionId};

impl Service {
    /// The client as it stands; `None` for somebody never seen before.
    ///
    /// # Errors
    /// A fault when the database cannot be read.
    pub async fn get_client(&self, ctx: &Ctx, visitor: Visitor) -> Result<Option<ClientState>> {
        match visitor.client {
            Some(client) => self.client_state(ctx, client, visitor.trust).await.map(Some),
            None => Ok(None),
        }
    }

    /// The client, made if there is none.
    ///
    /// # Errors
    /// A fault when the database cannot be written.
    pub async fn open_client(&self, ctx: &Ctx, visitor: Visitor) -> Result<Outcome<()>> {
        let mut tx = self.store.write().await?;
        let (client, token) = self.ensure_client(ctx, &mut tx, &visitor).await?;
        tx.commit().await?;
        let cookie = match token {
            Some(token) => CookieChange::Set(self.client_cookie(ctx, &client.id, &token)?),
            None => CookieChange::Keep,
        };
        let state = self.client_state(ctx, client, visitor.trust).await?;
        Ok(Outcome { value: (), state: Some(state), cookie })
    }

    /// Signs everybody out; the client itself stays.
    ///
    /// # Errors
    /// A fault when the database cannot be written.
    pub async fn sign_out_all(&self, ctx: &Ctx, visitor: Visitor) -> Result<Outcome<()>> {
        let Some(known) = visitor.client.clone() else { return Ok(Outcome::plain(())) };
        let mut tx = self.store.write().await?;
        let Some(mut client) = tx.clients().get_for_update(ctx.instance(), &known.id).await? else {
            return Ok(Outcome { value: (), state: None, cookie: CookieChange::Clear });
        };
        let settings = &ctx.tenant.instance.settings.sessions;
        for mut session in tx.sessions().of_client(ctx.instance(), &client.id).await? {
            if session.is_live(settings, ctx.now) && visitor.opens(&session) {
                session.status = SessionStatus::Removed;
                session.updated_at = ctx.now;
                tx.sessions().update(ctx.instance(), &session).await?;
            }
        }
        client.last_active_session_id = None;
        client.updated_at = ctx.now;
        let token = self.rotate(ctx, &mut client);
        tx.clients().update(ctx.instance(), &client).await?;
        tx.commit().await?;
        let cookie = CookieChange::Set(self.client_cookie(ctx, &client.id, &token)?);
        let state = self.client_now(ctx, &client.id).await?;
        Ok(Outcome { value: (), state: Some(state), cookie })
    }

    /// Ends the client with everything on it.
    ///
    /// # Errors
    /// A fault when the database cannot be written.
    pub async fn delete_client(&self, ctx: &Ctx, visitor: Visitor) -> Result<Outcome<()>> {
        let Some(client) = visitor.client.clone() else {
            return Ok(Outcome { value: (), state: None, cookie: CookieChange::Clear });
        };
        self.sign_out_all(ctx, visitor).await?;
        let mut tx = self.store.write().await?;
        tx.clients().delete(ctx.instance(), &client.id).await?;
        tx.commit().await?;
        Ok(Outcome { value: (), state: None, cookie: CookieChange::Clear })
    }

    /// Re-issues the cookie: for browsers that shorten the life of cookies on pages they do not navigate to.
    ///
    /// # Errors
    /// A fault when the database cannot be written.
    pub async fn touch_client(&self, ctx: &Ctx, visitor: Visitor) -> Result<Outcome<()>> {
        let Some(known) = visitor.client else { return Ok(Outcome::plain(())) };
        let mut tx = self.store.write().await?;
        let Some(mut client) = tx.clients().get_for_update(ctx.instance(), &known.id).await? else {
            return Ok(Outcome::plain(()));
        };
        let token = self.rotate(ctx, &mut client);
        tx.clients().update(ctx.instance(), &client).await?;
        tx.commit().await?;
        let cookie = CookieChange::Set(self.client_cookie(ctx, &client.id, &token)?);
        let state = self.client_now(ctx, &client.id).await?;
        Ok(Outcome { value: (), state: Some(state), cookie })
    }

    /// The session of a request about the signed-in user: the one named by `_clerk_session_id`, else the one used last.
    pub(crate) async fn acting_session(
        &self,
        ctx: &Ctx,
        visitor: &Visitor,
        named: Option<&str>,
    ) -> Result<verger_model::session::Session> {
        let client = visitor.expect_client()?;
        let id: SessionId = match named {
            Some(text) => text.parse().map_err(|_| Code::SignedOut)?,
            None => client.last_active_session_id.clone().ok_or(Code::SignedOut)?,
        };
        let found = self.session_for(ctx, visitor, &id).await?;
        let settings = &ctx.tenant.instance.settings.sessions;
        found.filter(|it| visitor.opens(it) && it.is_live(settings, ctx.now)).ok_or_else(|| Code::SignedOut.into())
    }
}
