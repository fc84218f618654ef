//! Sign-up attempts.

use crate::verification::kind;
use crate::{Lens, strategy_word, verification, word, words};
use verger_model::settings::Settings;
use verger_model::sign_up::SignUp;
use verger_model::verification::{Verification, VerificationStatus};
use verger_model::{Strategy, VerificationId};
use verger_wire as wire;

/// A sign-up attempt, with the challenges for its email address, its phone number and its account at another provider that were
/// asked last. A challenge for what was replaced since is not shown.
pub fn sign_up(lens: Lens<'_>, attempt: &SignUp, asked: &[Verification]) -> wire::SignUp {
    let requirements = attempt.requirements(&lens.instance.settings);
    let of = |id: &Option<VerificationId>| asked.iter().find(|it| id.as_ref() == Some(&it.id));
    let elsewhere = of(&attempt.external_verification_id);
    let email = Contact {
        strategy: Strategy::EmailCode,
        supported: mail_verifications(&lens.instance.settings),
        asked: of(&attempt.email_verification_id),
        elsewhere,
        is_verified: attempt.email_verified,
    };
    let phone = Contact {
        strategy: Strategy::PhoneCode,
        supported: vec![strategy_word(Strategy::PhoneCode)],
        asked: of(&attempt.phone_verification_id),
        elsewhere: None,
        is_verified: attempt.phone_verified,
    };
    wire::SignUp {
        object: word("sign_up_attempt"),
        id: attempt.id.to_string(),
        status: word(if attempt.is_abandoned(lens.now) { "abandoned" } else { attempt.status.as_str() }),
        required_fields: words(&requirements.required),
        optional_fields: words(&requirements.optional),
        missing_fields: words(&requirements.missing),
        unverified_fields: words(&requirements.unverified),
        verifications: wire::SignUpVerifications {
            email_address: attempt.email_address.is_some().then(|| contact_verification(lens, email)),
            phone_number: attempt.phone_number.is_some().then(|| contact_verification(lens, phone)),
            web3_wallet: None,
            external_account: elsewhere.map(|it| verification(lens, it)),
        },
        username: attempt.username.clone(),
        email_address: attempt.email_address.clone(),
        phone_number: attempt.phone_number.clone(),
        web3_wallet: None,
        password_enabled: attempt.password_enabled,
        has_password: attempt.password_enabled,
        first_name: attempt.first_name.clone(),
        last_name: attempt.last_name.clone(),
        unsafe_metadata: attempt.unsafe_metadata.clone(),
        public_metadata: wire::Object::new(),
        custom_action: false,
        external_id: None,
        created_session_id: attempt.created_session_id.as_ref().map(ToString::to_string),
        created_user_id: attempt.created_user_id.as_ref().map(ToString::to_string),
        abandon_at: attempt.abandon_at.0,
        legal_accepted_at: attempt.legal_accepted_at.map(|at| at.0),
        locale: attempt.locale.clone(),
        external_account_strategy: elsewhere.map(|it| strategy_word(it.strategy)),
        external_account: None,
    }
}

/// What must be proved, and how far that is.
struct Contact<'a> {
    /// The way to prove it that is never switched off, for what is proved without a record of how.
    strategy: Strategy,
    supported: Vec<wire::Word>,
    asked: Option<&'a Verification>,
    /// The challenge of the account elsewhere that may have vouched for it.
    elsewhere: Option<&'a Verification>,
    is_verified: bool,
}

fn contact_verification(lens: Lens<'_>, contact: Contact<'_>) -> wire::SignUpVerification {
    let vouched = contact.elsewhere.filter(|_| contact.is_verified && contact.asked.is_none()).map(by_provider);
    let sent = || contact.asked.map_or_else(|| unasked(contact.strategy), |it| verification(lens, it));
    let mut shown = vouched.unwrap_or_else(sent);
    if contact.is_verified {
        shown.status = word(VerificationStatus::Verified.as_str());
        shown.strategy.get_or_insert(strategy_word(contact.strategy));
    }
    let next_action = match (shown.status.as_ref(), contact.asked) {
        ("verified", _) => "",
        ("unverified", Some(_)) => "needs_attempt",
        _ => "needs_prepare",
    };
    wire::SignUpVerification {
        verification: shown,
        next_action: word(next_action),
        supported_strategies: contact.supported,
    }
}

/// The ways to prove an email address.
pub(crate) fn mail_verifications(settings: &Settings) -> Vec<wire::Word> {
    let offered = &settings.verifications;
    [(Strategy::EmailCode, offered.email_code), (Strategy::EmailLink, offered.email_link)]
        .into_iter()
        .filter(|(_, is_on)| *is_on)
        .map(|(strategy, _)| strategy_word(strategy))
        .collect()
}

/// The provider of an account elsewhere vouched for the address.
fn by_provider(elsewhere: &Verification) -> wire::Verification {
    wire::Verification {
        object: word("verification_from_oauth"),
        status: word(VerificationStatus::Verified.as_str()),
        strategy: Some(wire::Word::Owned(format!("from_{}", elsewhere.strategy))),
        attempts: None,
        nonce: None,
        expire_at: None,
        channel: None,
        external_verification_redirect_url: None,
        error: None,
        verified_at_client: None,
    }
}

/// No code was asked for. The strategy must be null: the components prepare by themselves only then, and a strategy without
/// a deadline reads to them as a code that ran out.
fn unasked(strategy: Strategy) -> wire::Verification {
    wire::Verification {
        object: word(kind(strategy)),
        status: word(VerificationStatus::Unverified.as_str()),
        strategy: None,
        attempts: Some(0),
        nonce: None,
        expire_at: None,
        channel: None,
        verified_at_client: None,
        external_verification_redirect_url: None,
        error: None,
    }
}
