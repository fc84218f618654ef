//! Password digests: new ones are Argon2id; every format that Clerk's `createUser` takes is verified, so that imported users
//! sign in with the password they have. One file per family of formats. A digest comes from strangers: it is parsed before it is
//! stored and again before it is used, and one whose parameters would cost too much is refused.
//!
//! Hashing and verifying take milliseconds to a second of one core and up to 256 MiB.

mod argon2;
mod bcrypt;
mod decode;
mod hasher;
mod ldap_ssha;
mod leak_key;
mod memory;
mod params;
mod pbkdf2;
mod phpass;
mod plain;
mod scrypt_firebase;
mod scrypt_werkzeug;
mod sha512_symfony;
mod strength;

pub use hasher::Hasher;
pub use leak_key::LeakKey;
pub use memory::{Memory, Work};
pub use params::Params;
pub use strength::{Strength, Suggestion};

use verger_model::{Entropy, Secret};

/// Longer digests are refused unread: no format needs as much.
const MAX_DIGEST_BYTES: usize = 1024;

/// A digest with the name of the function that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordDigest {
    /// Which function.
    pub hasher: Hasher,
    /// Its output, parameters and salt included.
    pub digest: Secret<String>,
}

/// Why a digest or a password was not worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// No hasher of that name, or one that is not verified here.
    #[error("an unknown password hasher")]
    UnknownHasher,
    /// The digest has another form than the hasher writes.
    #[error("the digest is not in the form of its hasher")]
    Malformed,
    /// Its parameters would cost more time or memory than a sign-in may.
    #[error("the digest is too costly to verify")]
    TooCostly,
    /// There was not enough memory for the work.
    #[error("not enough memory to hash a password")]
    OutOfMemory,
}

/// A parsed digest. Parsing is cheap and checks the limits; verifying is not.
trait Verifier {
    fn verify(&self, password: &[u8], memory: &mut Memory) -> Result<bool, PasswordError>;
}

/// Hashes a new password with Argon2id.
pub fn hash(
    password: &str,
    params: &Params,
    entropy: &dyn Entropy,
    memory: &mut Memory,
) -> Result<PasswordDigest, PasswordError> {
    let digest = argon2::hash(password.as_bytes(), params, entropy, memory)?;
    Ok(PasswordDigest { hasher: Hasher::Argon2id, digest: Secret::new(digest) })
}

/// Whether this is the password behind the digest.
pub fn verify(password: &str, hasher: Hasher, digest: &str, memory: &mut Memory) -> Result<bool, PasswordError> {
    parse(hasher, digest)?.verify(password.as_bytes(), memory)
}

/// Takes a digest that somebody brings along, if it has the form of its hasher and reasonable parameters.
pub fn import(hasher: &str, digest: &str) -> Result<PasswordDigest, PasswordError> {
    let hasher = hasher.parse()?;
    parse(hasher, digest)?;
    Ok(PasswordDigest { hasher, digest: Secret::from(digest) })
}

/// Whether the password should be hashed anew at the next success: anything but Argon2id with at least these parameters.
/// bcrypt is no exception, because it reads 72 bytes of a password only.
pub fn needs_rehash(hasher: Hasher, digest: &str, params: &Params) -> bool {
    hasher != Hasher::Argon2id
        || argon2::Digest::parse(hasher, digest).is_ok_and(|parsed| parsed.is_weaker_than(params))
}

/// A digest that no password fits and that costs as much as a new one: what unknown users are verified against.
pub fn dummy_digest(params: &Params) -> PasswordDigest {
    PasswordDigest { hasher: Hasher::Argon2id, digest: Secret::new(argon2::impossible(params)) }
}

fn parse(hasher: Hasher, digest: &str) -> Result<Box<dyn Verifier>, PasswordError> {
    if digest.len() > MAX_DIGEST_BYTES {
        return Err(PasswordError::Malformed);
    }
    Ok(match hasher {
        Hasher::Argon2i | Hasher::Argon2id => Box::new(argon2::Digest::parse(hasher, digest)?),
        Hasher::Bcrypt => Box::new(bcrypt::Digest::parse(digest)?),
        Hasher::BcryptPeppered => Box::new(bcrypt::Peppered::parse(digest)?),
        Hasher::BcryptSha256Django => Box::new(bcrypt::Sha256Django::parse(digest)?),
        Hasher::LdapSsha => Box::new(ldap_ssha::Digest::parse(digest)?),
        Hasher::Md5 => Box::new(plain::Digest::parse(plain::Function::Md5, digest)?),
        Hasher::Md5Salted => Box::new(plain::Digest::parse_salted(plain::Function::Md5, digest)?),
        Hasher::Sha256 => Box::new(plain::Digest::parse(plain::Function::Sha256, digest)?),
        Hasher::Sha256Salted => Box::new(plain::Digest::parse_salted(plain::Function::Sha256, digest)?),
        Hasher::Phpass => Box::new(phpass::Digest::parse(digest)?),
        Hasher::Md5Phpass => Box::new(phpass::OverMd5::parse(digest)?),
        Hasher::Pbkdf2Sha1
        | Hasher::Pbkdf2Sha256
        | Hasher::Pbkdf2Sha256Django
        | Hasher::Pbkdf2Sha512
        | Hasher::Pbkdf2Sha512Hex => Box::new(pbkdf2::Digest::parse(hasher, digest)?),
        Hasher::ScryptFirebase => Box::new(scrypt_firebase::Digest::parse(digest)?),
        Hasher::ScryptWerkzeug => Box::new(scrypt_werkzeug::Digest::parse(digest)?),
        Hasher::Sha512Symfony => Box::new(sha512_symfony::Digest::parse(digest)?),
    })
}

#[cfg(test)]
mod tests;
