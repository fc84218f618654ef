//! How a session begins: inside the transaction that proves who somebody is.

use crate::ctx::Ctx;
use crate::error::Result;
use crate::second_factors::asked_of;
use crate::service::Service;
use serde_json::Value;
use verger_model::address::origin_of;
use verger_model::client::Client;
use verger_model::session::{Session, SessionStatus, SessionTask};
use verger_model::sign_in::SecondFactor;
use verger_model::user::User;
use verger_model::{Code, Millis, Secret, SessionId, Strategy};
use verger_store::WriteTx;

/// What the user must do first.
fn tasks(ctx: &Ctx, user: &User, proved: &Proved) -> Vec<SessionTask> {
    // A session that the backend makes for a test is made whole, and nobody does these things in another's place.
    if proved.strategy == Strategy::Admin || proved.impersonation.is_some() {
        return Vec::new();
    }
    let settings = &ctx.tenant.instance.settings;
    let distrusts = settings.attributes.password.enabled && user.password_enabled() && user.requires_password_reset;
    let lacks_factor = settings.multi_factor.required && asked_of(ctx, user) == SecondFactor::NotAsked;
    let asked = [(SessionTask::ResetPassword, distrusts), (SessionTask::SetupMfa, lacks_factor)];
    asked.into_iter().filter_map(|(task, is_asked)| is_asked.then_some(task)).collect()
}

/// What was proved before a session begins.
#[derive(Clone, Debug)]
pub(crate) struct Proved {
    /// How the first factor was proved.
    pub(crate) strategy: Strategy,
    /// Whether a second factor was proved too.
    pub(crate) second_factor: bool,
    /// Somebody acts as the user, who proved nothing.
    pub(crate) impersonation: Option<Impersonation>,
}

/// Acting as somebody else.
#[derive(Clone, Debug)]
pub(crate) struct Impersonation {
    /// Who acts.
    pub(crate) actor: Value,
    /// For how long at most.
    pub(crate) lifetime: Millis,
}

impl From<Strategy> for Proved {
    fn from(strategy: Strategy) -> Self {
        Self { strategy, second_factor: false, impersonation: None }
    }
}

impl Service {
    /// Begins a session on a client. The client's rotating token changes (returned), so that a token planted before is worth
    /// nothing; in single-session mode other sessions of the client are replaced.
    ///
    /// # Errors
    /// `session_creation_not_allowed` while somebody acts as another user on the client.
    pub(crate) async fn begin_session(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        client: &mut Client,
        user: &mut User,
        proved: Proved,
    ) -> Result<(Session, Secret<String>)> {
        let settings = &ctx.tenant.instance.settings.sessions;
        self.expect_no_actor(ctx, tx, client).await?;
        if settings.single_session {
            self.replace_sessions(ctx, tx, client).await?;
        }
        let (mut expire_at, abandon_at) = Session::ends(settings, ctx.now);
        if let Some(impersonation) = &proved.impersonation {
            expire_at = expire_at.min(ctx.now + impersonation.lifetime);
        }
        let by_user = proved.impersonation.is_none();
        let session = Session {
            id: SessionId::generate(ctx.now, self.entropy()),
            client_id: client.id.clone(),
            user_id: user.id.clone(),
            status: SessionStatus::Active,
            tasks: tasks(ctx, user, &proved),
            expire_at,
            abandon_at,
            last_active_at: ctx.now,
            actor: proved.impersonation.map(|it| it.actor),
            origin: ctx.request.origin.as_deref().and_then(origin_of),
            activity: ctx.request.activity(),
            first_factor_at: by_user.then_some(ctx.now),
            second_factor_at: proved.second_factor.then_some(ctx.now),
            created_at: ctx.now,
            updated_at: ctx.now,
        };
        tx.sessions().insert(ctx.instance(), &session).await?;
        let token = self.rotate(ctx, client);
        client.last_active_session_id = Some(session.id.clone());
        client.last_authentication_strategy = Some(proved.strategy);
        client.updated_at = ctx.now;
        if by_user {
            user.last_sign_in_at = Some(ctx.now);
            user.last_active_at = Some(ctx.now);
        }
        Ok((session, token))
    }

    async fn replace_sessions(&self, ctx: &Ctx, tx: &mut WriteTx, client: &Client) -> Result<()> {
        for mut session in tx.sessions().of_client(ctx.instance(), &client.id).await? {
            if session.status == SessionStatus::Active {
                session.status = SessionStatus::Replaced;
                session.updated_at = ctx.now;
                tx.sessions().update(ctx.instance(), &session).await?;
            }
        }
        Ok(())
    }

    /// Refuses to start an attempt on a client where somebody acts as another user, or where somebody is signed in if only one
    /// may be.
    pub(crate) async fn expect_nobody_signed_in(&self, ctx: &Ctx, tx: &mut WriteTx, client: &Client) -> Result<()> {
        let live = self.expect_no_actor(ctx, tx, client).await?;
        if ctx.tenant.instance.settings.sessions.single_session && live > 0 {
            return Err(Code::SessionExists.into());
        }
        Ok(())
    }

    /// Refuses while somebody acts as another user on a client. How many live sessions it has.
    pub(crate) async fn expect_no_actor(&self, ctx: &Ctx, tx: &mut WriteTx, client: &Client) -> Result<usize> {
        let settings = &ctx.tenant.instance.settings.sessions;
        let mut sessions = tx.sessions().of_client(ctx.instance(), &client.id).await?;
        sessions.retain(|it| it.is_live(settings, ctx.now));
        match sessions.iter().any(Session::is_impersonated) {
            true => Err(Code::SessionCreationNotAllowed.into()),
            false => Ok(sessions.len()),
        }
    }
}
