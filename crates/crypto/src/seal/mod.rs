//! Secrets that must stay readable (signing keys, development secret keys, tokens of providers), encrypted at rest in two
//! layers: a data key of the instance seals the values, the server's master key wraps the data keys. A sealed value is bound to
//! its place, so moving it to another row, column or instance makes it unreadable. Changing the master key rewraps the data
//! keys and touches no value.
//!
//! Both layers write `v1.<id of the key>.<nonce>.<ciphertext and tag>`, AES-256-GCM, the last two in base64url.

mod data_key;
mod envelope;
mod master_key;

pub use data_key::{DataKey, Place};
pub use master_key::{MasterKey, MasterKeyError};

/// Why a sealed text was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The text has another form or version.
    #[error("not a sealed text")]
    Malformed,
    /// It names another key than the one at hand.
    #[error("sealed with another key")]
    OtherKey,
    /// It was changed, or does not belong to this place.
    #[error("the seal is broken")]
    Broken,
}
