//! How often things may be asked for: the limits with their numbers, and the sliding window by which one caller is judged. Whose
//! windows are kept, and where, is the service's business.

use crate::Millis;
use crate::instance::Environment;
use std::collections::VecDeque;

/// So many in so long a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// How many.
    pub max: usize,
    /// In which span.
    pub window: Millis,
}

const fn quota(max: usize, window: Millis) -> Quota {
    Quota { max, window }
}

const TEN_SECONDS: Millis = Millis::from_secs(10);
const HOUR: Millis = Millis::from_mins(60);

/// What is limited. The first seven are counted per address of the caller, and most of them per identifier or user too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RateLimit {
    /// Starting a sign-in.
    SignInCreate,
    /// Answering a factor of a sign-in or of a reverification.
    SignInAttempt,
    /// Starting a sign-up, or naming somebody else in one.
    SignUpCreate,
    /// Answering the challenge for an address, at sign-up or in an account.
    VerificationAttempt,
    /// Wrong answers about one account.
    FailedAnswer,
    /// Codes and links sent on behalf of one caller, to whomever.
    Send,
    /// Answers that tell whether somebody has an account.
    Lookup,
    /// The Backend API of an instance.
    Backend(Environment),
    /// Invitations, one request each.
    InvitationCreate,
    /// Requests that invite many.
    InvitationBulk,
    /// Changes to one user by the Backend API.
    UserUpdate,
}

impl RateLimit {
    /// How much of it is allowed.
    pub const fn quota(self) -> Quota {
        match self {
            Self::SignInCreate | Self::SignUpCreate => quota(5, TEN_SECONDS),
            Self::SignInAttempt | Self::VerificationAttempt => quota(3, TEN_SECONDS),
            Self::FailedAnswer => quota(30, HOUR),
            Self::Send => quota(60, HOUR),
            Self::Lookup | Self::InvitationCreate => quota(100, HOUR),
            Self::Backend(Environment::Production) => quota(1000, TEN_SECONDS),
            Self::Backend(Environment::Development) => quota(100, TEN_SECONDS),
            Self::InvitationBulk => quota(25, HOUR),
            Self::UserUpdate => quota(10, TEN_SECONDS),
        }
    }
}

/// When one caller asked lately, oldest first. Holds no more moments than a quota allows.
#[derive(Clone, Debug, Default)]
pub struct Window(VecDeque<Millis>);

impl Window {
    /// How long to wait until the quota has room. `None`: it has room now.
    pub fn wait(&mut self, quota: Quota, now: Millis) -> Option<Millis> {
        while self.0.front().is_some_and(|at| *at + quota.window <= now) {
            self.0.pop_front();
        }
        let oldest = self.0.front().filter(|_| self.0.len() >= quota.max)?;
        Some(*oldest + quota.window - now)
    }

    /// Counts one more. What is refused is not counted: who keeps asking is let in no later.
    pub fn count(&mut self, quota: Quota, now: Millis) {
        if self.0.len() >= quota.max {
            self.0.pop_front();
        }
        self.0.push_back(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREE: Quota = quota(3, TEN_SECONDS);

    fn ask(window: &mut Window, at: i64) -> Option<i64> {
        let now = Millis(at);
        let wait = window.wait(THREE, now);
        if wait.is_none() {
            window.count(THREE, now);
        }
        wait.map(|wait| wait.0)
    }

    #[test]
    fn the_window_slides() {
        let mut window = Window::default();
        assert_eq!([0, 4000, 8000].map(|at| ask(&mut window, at)), [None; 3]);
        assert_eq!(ask(&mut window, 9999), Some(1));
        assert_eq!(ask(&mut window, 10_000), None);
        assert_eq!(ask(&mut window, 10_001), Some(3999));
        assert_eq!(ask(&mut window, 14_000), None);
    }

    #[test]
    fn a_window_never_holds_more_than_its_quota() {
        let mut window = Window::default();
        (0..1000).for_each(|at| window.count(THREE, Millis(at)));
        assert_eq!(window.0.len(), 3);
    }
}
