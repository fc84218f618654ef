//! Passkeys.

use crate::{Lens, verification, word};
use verger_model::Strategy;
use verger_model::passkey::Passkey;
use verger_model::verification::{Verification, VerificationStatus};
use verger_wire as wire;

/// A passkey with the challenge of its making.
pub fn passkey(lens: Lens<'_>, passkey: &Passkey, challenge: Option<&Verification>) -> wire::Passkey {
    wire::Passkey { verification: challenge.map(|it| verification(lens, it)), ..made_passkey(passkey) }
}

/// A passkey that was made. Its challenge is past and need not be read.
pub(crate) fn made_passkey(passkey: &Passkey) -> wire::Passkey {
    wire::Passkey {
        id: passkey.id.to_string(),
        object: word("passkey"),
        name: passkey.name.clone(),
        last_used_at: passkey.last_used_at.map(|at| at.0),
        verification: Some(wire::Verification {
            object: word("verification_passkey"),
            status: word(VerificationStatus::Verified.as_str()),
            strategy: Some(word(Strategy::Passkey.as_str())),
            attempts: None,
            nonce: None,
            channel: None,
            verified_at_client: None,
            external_verification_redirect_url: None,
            error: None,
            expire_at: Some(passkey.created_at.0 + verger_model::passkey::CHALLENGE_LIFETIME.0),
        }),
        created_at: passkey.created_at.0,
        updated_at: passkey.updated_at.0,
    }
}
