//! A sign-in attempt and its steps. Transitions are pure: they take the attempt and give back the next one, or a refusal.

use crate::{ClientId, Code, Millis, Refusal, SessionId, SignInId, Strategy, UserId, VerificationId};

/// How long an attempt can be finished.
pub const ATTEMPT_LIFETIME: Millis = Millis::from_days(1);

/// Where an attempt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInStatus {
    /// Nobody is named yet.
    NeedsIdentifier,
    /// Somebody is named and must prove it.
    NeedsFirstFactor,
    /// The first factor is proved and the account asks for another one.
    NeedsSecondFactor,
    /// The password was right, on a device that the account was never used on: a code must show who it is.
    NeedsClientTrust,
    /// A reset code was right; a new password must follow.
    NeedsNewPassword,
    /// Signed in.
    Complete,
}

impl SignInStatus {
    const ALL: [Self; 6] = [
        Self::NeedsIdentifier,
        Self::NeedsFirstFactor,
        Self::NeedsSecondFactor,
        Self::NeedsClientTrust,
        Self::NeedsNewPassword,
        Self::Complete,
    ];

    /// The name on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NeedsIdentifier => "needs_identifier",
            Self::NeedsFirstFactor => "needs_first_factor",
            Self::NeedsSecondFactor => "needs_second_factor",
            Self::NeedsClientTrust => "needs_client_trust",
            Self::NeedsNewPassword => "needs_new_password",
            Self::Complete => "complete",
        }
    }

    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

/// An attempt to sign in on one client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Its id.
    pub id: SignInId,
    /// On which client.
    pub client_id: ClientId,
    /// Where it stands.
    pub status: SignInStatus,
    /// What the visitor typed, normalised.
    pub identifier: Option<String>,
    /// Whom it names.
    pub user_id: Option<UserId>,
    /// The challenge of the first factor that was asked last.
    pub first_factor_verification_id: Option<VerificationId>,
    /// The challenge of the second factor that was asked last.
    pub second_factor_verification_id: Option<VerificationId>,
    /// The challenge of an account elsewhere that is connected once its address is proved here.
    pub link_verification_id: Option<VerificationId>,
    /// The session that came of it.
    pub created_session_id: Option<SessionId>,
    /// Until when it can be finished.
    pub abandon_at: Millis,
    /// When it began.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
    /// Guard against lost updates.
    pub version: i64,
}

impl SignIn {
    /// A new attempt that names nobody.
    pub fn new(id: SignInId, client_id: ClientId, now: Millis) -> Self {
        Self {
            id,
            client_id,
            status: SignInStatus::NeedsIdentifier,
            identifier: None,
            user_id: None,
            first_factor_verification_id: None,
            second_factor_verification_id: None,
            link_verification_id: None,
            created_session_id: None,
            abandon_at: now + ATTEMPT_LIFETIME,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }

    /// Somebody is named.
    #[must_use]
    pub fn identified(mut self, identifier: String, user_id: UserId) -> Self {
        self.status = SignInStatus::NeedsFirstFactor;
        self.identifier = Some(identifier);
        self.user_id = Some(user_id);
        self
    }

    /// Somebody is named, and it stays open whether they exist until they prove it.
    #[must_use]
    pub fn named(mut self, identifier: String) -> Self {
        self.status = SignInStatus::NeedsFirstFactor;
        self.identifier = Some(identifier);
        self
    }

    /// The identifier of an attempt that keeps it open whether anybody goes by it.
    pub fn undisclosed(&self) -> Option<&str> {
        let is_open = self.status == SignInStatus::NeedsFirstFactor && self.user_id.is_none();
        self.identifier.as_deref().filter(|_| is_open)
    }

    /// What stands for the typed address in an attempt that does not disclose whose it is. The same for whoever is named.
    pub fn address_alias(&self) -> String {
        self.id.as_str().replacen("sia_", "idn_", 1)
    }

    /// Whether it can no longer be finished.
    pub fn is_abandoned(&self, now: Millis) -> bool {
        self.status != SignInStatus::Complete && self.abandon_at <= now
    }

    /// Refuses unless the attempt waits for a first factor.
    ///
    /// # Errors
    /// `client_state_invalid`; `verification_already_verified` once that step is behind it.
    pub fn expect_first_factor(&self) -> Result<(), Refusal> {
        match self.status {
            SignInStatus::NeedsFirstFactor => Ok(()),
            SignInStatus::NeedsIdentifier => Err(Code::ClientStateInvalid.into()),
            SignInStatus::Complete
            | SignInStatus::NeedsSecondFactor
            | SignInStatus::NeedsClientTrust
            | SignInStatus::NeedsNewPassword => Err(Code::VerificationAlreadyVerified.into()),
        }
    }

    /// Refuses unless the attempt waits for a second step.
    ///
    /// # Errors
    /// `client_state_invalid`; `verification_already_verified` once it is complete.
    pub fn expect_second_factor(&self) -> Result<(), Refusal> {
        match self.status {
            SignInStatus::NeedsSecondFactor | SignInStatus::NeedsClientTrust => Ok(()),
            SignInStatus::Complete => Err(Code::VerificationAlreadyVerified.into()),
            SignInStatus::NeedsIdentifier | SignInStatus::NeedsFirstFactor | SignInStatus::NeedsNewPassword => {
                Err(Code::ClientStateInvalid.into())
            }
        }
    }

    /// The first factor was proved with this strategy. A reset code opens the way to a new password; everything else leads to
    /// the second factor if the account has one, and completes the attempt if not.
    ///
    /// # Errors
    /// As [`SignIn::expect_first_factor`].
    pub fn first_factor_verified(
        mut self,
        strategy: Strategy,
        asks: SecondFactor,
        now: Millis,
    ) -> Result<Self, Refusal> {
        self.expect_first_factor()?;
        self.status = match strategy {
            Strategy::ResetPasswordEmailCode | Strategy::ResetPasswordPhoneCode => SignInStatus::NeedsNewPassword,
            Strategy::Password
            | Strategy::EmailCode
            | Strategy::EmailLink
            | Strategy::PhoneCode
            | Strategy::Passkey
            | Strategy::Ticket
            | Strategy::OAuth(_) => asks.next(),
            Strategy::Totp | Strategy::BackupCode | Strategy::Admin => {
                return Err(Refusal::param(Code::FormParamValueInvalid, "strategy"));
            }
        };
        self.updated_at = now;
        Ok(self)
    }

    /// The new password was set: the second factor is next, if the account has one.
    ///
    /// # Errors
    /// `client_state_invalid` unless a reset code was proved before.
    pub fn password_reset(mut self, asks: SecondFactor, now: Millis) -> Result<Self, Refusal> {
        if self.status != SignInStatus::NeedsNewPassword {
            return Err(Code::ClientStateInvalid.into());
        }
        self.status = asks.next();
        self.updated_at = now;
        Ok(self)
    }

    /// The second factor was proved: the attempt is complete.
    ///
    /// # Errors
    /// As [`SignIn::expect_second_factor`].
    pub fn second_factor_verified(mut self, now: Millis) -> Result<Self, Refusal> {
        self.expect_second_factor()?;
        self.status = SignInStatus::Complete;
        self.updated_at = now;
        Ok(self)
    }
}

/// Whether an account asks for a second factor after the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    /// It does.
    Asked,
    /// It has none, and the device is one that it was never used on: a code is asked in its place.
    ClientTrust,
    /// The first factor is enough.
    NotAsked,
}

