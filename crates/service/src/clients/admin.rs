//! Clients as the application's backend sees them.

use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Presented;
use verger_jose::{Category, Expect, verify};
use verger_model::client::Client;
use verger_model::session::Session;
use verger_model::{ClientId, Code};
use verger_wire::SessionClaims;

impl Service {
    /// A client with every session that was ever on it.
    ///
    /// # Errors
    /// `resource_not_found`.
    pub async fn get_client_by_id(&self, ctx: &Ctx, id: &str) -> Result<(Client, Vec<Session>)> {
        let id: ClientId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let mut reader = self.store.read().await?;
        let client = reader.clients().get(ctx.instance(), &id).await?.ok_or(Code::ResourceNotFound)?;
        let sessions = reader.sessions().of_client(ctx.instance(), &id).await?;
        Ok((client, sessions))
    }

    /// The client behind the value of a `__client` cookie.
    ///
    /// # Errors
    /// `cookie_invalid` for a value that is not, or no longer, good.
    pub async fn verify_client(&self, ctx: &Ctx, token: &str) -> Result<(Client, Vec<Session>)> {
        let presented = Presented { client_cookies: vec![token.to_owned()], dev_browser: None };
        let client = self.visitor(ctx, &presented, None).await?.client.ok_or(Code::CookieInvalid)?;
        self.get_client_by_id(ctx, client.id.as_str()).await
    }

    /// The session behind a session token, which must be good and of that session.
    ///
    /// # Errors
    /// `resource_not_found` for an unknown session, `authentication_invalid` for a token that is not good or another session's.
    pub async fn verify_session(&self, ctx: &Ctx, id: &str, token: &str) -> Result<Session> {
        let session = self.get_session_by_id(ctx, id).await?;
        let expect = Expect::new(Category::Session, ctx.now.secs());
        let claims: SessionClaims =
            verify(token, &ctx.tenant.keys, &expect).map_err(|_| Code::AuthenticationInvalid)?;
        let is_live = session.is_live(&ctx.tenant.instance.settings.sessions, ctx.now);
        if claims.sid != session.id.as_str() || !is_live {
            return Err(Code::AuthenticationInvalid.into());
        }
        Ok(session)
    }
}
