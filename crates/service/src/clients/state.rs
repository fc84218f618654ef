//! The full, current state of a client: what every answer to a change carries beside the changed thing. Never partial: clerk-js
//! replaces its own copy by it.

use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Visitor;
use verger_model::client::{Client, CookieTrust};
use verger_model::session::Session;
use verger_model::sign_in::{SignIn, SignInStatus};
use verger_model::sign_up::{SignUp, SignUpStatus};
use verger_model::user::Profile;
use verger_model::verification::Verification;
use verger_store::Reader;
use verger_views::{SessionParts, SignInParts};

/// What becomes of the `__client` cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CookieChange {
    /// It stays.
    Keep,
    /// It gets this value.
    Set(String),
    /// It goes.
    Clear,
}

/// The answer to a change: the thing, the client around it, and its cookie.
#[derive(Clone, Debug)]
pub struct Outcome<T> {
    /// What was made or changed.
    pub value: T,
    /// The client afterwards; `None` leaves the caller's copy alone.
    pub state: Option<ClientState>,
    /// What becomes of the cookie.
    pub cookie: CookieChange,
}

impl<T> Outcome<T> {
    /// An answer that changes nothing about the client.
    pub const fn plain(value: T) -> Self {
        Self { value, state: None, cookie: CookieChange::Keep }
    }
}

/// A session that can be used, with its user and a fresh token.
#[derive(Clone, Debug)]
pub struct LiveSession {
    /// The session.
    pub session: Session,
    /// Its user.
    pub profile: Profile,
    /// A session token.
    pub token: Option<String>,
}

/// A sign-in attempt with what belongs to it.
#[derive(Clone, Debug)]
pub struct SignInState {
    /// The attempt.
    pub sign_in: SignIn,
    /// The challenge of the first factor that was asked last.
    pub verification: Option<Verification>,
    /// The challenge of the second factor that was asked last.
    pub second_verification: Option<Verification>,
    /// Whom it names.
    pub profile: Option<Profile>,
}

/// A sign-up attempt with what belongs to it.
#[derive(Clone, Debug)]
pub struct SignUpState {
    /// The attempt.
    pub sign_up: SignUp,
    /// The challenges for the email address and the phone number, and that of an account elsewhere.
    pub verifications: Vec<Verification>,
}

/// A client with everything that lives on it.
#[derive(Clone, Debug)]
pub struct ClientState {
    /// The client.
    pub client: Client,
    /// The sessions that can be used, oldest first.
    pub sessions: Vec<LiveSession>,
    /// The sign-in that can be changed.
    pub sign_in: Option<SignInState>,
    /// The sign-up that can be changed.
    pub sign_up: Option<SignUpState>,
}

impl LiveSession {
    fn parts(&self) -> SessionParts<'_> {
        SessionParts { session: &self.session, profile: &self.profile, token: self.token.clone() }
    }

    /// The session on the wire.
    pub fn render(&self, ctx: &Ctx) -> verger_wire::Session {
        verger_views::session(ctx.lens(), &self.parts())
    }

    /// The session on the wire, with what is known about its device.
    pub fn render_with_activity(&self, ctx: &Ctx) -> verger_wire::SessionWithActivity {
        verger_views::session_with_activity(ctx.lens(), &self.parts())
    }
}

impl SignInState {
    /// The attempt on the wire.
    pub fn render(&self, ctx: &Ctx) -> verger_wire::SignIn {
        let parts = SignInParts {
            sign_in: &self.sign_in,
            verification: self.verification.as_ref(),
            second_verification: self.second_verification.as_ref(),
            profile: self.profile.as_ref(),
        };
        verger_views::sign_in(ctx.lens(), &parts)
    }
}

impl SignUpState {
    /// The attempt on the wire.
    pub fn render(&self, ctx: &Ctx) -> verger_wire::SignUp {
        verger_views::sign_up(ctx.lens(), &self.sign_up, &self.verifications)
    }
}

impl ClientState {
    /// The value of `__client_uat`, in seconds; 0 when nobody is signed in.
    pub fn uat(&self) -> i64 {
        if self.sessions.is_empty() { 0 } else { self.client.updated_at.secs() }
    }

