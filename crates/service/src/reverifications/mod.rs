//! Proving again who one is, and what may only be done by those who did so lately.

mod answer;
mod start;

use crate::clients::{CookieChange, Outcome};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::second_factors::asked_of;
use crate::service::Service;
use crate::visitors::Visitor;
use verger_model::reverification::{FRESH_FOR, Reverification};
use verger_model::session::Session;
use verger_model::sign_in::SecondFactor;
use verger_model::user::{Profile, User};
use verger_model::verification::Verification;
use verger_model::{Code, Refusal, SessionId};
use verger_store::WriteTx;
use verger_views::ReverificationParts;

/// A reverification with what is shown beside it.
#[derive(Clone, Debug)]
pub struct ReverificationState {
    /// The reverification.
    pub reverification: Reverification,
    /// Its session.
    pub session: Session,
    /// The session's user.
    pub profile: Profile,
    /// The challenge of the first factor.
    pub first: Option<Verification>,
    /// The challenge of the second factor.
    pub second: Option<Verification>,
}

impl ReverificationState {
    /// The reverification on the wire.
    pub fn render(&self, ctx: &Ctx) -> verger_wire::SessionReverification {
        let parts = ReverificationParts {
            reverification: &self.reverification,
            session: &self.session,
            profile: &self.profile,
            first: self.first.as_ref(),
            second: self.second.as_ref(),
        };
        verger_views::reverification(ctx.lens(), &parts)
    }
}

impl Service {
    /// Refuses what is dear unless the strongest factor of the user was proved lately in this session.
    ///
    /// # Errors
    /// `session_reverification_required`, where the instance asks for it; `resource_forbidden` for somebody who acts as the user.
    pub(crate) fn expect_fresh(&self, ctx: &Ctx, session: &Session, user: &User) -> Result<()> {
        if session.is_impersonated() {
            return Err(Refusal::new(Code::ResourceForbidden).saying("Only the user can do this.").into());
        }
        // A session with tasks can do nothing else, and its user proved a factor to get this far.
        if !ctx.tenant.instance.settings.sessions.reverification || !session.tasks.is_empty() {
            return Ok(());
        }
        let (proved_at, level) = match asked_of(ctx, user) {
            SecondFactor::Asked => (session.second_factor_at, "second_factor"),
            SecondFactor::NotAsked | SecondFactor::ClientTrust => (session.first_factor_at, "first_factor"),
        };
        if proved_at.is_some_and(|at| ctx.now < at + FRESH_FOR) {
            return Ok(());
        }
        Err(Refusal::new(Code::SessionReverificationRequired).with("reason", level).into())
    }

    /// As [`Service::expect_fresh`], for a user who was not read yet.
    pub(crate) async fn expect_fresh_session(&self, ctx: &Ctx, session: &Session) -> Result<()> {
        let found = self.store.read().await?.users().get(ctx.instance(), &session.user_id).await?;
        self.expect_fresh(ctx, session, &found.ok_or(Code::SignedOut)?)
    }

    /// The session that a step is about: one of the visitor's that is live.
    async fn session_to_verify(&self, ctx: &Ctx, visitor: &Visitor, id: &str) -> Result<Session> {
        let id: SessionId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let found = self.store.read().await?.sessions().get(ctx.instance(), &id).await?;
        let settings = &ctx.tenant.instance.settings.sessions;
        let is_theirs = |it: &Session| visitor.opens(it) && it.is_live(settings, ctx.now);
        found.filter(is_theirs).ok_or_else(|| Code::ResourceNotFound.into())
    }

    /// The session with its reverification, locked, and its user, locked after them.
    async fn open_reverification(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        known: &Session,
    ) -> Result<(Session, Reverification, User)> {
        let settings = &ctx.tenant.instance.settings.sessions;
        let session = tx.sessions().get_for_update(ctx.instance(), &known.id).await?;
        let session = session.filter(|it| it.is_live(settings, ctx.now)).ok_or(Code::ResourceNotFound)?;
        let found = tx.reverifications().of_session(ctx.instance(), &session.id).await?;
        let reverification = found.ok_or(Code::SessionReverificationMissing)?;
        let user = tx.users().get_for_update(ctx.instance(), &session.user_id).await?.ok_or(Code::ResourceNotFound)?;
        Ok((session, reverification, user))
    }

    async fn reverification_outcome(&self, ctx: &Ctx, session: &SessionId) -> Result<Outcome<ReverificationState>> {
        let mut reader = self.store.read().await?;
        let session = reader.sessions().get(ctx.instance(), session).await?.ok_or(Code::ResourceNotFound)?;
        let found = reader.reverifications().of_session(ctx.instance(), &session.id).await?;
        let reverification = found.ok_or(Code::SessionReverificationMissing)?;
        let profile = reader.users().profile(ctx.instance(), &session.user_id).await?.ok_or(Code::ResourceNotFound)?;
        let first = match &reverification.first_factor_verification_id {
            Some(id) => reader.verifications().get(ctx.instance(), id).await?,
            None => None,
        };
        let second = match &reverification.second_factor_verification_id {
            Some(id) => reader.verifications().get(ctx.instance(), id).await?,
            None => None,
        };
        drop(reader);
        let state = self.client_now(ctx, &session.client_id).await?;
        let value = ReverificationState { reverification, session, profile, first, second };
        Ok(Outcome { value, state: Some(state), cookie: CookieChange::Keep })
    }
}
