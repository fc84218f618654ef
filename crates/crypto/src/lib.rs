//! The secrets of Verger: password digests, opaque tokens, one-time codes, and the sealing of what must be kept readable.
//! Everything is a plain function of its arguments; randomness comes in as [`verger_model::Entropy`], whose production source
//! lives here. Slow functions (passwords) say so: callers run them off the async threads and bound how many run at once.

pub mod backup_code;
pub mod code;
pub mod digest;
pub mod entropy;
pub mod password;
pub mod proof_of_work;
pub mod seal;
pub mod suffix;
pub mod token;
pub mod totp;
pub mod webauthn;

pub use entropy::OsEntropy;

#[cfg(test)]
mod fixture;
