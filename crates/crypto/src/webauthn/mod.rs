//! Web Authentication, the server's half: judges what a browser answers to a challenge, when a passkey is made (Level 3, §7.1)
//! and when it is used (§7.2). Attestation is read but never trusted. Users must have been verified by their device, so that
//! one answer stands for something they hold and something they know or are.

mod answer;
mod authenticator_data;
mod public_key;

pub use answer::{Assertion, Attestation, NewCredential};
pub use public_key::ALGORITHMS;

use crate::digest::sha256;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// What a challenge was made for.
pub struct Ceremony<'a> {
    /// The bytes that the browser was given, in base64url without padding.
    pub challenge: &'a str,
    /// The relying party that the browser was given.
    pub rp_id: &'a str,
    /// Whether pages of this origin may speak for that relying party.
    pub is_origin_allowed: &'a (dyn Fn(&str) -> bool + Sync),
}

/// Why an answer was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// It is no answer at all: not JSON, not CBOR, cut short, or with a key of a kind that is not read.
    #[error("not a public key credential")]
    Malformed,
    /// It is an answer to something else: challenge, origin, relying party, user verification or signature do not fit.
    #[error("the answer does not fit the challenge")]
    Unfit,
}

/// The opaque bytes by which an authenticator knows a user, made of texts that name them for good.
pub fn user_handle(instance: &str, user: &str) -> String {
    base64url(&sha256(format!("passkey user handle\n{instance}\n{user}").as_bytes()))
}

/// Base64url without padding, as browsers write it.
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn from_base64url(text: &str) -> Result<Vec<u8>, Rejected> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| Rejected::Malformed)
}

fn unless(is_fit: bool, rejected: Rejected) -> Result<(), Rejected> {
    if is_fit { Ok(()) } else { Err(rejected) }
}

#[cfg(test)]
mod tests;
