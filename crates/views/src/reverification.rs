//! Proving again who one is, inside a session.

use crate::sign_in::{first_factors, second_factors};
use crate::{Lens, SessionParts, session, verification, word};
use verger_model::Strategy;
use verger_model::reverification::{Level, Reverification};
use verger_model::session::Session;
use verger_model::user::Profile;
use verger_model::verification::Verification;
use verger_wire as wire;

/// A reverification with what is shown beside it.
#[derive(Clone, Copy, Debug)]
pub struct ReverificationParts<'a> {
    /// The reverification.
    pub reverification: &'a Reverification,
    /// Its session.
    pub session: &'a Session,
    /// The session's user.
    pub profile: &'a Profile,
    /// The challenge of the first factor.
    pub first: Option<&'a Verification>,
    /// The challenge of the second factor.
    pub second: Option<&'a Verification>,
}

/// A reverification.
pub fn reverification(lens: Lens<'_>, parts: &ReverificationParts<'_>) -> wire::SessionReverification {
    let level = parts.reverification.level;
    let firsts = (level != Level::SecondFactor).then(|| reverifying(first_factors(lens, parts.profile, None)));
    let seconds = (level != Level::FirstFactor).then(|| second_factors(lens, parts.profile));
    let shown = SessionParts { session: parts.session, profile: parts.profile, token: None };
    wire::SessionReverification {
        object: word("session_reverification"),
        status: word(parts.reverification.status.as_str()),
        level: word(level.as_str()),
        session: session(lens, &shown),
        supported_first_factors: firsts,
        supported_second_factors: seconds,
        first_factor_verification: parts.first.map(|it| verification(lens, it)),
        second_factor_verification: parts.second.map(|it| verification(lens, it)),
    }
}

/// The ways that prove who one is. A forgotten password proves nothing here.
fn reverifying(factors: Vec<wire::FirstFactor>) -> Vec<wire::FirstFactor> {
    let proving = [Strategy::Password, Strategy::Passkey, Strategy::EmailCode, Strategy::PhoneCode];
    let proves = |factor: &wire::FirstFactor| proving.iter().any(|it| it.as_str() == factor.strategy);
    factors.into_iter().filter(proves).collect()
}
