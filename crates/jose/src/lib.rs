//! JSON Web Tokens as Clerk signs them: minting, verification and the published key set. RS256 over RSA-2048 with exponent
//! 65537 is the only algorithm, because the SDKs' networkless check knows no other key. No IO, no clock: `now` is an
//! argument. Claims are the caller's types; this crate knows only the registered times.

mod category;
mod json;
mod jwk;
mod key_set;
mod mint;
mod public_key;
mod signing_key;
mod verify;

pub use category::Category;
pub use jwk::{Jwk, Jwks};
pub use key_set::KeySet;
pub use mint::{Header, MintError, mint};
pub use public_key::PublicKey;
pub use signing_key::SigningKey;
pub use verify::{Expect, Expiry, MAX_TOKEN_BYTES, VerifyError, verify};

/// Why a key was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The bytes are no key in the stated encoding.
    #[error("not a readable RSA key")]
    Malformed,
    /// A good key, but not RSA with 2048 bits and exponent 65537.
    #[error("only RSA keys of 2048 bits with exponent 65537 are used")]
    Unsupported,
    /// The cryptographic library failed.
    #[error("the key could not be made or written")]
    Failed,
}
