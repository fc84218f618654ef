//! Passkeys: making them, looking after them, and answers to their challenges. A challenge takes one answer, right or wrong.

mod answer;
mod challenge;
mod create;
mod manage;

pub(crate) use answer::Asked;

use verger_model::passkey::Passkey;
use verger_model::verification::Verification;

/// A passkey with the challenge of its making.
#[derive(Clone, Debug)]
pub struct PasskeyState {
    /// The passkey.
    pub passkey: Passkey,
    /// The challenge.
    pub challenge: Option<Verification>,
}
