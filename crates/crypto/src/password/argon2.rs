//! Argon2id and Argon2i in PHC strings: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.

use super::decode::{PHC_BASE64, hash_of_usual_length, number};
use super::{Hasher, Memory, Params, PasswordError, Verifier};
use crate::digest::constant_time_eq;
use ::argon2::{Algorithm, Argon2, Version};
use base64::Engine;
use verger_model::Entropy;

const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// A parsed PHC string.
pub(super) struct Digest {
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Digest {
    /// Reads the string. The hasher decides the variant, so a string of the other is malformed.
    pub(super) fn parse(hasher: Hasher, text: &str) -> Result<Self, PasswordError> {
        let mut fields = text.split('$');
        let (Some(""), Some(variant)) = (fields.next(), fields.next()) else { return Err(PasswordError::Malformed) };
        if variant != hasher.as_str() {
            return Err(PasswordError::Malformed);
        }
        let algorithm = Algorithm::new(variant).map_err(|_| PasswordError::Malformed)?;
        let fields: Vec<&str> = fields.collect();
        let (version, [params, salt, hash]) = match fields[..] {
            ["v=19", params, salt, hash] => (Version::V0x13, [params, salt, hash]),
            // Version 1.0 of the function had no such field.
            ["v=16", params, salt, hash] | [params, salt, hash] => (Version::V0x10, [params, salt, hash]),
            _ => return Err(PasswordError::Malformed),
        };
        let decode = |field| PHC_BASE64.decode(field).map_err(|_| PasswordError::Malformed);
        let (salt, hash) = (decode(salt)?, hash_of_usual_length(decode(hash)?)?);
        if !(::argon2::MIN_SALT_LEN..=64).contains(&salt.len()) {
            return Err(PasswordError::Malformed);
        }
        Ok(Self { algorithm, version, params: read_params(params)?, salt, hash })
    }

    /// Whether a digest made with these parameters would resist longer.
    pub(super) fn is_weaker_than(&self, wanted: &Params) -> bool {
        self.version != Version::V0x13
            || self.params.memory_kib() < wanted.memory_kib()
            || self.params.passes() < wanted.passes()
            || self.salt.len() < SALT_BYTES
            || self.hash.len() < HASH_BYTES
    }
}

impl Verifier for Digest {
    fn verify(&self, password: &[u8], memory: &mut Memory) -> Result<bool, PasswordError> {
        let mut computed = vec![0; self.hash.len()];
        let function = Function { algorithm: self.algorithm, version: self.version, params: &self.params };
        function.compute(password, &self.salt, &mut computed, memory)?;
        Ok(constant_time_eq(&computed, &self.hash))
    }
}

/// `m=19456,t=2,p=1`, in any order, each once and nothing else: keys and associated data are not supported.
fn read_params(text: &str) -> Result<Params, PasswordError> {
    let (mut memory, mut passes, mut lanes) = (None, None, None);
    for field in text.split(',') {
        let (name, value) = field.split_once('=').ok_or(PasswordError::Malformed)?;
        let slot = match name {
            "m" => &mut memory,
            "t" => &mut passes,
            "p" => &mut lanes,
            _ => return Err(PasswordError::Malformed),
        };
        if slot.replace(number(value)?).is_some() {
            return Err(PasswordError::Malformed);
        }
    }
    let (Some(memory), Some(passes), Some(lanes)) = (memory, passes, lanes) else {
        return Err(PasswordError::Malformed);
    };
    let params = Params::stated(memory, passes, lanes);
    if !params.is_affordable() {
        return Err(PasswordError::TooCostly);
    }
    if params.is_defined() { Ok(params) } else { Err(PasswordError::Malformed) }
}

/// A new Argon2id digest with a salt of its own.
pub(super) fn hash(
    password: &[u8],
    params: &Params,
    entropy: &dyn Entropy,
    memory: &mut Memory,
) -> Result<String, PasswordError> {
    let mut salt = [0; SALT_BYTES];
    entropy.fill(&mut salt);
    let mut hash = [0; HASH_BYTES];
    let function = Function { algorithm: Algorithm::Argon2id, version: Version::V0x13, params };
    function.compute(password, &salt, &mut hash, memory)?;
    Ok(phc(params, &salt, &hash))
}

/// A well-formed digest whose hash nobody can hit on purpose: finding a password for it is finding a preimage of zeros.
pub(super) fn impossible(params: &Params) -> String {
    phc(params, &[0; SALT_BYTES], &[0; HASH_BYTES])
}

fn phc(params: &Params, salt: &[u8], hash: &[u8]) -> String {
    format!(
        "$argon2id$v=19$m={},t={},p={}${}${}",
        params.memory_kib(),
        params.passes(),
        params.lanes(),
        PHC_BASE64.encode(salt),
        PHC_BASE64.encode(hash)
    )
}

/// Which Argon2.
struct Function<'a> {
    algorithm: Algorithm,
    version: Version,
    params: &'a Params,
}

impl Function<'_> {
    fn compute(&self, password: &[u8], salt: &[u8], out: &mut [u8], memory: &mut Memory) -> Result<(), PasswordError> {
        let (memory_kib, passes, lanes) = (self.params.memory_kib(), self.params.passes(), self.params.lanes());
        let params =
            ::argon2::Params::new(memory_kib, passes, lanes, Some(out.len())).map_err(|_| PasswordError::Malformed)?;
        let blocks = memory.blocks_for(&params)?;
        Argon2::new(self.algorithm, self.version, params)
            .hash_password_into_with_memory(password, salt, out, blocks)
            .map_err(|_| PasswordError::Malformed)
    }
}
