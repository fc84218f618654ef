//! Session tokens. Minting writes nothing: it reads a session, signs, and answers.

use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::service::Service;
use verger_crypto::digest::hex;
use verger_jose::{Category, Header, mint};
use verger_model::Millis;
use verger_model::address::origin_of;
use verger_model::client::Client;
use verger_model::session::Session;
use verger_model::settings::SessionTokenFormat;
use verger_wire::SessionClaims;

/// How far before its issue a token is good: SDKs allow 5 s of skew, Clerk's own tokens show 10.
const NOT_BEFORE_SECS: i64 = 10;

impl Service {
    /// A session token, issued now.
    pub(crate) fn session_jwt(&self, ctx: &Ctx, session: &Session, client: Option<&Client>) -> Result<String> {
        self.session_jwt_for(ctx, session, client, ctx.tenant.instance.settings.sessions.token_lifetime_seconds)
    }

    /// A session token with a lifetime in seconds.
    pub(crate) fn session_jwt_for(
        &self,
        ctx: &Ctx,
        session: &Session,
        client: Option<&Client>,
        lifetime: i64,
    ) -> Result<String> {
        // A token issued before `__client_uat` sends middleware into a handshake on every page: never let it be older.
        let iat = client.map_or(ctx.now, |client| ctx.now.max(client.updated_at)).secs();
        let format = ctx.tenant.instance.settings.sessions.token_format;
        let claims = SessionClaims {
            azp: self.authorized_party(ctx, session),
            exp: iat + lifetime,
            fva: session.factor_verification_age(ctx.now),
            iat,
            iss: ctx.tenant.addresses.frontend_api.clone(),
            jti: self.token_id(),
            nbf: iat - NOT_BEFORE_SECS,
            sid: session.id.as_str().to_owned(),
            sts: if session.tasks.is_empty() { "active" } else { "pending" }.into(),
            sub: session.user_id.as_str().to_owned(),
            v: (format != SessionTokenFormat::V1).then_some(2),
            act: session.actor.clone(),
        };
        let header = Header { kid: &ctx.tenant.kid, cat: Some(Category::Session), oiat: None };
        mint(&header, &claims, &ctx.tenant.signing_key).map_err(Error::internal)
    }

    fn token_id(&self) -> String {
        let mut bytes = [0; 10];
        self.entropy.fill(&mut bytes);
        hex(&bytes)
    }

    /// The origin of the app that asks, else of the app that used the session last.
    fn authorized_party(&self, ctx: &Ctx, session: &Session) -> Option<String> {
        ctx.request.origin.as_deref().and_then(origin_of).or_else(|| session.origin.clone())
    }

    /// Remembers that a session was used; written later, together with others.
    pub(crate) fn note_activity(&self, ctx: &Ctx, session: &Session) {
        if let Ok(mut seen) = self.last_active.lock() {
            seen.insert(session.id.clone(), (ctx.instance().clone(), ctx.now));
        }
    }

    /// Writes the collected last-active stamps.
    ///
    /// # Errors
    /// A fault when the database cannot be written; the stamps of this batch are then lost, which only shows as a slightly
    /// older "last active".
    pub async fn stamp_last_active(&self) -> Result<()> {
        let seen = match self.last_active.lock() {
            Ok(mut seen) => std::mem::take(&mut *seen),
            Err(_) => return Ok(()),
        };
        if seen.is_empty() {
            return Ok(());
        }
        let stamps: Vec<_> =
            seen.into_iter().map(|(session, (instance, at)): (_, (_, Millis))| (instance, session, at)).collect();
        let mut tx = self.store.write().await?;
        tx.sessions().stamp_active(&stamps).await?;
        Ok(tx.commit().await?)
    }
}
