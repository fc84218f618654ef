//! Sessions as the application's backend sees them.

use super::touch::no_such_template;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Visitor;
use verger_model::session::{IMPERSONATION_IDLE, Session, SessionStatus};
use verger_model::{Code, Millis, Refusal, SessionId, Strategy, UserId};
use verger_store::{SessionEnds, SessionFilter};

/// Bounds of a token's lifetime in seconds, as a caller may ask for it.
const TOKEN_LIFETIMES: std::ops::RangeInclusive<i64> = 30..=315_360_000;

impl Service {
    /// Sessions, newest first, and how many there are in all.
    ///
    /// # Errors
    /// A fault when the database cannot be read.
    pub async fn list_sessions(&self, ctx: &Ctx, filter: &SessionFilter) -> Result<(Vec<Session>, i64)> {
        let idle = ctx.tenant.instance.settings.sessions.inactivity_timeout_seconds;
        let ends = SessionEnds {
            now: ctx.now,
            idle_since: idle.map(|secs| ctx.now - Millis::from_secs(secs)),
            impersonation_idle_since: ctx.now - IMPERSONATION_IDLE,
        };
        let filter = SessionFilter { ends: Some(ends), ..filter.clone() };
        let mut reader = self.store.read().await?;
        let sessions = reader.sessions().list(ctx.instance(), &filter).await?;
        let total = reader.sessions().count(ctx.instance(), &filter).await?;
        Ok((sessions, total))
    }

    /// One session.
    ///
    /// # Errors
    /// `resource_not_found`.
    pub async fn get_session_by_id(&self, ctx: &Ctx, id: &str) -> Result<Session> {
        let id: SessionId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let found = self.store.read().await?.sessions().get(ctx.instance(), &id).await?;
        found.ok_or_else(|| Code::ResourceNotFound.into())
    }

    /// Takes a session back. One that is over already stays as it is.
    ///
    /// # Errors
    /// `resource_not_found`.
    pub async fn revoke_session(&self, ctx: &Ctx, id: &str) -> Result<Session> {
        let known = self.get_session_by_id(ctx, id).await?;
        let mut tx = self.store.write().await?;
        let closed = self.close_session(ctx, &mut tx, &known.id, SessionStatus::Revoked).await?;
        tx.commit().await?;
        Ok(closed.unwrap_or(known))
    }

    /// A session token for the backend, with the origin of the app that used the session last.
    ///
    /// # Errors
    /// `resource_not_found` for a session that is not there or over; `form_param_value_invalid` for a lifetime out of bounds.
    pub async fn session_token_for(&self, ctx: &Ctx, id: &str, expires_in: Option<i64>) -> Result<String> {
        let session = self.get_session_by_id(ctx, id).await?;
        let settings = &ctx.tenant.instance.settings.sessions;
        if !session.is_live(settings, ctx.now) {
            return Err(Code::ResourceNotFound.into());
        }
        let lifetime = expires_in.unwrap_or(settings.token_lifetime_seconds);
        if expires_in.is_some() && !TOKEN_LIFETIMES.contains(&lifetime) {
            return Err(Refusal::param(Code::FormParamValueInvalid, "expires_in_seconds").into());
        }
        let client = self.store.read().await?.clients().get(ctx.instance(), &session.client_id).await?;
        self.session_jwt_for(ctx, &session, client.as_ref(), lifetime)
    }

    /// A token made from a JWT template, for the backend.
    ///
    /// # Errors
    /// `resource_not_found`: no session with that id, or no template with that name.
    pub async fn template_token_for(&self, ctx: &Ctx, id: &str, name: &str) -> Result<String> {
        self.get_session_by_id(ctx, id).await?;
        Err(no_such_template(name))
    }

    /// Signs a user in on a client of its own: for tests against development instances.
    ///
    /// # Errors
    /// `request_invalid_for_environment` on production instances, `resource_not_found` for an unknown user.
    pub async fn create_session(&self, ctx: &Ctx, user_id: &str) -> Result<Session> {
        if !ctx.tenant.instance.is_development() {
            return Err(Code::RequestInvalidForEnvironment.into());
        }
        let id: UserId = user_id.parse().map_err(|_| Code::ResourceNotFound)?;
        let mut tx = self.store.write().await?;
        let (mut client, _) = self.ensure_client(ctx, &mut tx, &Visitor::nobody()).await?;
        let mut user = tx.users().get_for_update(ctx.instance(), &id).await?.ok_or(Code::ResourceNotFound)?;
        let (session, _) = self.begin_session(ctx, &mut tx, &mut client, &mut user, Strategy::Admin.into()).await?;
        tx.clients().update(ctx.instance(), &client).await?;
        tx.users().update(ctx.instance(), &user).await?;
        tx.commit().await?;
        Ok(session)
    }
}
