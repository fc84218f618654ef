//! A session: one user signed in on one client.

use crate::settings::SessionSettings;
use crate::{ClientId, Millis, SessionId, UserId};
use serde_json::Value;

/// How a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionStatus {
    /// Usable.
    Active,
    /// The user is known but must still do something. Never stored: it is an active session with tasks.
    Pending,
    /// The user signed out; stays listed.
    Ended,
    /// The user signed out and it left the client.
    Removed,
    /// Taken back by an administrator, the application, or another device.
    Revoked,
    /// Past its time.
    Expired,
    /// Left alone past `abandon_at`.
    Abandoned,
    /// Superseded by another one on the same client.
    Replaced,
}

impl SessionStatus {
    const ALL: [Self; 8] = [
        Self::Active,
        Self::Pending,
        Self::Ended,
        Self::Removed,
        Self::Revoked,
        Self::Expired,
        Self::Abandoned,
        Self::Replaced,
    ];

    /// The name on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Pending => "pending",
            Self::Ended => "ended",
            Self::Removed => "removed",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::Abandoned => "abandoned",
            Self::Replaced => "replaced",
        }
    }

    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

/// What a user must do before a session counts as signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionTask {
    /// Set a new password, because somebody else may know the old one.
    ResetPassword,
    /// Set up a second factor.
    SetupMfa,
}

impl SessionTask {
    /// The key on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ResetPassword => "reset-password",
            Self::SetupMfa => "setup-mfa",
        }
    }

    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::ResetPassword, Self::SetupMfa].into_iter().find(|task| task.as_str() == text)
    }
}

/// What the browser that holds a session told about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// The User-Agent header, cut to 512 bytes.
    pub user_agent: Option<String>,
    /// The address of the caller.
    pub ip_address: Option<String>,
}

/// One user signed in on one client.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Where.
    pub client_id: ClientId,
    /// Who.
    pub user_id: UserId,
    /// How it stands, as last written. See [`Session::status_at`].
    pub status: SessionStatus,
    /// What must be done before it counts as signed in, in this order.
    pub tasks: Vec<SessionTask>,
    /// The end of its maximum lifetime.
    pub expire_at: Millis,
    /// When a session left alone is given up.
    pub abandon_at: Millis,
    /// When it was last used (touch, token).
    pub last_active_at: Millis,
    /// Who acts in the user's place, if anybody.
    pub actor: Option<Value>,
    /// The origin of the app that used it last: `azp` where a request states none.
    pub origin: Option<String>,
    /// What the browser told about itself when it signed in.
    pub activity: Activity,
    /// When the first factor was proved.
    pub first_factor_at: Option<Millis>,
    /// When the second factor was proved.
    pub second_factor_at: Option<Millis>,
    /// When it began.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
}

/// The end of a session without a maximum lifetime, as it is stored.
const NEVER: Millis = Millis(i64::MAX / 2);

/// The longest that somebody may act as another user in one session.
pub const IMPERSONATION_LIFETIME: Millis = Millis::from_mins(30);
/// A session in which somebody acts as another user ends when unused for this long, whatever the settings say.
pub const IMPERSONATION_IDLE: Millis = Millis::from_mins(10);

/// How long an unused session is kept beyond its end.
const ABANDON_AFTER: Millis = Millis::from_days(30);

impl Session {
    /// The ends of a session that begins now: `(expire_at, abandon_at)`.
    pub fn ends(settings: &SessionSettings, now: Millis) -> (Millis, Millis) {
        let lifetime = settings.maximum_lifetime_seconds.map(Millis::from_secs);
        let expire_at = lifetime.map_or(NEVER, |span| now + span);
        let abandon_at =
            if lifetime.is_some() { expire_at.max(now + ABANDON_AFTER) } else { now + Millis::from_days(3650) };
        (expire_at, abandon_at)
    }

    /// The status as of `now`: an active session past one of its ends has expired, whatever is stored; one with tasks is pending.
    pub fn status_at(&self, settings: &SessionSettings, now: Millis) -> SessionStatus {
        let over = self.expire_at <= now || self.idle_end(settings).is_some_and(|end| end <= now);
        match self.status {
            SessionStatus::Active if over => SessionStatus::Expired,
            SessionStatus::Active if !self.tasks.is_empty() => SessionStatus::Pending,
            status => status,
        }
    }

    /// When it ends if it stays unused.
    fn idle_end(&self, settings: &SessionSettings) -> Option<Millis> {
        let by_setting = settings.inactivity_timeout_seconds.map(Millis::from_secs);
        let by_actor = self.actor.as_ref().map(|_| IMPERSONATION_IDLE);
        by_setting.into_iter().chain(by_actor).min().map(|idle| self.last_active_at + idle)
    }

    /// The end of its maximum lifetime; without one, its end if it stays unused.
    pub fn expires_at(&self, settings: &SessionSettings) -> Millis {
        if self.expire_at < NEVER { self.expire_at } else { self.idle_end(settings).unwrap_or(self.expire_at) }
    }

    /// Whether somebody is signed in by it now, tasks or not.
    pub fn is_live(&self, settings: &SessionSettings, now: Millis) -> bool {
        matches!(self.status_at(settings, now), SessionStatus::Active | SessionStatus::Pending)
    }

    /// Whether somebody acts as its user.
    pub const fn is_impersonated(&self) -> bool {
        self.actor.is_some()
    }

    /// Minutes since each factor was proved, `-1` where it never was: the claim `fva`.
    pub fn factor_verification_age(&self, now: Millis) -> [i64; 2] {
        let age = |at: Option<Millis>| at.map_or(-1, |at| ((now - at).0 / 60_000).max(0));
        [age(self.first_factor_at), age(self.second_factor_at)]
    }
}