    /// The client on the wire.
    pub fn render(&self, ctx: &Ctx) -> verger_wire::Client {
        let sessions: Vec<_> = self.sessions.iter().map(LiveSession::parts).collect();
        let sign_in = self.sign_in.as_ref().map(|it| it.render(ctx));
        let sign_up = self.sign_up.as_ref().map(|it| it.render(ctx));
        verger_views::client(ctx.lens(), &self.client, &sessions, sign_in, sign_up)
    }
}

impl Service {
    /// Reads a client with everything that lives on it.
    pub(crate) async fn client_state(&self, ctx: &Ctx, client: Client, trust: CookieTrust) -> Result<ClientState> {
        let mut reader = self.store.read().await?;
        let sessions = self.live_sessions(ctx, &mut reader, &client, trust).await?;
        let sign_in = self.open_sign_in(ctx, &mut reader, &client).await?;
        let sign_up = self.open_sign_up(ctx, &mut reader, &client).await?;
        drop(reader);
        let mut state = ClientState { client, sessions, sign_in, sign_up };
        for live in &mut state.sessions {
            live.token = Some(self.session_jwt(ctx, &live.session, Some(&state.client))?);
        }
        Ok(state)
    }

    async fn live_sessions(
        &self,
        ctx: &Ctx,
        reader: &mut Reader,
        client: &Client,
        trust: CookieTrust,
    ) -> Result<Vec<LiveSession>> {
        let visitor = Visitor { client: Some(client.clone()), trust, ..Visitor::nobody() };
        let settings = &ctx.tenant.instance.settings.sessions;
        let mut sessions = reader.sessions().of_client(ctx.instance(), &client.id).await?;
        sessions.retain(|session| session.is_live(settings, ctx.now) && visitor.opens(session));
        let mut users: Vec<_> = sessions.iter().map(|session| session.user_id.clone()).collect();
        users.sort_unstable();
        users.dedup();
        let profiles = reader.users().profiles(ctx.instance(), &users).await?;
        let of_user = |session: Session| {
            let profile = profiles.iter().find(|profile| profile.user.id == session.user_id)?.clone();
            Some(LiveSession { session, profile, token: None })
        };
        Ok(sessions.into_iter().filter_map(of_user).collect())
    }

    async fn open_sign_in(&self, ctx: &Ctx, reader: &mut Reader, client: &Client) -> Result<Option<SignInState>> {
        let Some(id) = &client.sign_in_id else { return Ok(None) };
        let found = reader.sign_ins().get(ctx.instance(), id).await?;
        let Some(sign_in) = found.filter(|it| it.status != SignInStatus::Complete && !it.is_abandoned(ctx.now)) else {
            return Ok(None);
        };
        self.sign_in_state(ctx, reader, sign_in).await.map(Some)
    }

    async fn open_sign_up(&self, ctx: &Ctx, reader: &mut Reader, client: &Client) -> Result<Option<SignUpState>> {
        let Some(id) = &client.sign_up_id else { return Ok(None) };
        let found = reader.sign_ups().get(ctx.instance(), id).await?;
        let Some(sign_up) = found.filter(|it| it.status != SignUpStatus::Complete && !it.is_abandoned(ctx.now)) else {
            return Ok(None);
        };
        self.sign_up_state(ctx, reader, sign_up).await.map(Some)
    }

    pub(crate) async fn sign_in_state(&self, ctx: &Ctx, reader: &mut Reader, sign_in: SignIn) -> Result<SignInState> {
        let verification = match &sign_in.first_factor_verification_id {
            Some(id) => reader.verifications().get(ctx.instance(), id).await?,
            None => None,
        };
        let second_verification = match &sign_in.second_factor_verification_id {
            Some(id) => reader.verifications().get(ctx.instance(), id).await?,
            None => None,
        };
        let profile = match &sign_in.user_id {
            Some(id) => reader.users().profile(ctx.instance(), id).await?,
            None => None,
        };
        Ok(SignInState { sign_in, verification, second_verification, profile })
    }

    pub(crate) async fn sign_up_state(&self, ctx: &Ctx, reader: &mut Reader, sign_up: SignUp) -> Result<SignUpState> {
        let asked = [&sign_up.email_verification_id, &sign_up.phone_verification_id, &sign_up.external_verification_id];
        let mut verifications = Vec::new();
        for id in asked.into_iter().flatten() {
            verifications.extend(reader.verifications().get(ctx.instance(), id).await?);
        }
        Ok(SignUpState { sign_up, verifications })
    }
}
