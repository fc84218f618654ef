//! What a signed-in browser does with its session: look, touch, fetch tokens.

use crate::clients::{CookieChange, LiveSession, Outcome};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Visitor;
use verger_model::address::origin_of;
use verger_model::session::Session;
use verger_model::{Code, Patch, SessionId};
use verger_store::Reader;

/// A touch: the session was looked at, or chosen.
#[derive(Clone, Debug, Default)]
pub struct Touch {
    /// The organization to act in: left out, unchanged; empty, the personal account.
    pub active_organization_id: Patch<String>,
    /// Why: `focus`, `select_session`, `select_org`.
    pub intent: Option<String>,
}

/// Refuses an organization: there are none yet. An empty one is the personal account, which everybody has.
fn expect_personal_account(organization: &Patch<String>) -> Result<()> {
    match organization {
        Patch::Keep | Patch::Clear => Ok(()),
        Patch::Set(_) => Err(Code::OrganizationNotFoundOrUnauthorized.into()),
    }
}

impl Service {
    /// A session of the visitor's client.
    ///
    /// # Errors
    /// `resource_not_found` for a session that is not there, not theirs, or over.
    pub async fn get_session(&self, ctx: &Ctx, visitor: Visitor, id: &str) -> Result<Outcome<LiveSession>> {
        let session = self.visitors_session(ctx, &visitor, id).await?;
        let client = visitor.expect_client()?.clone();
        let value = self.live(ctx, session).await?;
        let state = self.client_state(ctx, client, visitor.trust).await?;
        Ok(Outcome { value, state: Some(state), cookie: CookieChange::Keep })
    }

    /// Makes a session the one in use and answers with a fresh token. Never moves `client.updated_at`.
    ///
    /// # Errors
    /// `resource_not_found` for a session that is not there or not theirs, `signed_out` for one that is over;
    /// `organization_not_found_or_unauthorized`.
    pub async fn touch_session(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        touch: Touch,
    ) -> Result<Outcome<LiveSession>> {
        self.session_in_use(ctx, &visitor, id).await?;
        expect_personal_account(&touch.active_organization_id)?;
        let id: SessionId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let mut tx = self.store.write().await?;
        let client_id = visitor.expect_client()?.id.clone();
        let client = tx.clients().get_for_update(ctx.instance(), &client_id).await?;
        let session = tx.sessions().get_for_update(ctx.instance(), &id).await?;
        let (Some(mut client), Some(mut session)) = (client, session) else {
            return Err(Code::ResourceNotFound.into());
        };
        if !session.is_live(&ctx.tenant.instance.settings.sessions, ctx.now) {
            return Err(Code::ResourceNotFound.into());
        }
        session.last_active_at = ctx.now;
        if let Some(origin) = ctx.request.origin.as_deref().and_then(origin_of) {
            session.origin = Some(origin);
        }
        tx.sessions().update(ctx.instance(), &session).await?;
        client.last_active_session_id = Some(id);
        tx.clients().update(ctx.instance(), &client).await?;
        tx.commit().await?;

        let value = self.live(ctx, session).await?;
        client.version += 1;
        let state = self.client_state(ctx, client, visitor.trust).await?;
        Ok(Outcome { value, state: Some(state), cookie: CookieChange::Keep })
    }

    /// A fresh session token. Writes nothing: when the session was last used is collected and written later.
    ///
    /// # Errors
    /// `resource_not_found` for a session that is not there or not theirs, `signed_out` for one that is over, whereupon
    /// clerk-js fetches the client and signs out. Never a 422, which it takes for the same.
    pub async fn session_token(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        organization: Patch<String>,
    ) -> Result<String> {
        let session = self.session_in_use(ctx, &visitor, id).await?;
        expect_personal_account(&organization)?;
        self.note_activity(ctx, &session);
        self.session_jwt(ctx, &session, visitor.client.as_ref())
    }

    /// A token made from a JWT template.
    ///
    /// # Errors
    /// `resource_not_found`: no template has that name.
    pub async fn session_template_token(&self, ctx: &Ctx, visitor: Visitor, id: &str, name: &str) -> Result<String> {
        self.visitors_session(ctx, &visitor, id).await?;
        Err(no_such_template(name))
    }

    /// A live session that the visitor's token opens.
    pub(crate) async fn visitors_session(&self, ctx: &Ctx, visitor: &Visitor, id: &str) -> Result<Session> {
        let session = self.known_session(ctx, visitor, id).await?;
        let is_live = session.is_live(&ctx.tenant.instance.settings.sessions, ctx.now);
        if is_live { Ok(session) } else { Err(Code::ResourceNotFound.into()) }
    }

    /// The same for the calls by which a browser keeps a session alive: one that is over is told apart from one never known.
    async fn session_in_use(&self, ctx: &Ctx, visitor: &Visitor, id: &str) -> Result<Session> {
        let session = self.known_session(ctx, visitor, id).await?;
        let is_live = session.is_live(&ctx.tenant.instance.settings.sessions, ctx.now);
        if is_live { Ok(session) } else { Err(Code::SignedOut.into()) }
    }

    async fn known_session(&self, ctx: &Ctx, visitor: &Visitor, id: &str) -> Result<Session> {
        visitor.expect_client()?;
        let id: SessionId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let found = self.session_for(ctx, visitor, &id).await?;
        found.filter(|it| visitor.opens(it)).ok_or_else(|| Code::ResourceNotFound.into())
    }

    /// A session by its id: as it was read together with the visitor, else as it is now.
    pub(crate) async fn session_for(&self, ctx: &Ctx, visitor: &Visitor, id: &SessionId) -> Result<Option<Session>> {
        match visitor.named(id) {
            Some(session) => Ok(Some(session.clone())),
            None => Ok(self.store.read().await?.sessions().get(ctx.instance(), id).await?),
        }
    }

    /// A session with its user and a fresh token.
    pub(crate) async fn live(&self, ctx: &Ctx, session: Session) -> Result<LiveSession> {
        let mut reader = self.store.read().await?;
        self.live_with(ctx, &mut reader, session).await
    }

    pub(crate) async fn live_with(&self, ctx: &Ctx, reader: &mut Reader, session: Session) -> Result<LiveSession> {
        let profile = reader.users().profile(ctx.instance(), &session.user_id).await?.ok_or(Code::ResourceNotFound)?;
        let client = reader.clients().get(ctx.instance(), &session.client_id).await?;
        let settings = &ctx.tenant.instance.settings.sessions;
        let token = if session.is_live(settings, ctx.now) {
            Some(self.session_jwt(ctx, &session, client.as_ref())?)
        } else {
            None
        };
        Ok(LiveSession { session, profile, token })
    }
}

/// The refusal of a template token while no template has that name.
pub(super) fn no_such_template(name: &str) -> crate::error::Error {
    let shown: String = name.chars().take(64).collect();
    verger_model::Refusal::new(Code::ResourceNotFound).saying(format!("There is no JWT template named {shown}.")).into()
}
