//! Challenges.

use crate::error::code_item;
use crate::{Lens, strategy_word, word};
use verger_model::Strategy;
use verger_model::identification::{Identification, IdentificationStatus};
use verger_model::verification::{Verification, VerificationStatus};
use verger_wire as wire;
use verger_wire::Word;

/// A challenge as of the lens's time.
pub fn verification(lens: Lens<'_>, verification: &Verification) -> wire::Verification {
    let status = verification.status_at(lens.now);
    wire::Verification {
        object: word(kind(verification.strategy)),
        status: word(status.as_str()),
        strategy: Some(strategy_word(verification.strategy)),
        attempts: is_counted(verification.strategy).then_some(verification.attempts),
        nonce: verification.nonce.clone().filter(|_| status == VerificationStatus::Unverified),
        expire_at: verification.expire_at.map(|at| at.0),
        channel: verification.channel.map(|channel| word(channel.as_str())),
        verified_at_client: verification.verified_at_client.as_ref().map(ToString::to_string),
        external_verification_redirect_url: verification.external_redirect_url.clone(),
        error: verification.error.as_ref().map(code_item),
    }
}

/// How an identification was proved, or what was tried last. `None`: nothing was tried.
pub(crate) fn of_identification(lens: Lens<'_>, identification: &Identification) -> Option<wire::Verification> {
    let is_verified = identification.status == IdentificationStatus::Verified;
    let Some(proof) = &identification.proof else {
        return is_verified.then(by_admin);
    };
    let status = match proof.expire_at {
        _ if is_verified => VerificationStatus::Verified,
        Some(end) if end <= lens.now => VerificationStatus::Expired,
        _ => VerificationStatus::Unverified,
    };
    Some(wire::Verification {
        object: word(match proof.strategy {
            Strategy::OAuth(_) => "verification_from_oauth",
            strategy => kind(strategy),
        }),
        status: word(status.as_str()),
        strategy: Some(match proof.strategy {
            Strategy::OAuth(provider) => Word::Owned(format!("from_{}", provider.strategy())),
            strategy => strategy_word(strategy),
        }),
        attempts: proof.attempts,
        nonce: None,
        expire_at: proof.expire_at.map(|at| at.0),
        channel: None,
        verified_at_client: None,
        external_verification_redirect_url: None,
        error: None,
    })
}

/// What is verified without a record of how was vouched for by the application's backend.
fn by_admin() -> wire::Verification {
    wire::Verification {
        object: word(kind(Strategy::Admin)),
        status: word(VerificationStatus::Verified.as_str()),
        strategy: Some(word(Strategy::Admin.as_str())),
        attempts: None,
        nonce: None,
        expire_at: None,
        channel: None,
        verified_at_client: None,
        external_verification_redirect_url: None,
        error: None,
    }
}

/// The object's name: the kind of answer that is asked, not the way it travels.
pub(crate) const fn kind(strategy: Strategy) -> &'static str {
    match strategy {
        Strategy::Password => "verification_password",
        Strategy::EmailCode
        | Strategy::ResetPasswordEmailCode
        | Strategy::PhoneCode
        | Strategy::ResetPasswordPhoneCode => "verification_otp",
        Strategy::EmailLink => "verification_email_link",
        Strategy::Passkey => "verification_passkey",
        Strategy::Ticket => "verification_ticket",
        Strategy::Totp => "verification_totp",
        Strategy::BackupCode => "verification_backup_code",
        Strategy::Admin => "verification_admin",
        Strategy::OAuth(_) => "verification_oauth",
    }
}

const fn is_counted(strategy: Strategy) -> bool {
    matches!(
        strategy,
        Strategy::EmailCode
            | Strategy::EmailLink
            | Strategy::ResetPasswordEmailCode
            | Strategy::PhoneCode
            | Strategy::ResetPasswordPhoneCode
    )
}