impl SecondFactor {
    const fn next(self) -> SignInStatus {
        match self {
            Self::Asked => SignInStatus::NeedsSecondFactor,
            Self::ClientTrust => SignInStatus::NeedsClientTrust,
            Self::NotAsked => SignInStatus::Complete,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt() -> SignIn {
        SignIn::new("sia_1".parse().expect("an id"), "client_1".parse().expect("an id"), Millis(0))
    }

    fn named() -> SignIn {
        attempt().identified("jane@example.com".into(), "user_1".parse().expect("an id"))
    }

    #[test]
    fn nobody_signs_in_without_being_named() {
        let refusal =
            attempt().first_factor_verified(Strategy::Password, SecondFactor::NotAsked, Millis(1)).unwrap_err();
        assert_eq!(refusal.code(), Code::ClientStateInvalid);
    }

    #[test]
    fn a_reset_code_alone_does_not_sign_in() {
        let attempt =
            named().first_factor_verified(Strategy::ResetPasswordEmailCode, SecondFactor::NotAsked, Millis(1)).unwrap();
        assert_eq!(attempt.status, SignInStatus::NeedsNewPassword);
        assert_eq!(attempt.password_reset(SecondFactor::NotAsked, Millis(2)).unwrap().status, SignInStatus::Complete);
    }

    #[test]
    fn a_password_cannot_be_reset_without_a_code() {
        assert_eq!(
            named().password_reset(SecondFactor::NotAsked, Millis(1)).unwrap_err().code(),
            Code::ClientStateInvalid
        );
    }

    #[test]
    fn a_complete_attempt_takes_no_second_answer() {
        let done = named().first_factor_verified(Strategy::Password, SecondFactor::NotAsked, Millis(1)).unwrap();
        assert_eq!(done.expect_first_factor().unwrap_err().code(), Code::VerificationAlreadyVerified);
    }

    #[test]
    fn an_account_with_a_second_factor_is_not_complete_after_the_first() {
        let attempt = named().first_factor_verified(Strategy::Password, SecondFactor::Asked, Millis(1)).unwrap();
        assert_eq!(attempt.status, SignInStatus::NeedsSecondFactor);
        assert_eq!(attempt.created_session_id, None);
        let done = attempt.second_factor_verified(Millis(2)).unwrap();
        assert_eq!(done.status, SignInStatus::Complete);
        assert_eq!(done.second_factor_verified(Millis(3)).unwrap_err().code(), Code::VerificationAlreadyVerified);
    }

    #[test]
    fn a_new_device_is_not_signed_in_after_the_password() {
        let attempt = named().first_factor_verified(Strategy::Password, SecondFactor::ClientTrust, Millis(1)).unwrap();
        assert_eq!(attempt.status, SignInStatus::NeedsClientTrust);
        assert_eq!(attempt.expect_first_factor().unwrap_err().code(), Code::VerificationAlreadyVerified);
        assert_eq!(attempt.second_factor_verified(Millis(2)).unwrap().status, SignInStatus::Complete);
    }

    #[test]
    fn a_reset_does_not_go_around_the_second_factor() {
        let attempt =
            named().first_factor_verified(Strategy::ResetPasswordEmailCode, SecondFactor::Asked, Millis(1)).unwrap();
        let attempt = attempt.password_reset(SecondFactor::Asked, Millis(2)).unwrap();
        assert_eq!(attempt.status, SignInStatus::NeedsSecondFactor);
    }

    #[test]
    fn a_second_factor_does_not_stand_for_the_first() {
        assert_eq!(named().second_factor_verified(Millis(1)).unwrap_err().code(), Code::ClientStateInvalid);
        for strategy in [Strategy::Totp, Strategy::BackupCode] {
            let refusal = named().first_factor_verified(strategy, SecondFactor::NotAsked, Millis(1)).unwrap_err();
            assert_eq!(refusal.code(), Code::FormParamValueInvalid);
        }
    }
}
