//! Proving again who one is, inside a session that has grown old. Transitions are pure.

use crate::{Code, Millis, Refusal, SessionId, VerificationId};

/// How long a proof is fresh enough for what is dear.
pub const FRESH_FOR: Millis = Millis::from_mins(10);

/// How much is to be proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The first factor.
    FirstFactor,
    /// The second factor.
    SecondFactor,
    /// Both.
    MultiFactor,
}

impl Level {
    const ALL: [Self; 3] = [Self::FirstFactor, Self::SecondFactor, Self::MultiFactor];

    /// The name on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FirstFactor => "first_factor",
            Self::SecondFactor => "second_factor",
            Self::MultiFactor => "multi_factor",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == text)
    }
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReverificationStatus {
    /// The first factor is to be proved.
    NeedsFirstFactor,
    /// The second factor is to be proved.
    NeedsSecondFactor,
    /// Done.
    Complete,
}

impl ReverificationStatus {
    /// The name on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NeedsFirstFactor => "needs_first_factor",
            Self::NeedsSecondFactor => "needs_second_factor",
            Self::Complete => "complete",
        }
    }

    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::NeedsFirstFactor, Self::NeedsSecondFactor, Self::Complete]
            .into_iter()
            .find(|status| status.as_str() == text)
    }
}

/// The reverification of a session that was started last; it belongs to that session alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reverification {
    /// Of which session.
    pub session_id: SessionId,
    /// How much is to be proved.
    pub level: Level,
    /// Where it stands.
    pub status: ReverificationStatus,
    /// The challenge of the first factor that was asked last.
    pub first_factor_verification_id: Option<VerificationId>,
    /// The challenge of the second factor that was asked last.
    pub second_factor_verification_id: Option<VerificationId>,
    /// When it began.
    pub created_at: Millis,
}

impl Reverification {
    /// A new one. Whoever has no second factor is asked for the first, whatever the level.
    pub fn new(session_id: SessionId, level: Level, has_second_factor: bool, now: Millis) -> Self {
        let level = if has_second_factor { level } else { Level::FirstFactor };
        let status = match level {
            Level::SecondFactor => ReverificationStatus::NeedsSecondFactor,
            Level::FirstFactor | Level::MultiFactor => ReverificationStatus::NeedsFirstFactor,
        };
        Self {
            session_id,
            level,
            status,
            first_factor_verification_id: None,
            second_factor_verification_id: None,
            created_at: now,
        }
    }

    /// Refuses unless this step is asked.
    ///
    /// # Errors
    /// `invalid_action_for_session_reverification`.
    pub fn expect(&self, step: ReverificationStatus) -> Result<(), Refusal> {
        if self.status == step { Ok(()) } else { Err(Code::InvalidActionForSessionReverification.into()) }
    }

    /// The first factor was proved.
    ///
    /// # Errors
    /// As [`Reverification::expect`].
    pub fn first_factor_verified(mut self) -> Result<Self, Refusal> {
        self.expect(ReverificationStatus::NeedsFirstFactor)?;
        self.status = match self.level {
            Level::MultiFactor => ReverificationStatus::NeedsSecondFactor,
            Level::FirstFactor | Level::SecondFactor => ReverificationStatus::Complete,
        };
        Ok(self)
    }

    /// The second factor was proved.
    ///
    /// # Errors
    /// As [`Reverification::expect`].
    pub fn second_factor_verified(mut self) -> Result<Self, Refusal> {
        self.expect(ReverificationStatus::NeedsSecondFactor)?;
        self.status = ReverificationStatus::Complete;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(level: Level, has_second_factor: bool) -> Reverification {
        Reverification::new("sess_1".parse().expect("an id"), level, has_second_factor, Millis(0))
    }

    #[test]
    fn both_factors_are_proved_in_order() {
        let both = started(Level::MultiFactor, true);
        assert_eq!(
            both.clone().second_factor_verified().unwrap_err().code(),
            Code::InvalidActionForSessionReverification
        );
        let half = both.first_factor_verified().unwrap();
        assert_eq!(half.status, ReverificationStatus::NeedsSecondFactor);
        assert_eq!(half.second_factor_verified().unwrap().status, ReverificationStatus::Complete);
    }

    #[test]
    fn the_second_factor_can_be_asked_alone() {
        let second = started(Level::SecondFactor, true);
        assert!(second.clone().first_factor_verified().is_err());
        assert_eq!(second.second_factor_verified().unwrap().status, ReverificationStatus::Complete);
    }

    #[test]
    fn without_a_second_factor_the_first_is_enough() {
        for level in Level::ALL {
            let done = started(level, false).first_factor_verified().unwrap();
            assert_eq!((done.level, done.status), (Level::FirstFactor, ReverificationStatus::Complete));
        }
    }
}
