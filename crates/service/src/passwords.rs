//! Passwords: what an instance allows, and hashing that never holds up anything else.

use crate::error::{Error, FaultKind, Result};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use verger_crypto::password::{self, Memory, Params, PasswordDigest, PasswordError, Work};
use verger_model::settings::PasswordPolicy;
use verger_model::{Code, Entropy, Refusal, Secret};
use verger_store::StoredPassword;

/// A login flood must not starve token refresh: whoever waits longer is told to come back.
const QUEUE_LIMIT: Duration = Duration::from_secs(2);
/// Longer texts are refused before any work is done on them, in bytes.
const MAX_BYTES: usize = 4096;
/// What a password may need one of.
const SPECIAL: &str = "!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~";

/// How much work passwords have cost since the service began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HashWork {
    /// Passwords that were hashed or compared, by whatever function.
    pub calls: u64,
    /// Digests among them that Argon2 computed.
    pub argon2_digests: u64,
    /// KiB that Argon2 wrote for those, all passes together.
    pub argon2_kib: u64,
}

/// A bounded number of blocking hash computations.
pub(crate) struct HashPool {
    permits: Arc<Semaphore>,
    params: Params,
    dummy: Arc<StoredPassword>,
    work: Arc<Mutex<HashWork>>,
}

impl HashPool {
    pub(crate) fn new(threads: usize) -> Self {
        let params = Params::DEFAULT;
        let dummy = Arc::new(stored(password::dummy_digest(&params)));
        Self { permits: Arc::new(Semaphore::new(threads.max(1))), dummy, params, work: Arc::default() }
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&mut Memory) -> T + Send + 'static) -> Result<T> {
        let permit = tokio::time::timeout(QUEUE_LIMIT, self.permits.clone().acquire_owned())
            .await
            .map_err(|late| Error::fault(FaultKind::Busy, late))?
            .map_err(Error::internal)?;
        let count = self.work.clone();
        let job = move || {
            let mut memory = Memory::new();
            let done = work(&mut memory);
            count.lock().unwrap_or_else(PoisonError::into_inner).add(memory.take_work());
            drop(permit);
            done
        };
        tokio::task::spawn_blocking(job).await.map_err(Error::internal)
    }

    /// Hashes a new password.
    pub(crate) async fn hash(&self, password: Secret<String>, entropy: Arc<dyn Entropy>) -> Result<StoredPassword> {
        let params = self.params;
        let digest = self.run(move |memory| password::hash(password.expose(), &params, &*entropy, memory)).await?;
        digest.map(stored).map_err(Error::internal)
    }

    /// Compares a password with a digest. Without a digest the same work is done and the answer is no.
    pub(crate) async fn verify(&self, password: Secret<String>, stored: Option<StoredPassword>) -> Result<bool> {
        if password.expose().len() > MAX_BYTES {
            return Ok(false);
        }
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| (*self.dummy).clone());
        let hasher: password::Hasher = stored.hasher.parse().map_err(Error::internal)?;
        let fits =
            self.run(move |memory| password::verify(password.expose(), hasher, stored.digest.expose(), memory)).await?;
        Ok(fits.map_err(Error::internal)? && known)
    }

    /// The work of a comparison, for somebody who is refused without one: nobody learns by the clock who has an account here.
    pub(crate) async fn verify_nobody(&self, password: Secret<String>) -> Result<()> {
        self.verify(password, None).await.map(drop)
    }

    /// What was done so far.
    pub(crate) fn work(&self) -> HashWork {
        *self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a digest should be replaced by one of our own at the next right answer.
    pub(crate) fn is_outdated(&self, stored: &StoredPassword) -> bool {
        let Ok(hasher) = stored.hasher.parse::<password::Hasher>() else { return false };
        password::needs_rehash(hasher, stored.digest.expose(), &self.params)
    }
}

impl HashWork {
    const fn add(&mut self, argon2: Work) {
        self.calls += 1;
        self.argon2_digests += argon2.digests;
        self.argon2_kib += argon2.written_kib;
    }
}

fn stored(digest: PasswordDigest) -> StoredPassword {
    StoredPassword { hasher: digest.hasher.as_str().to_owned(), digest: digest.digest }
}

/// Checks that a digest made elsewhere can be used here.
pub(crate) fn check_digest(hasher: &str, digest: &Secret<String>) -> Result<StoredPassword> {
    let imported = password::import(hasher, digest.expose()).map_err(|err| match err {
        PasswordError::UnknownHasher => Refusal::param(Code::FormParamValueInvalid, "password_hasher"),
        _ => Refusal::param(Code::FormPasswordDigestInvalid, "password_digest"),
    })?;
    Ok(stored(imported))
}

/// Refuses a new password that the instance does not allow; every broken rule is named.
pub(crate) fn check_policy(
    policy: &PasswordPolicy,
    password: &Secret<String>,
    identifiers: &[&str],
    param: &str,
) -> Result<(), Refusal> {
    let text = password.expose();
    if text.len() > MAX_BYTES {
        return Err(Refusal::param(Code::FormPasswordSizeInBytesExceeded, param));
    }
    let length = text.chars().count();
    let rules = [
        (length < policy.min_length, Code::FormPasswordLengthTooShort),
        (length > policy.max_length, Code::FormPasswordLengthTooLong),
        (policy.require_uppercase && !text.chars().any(char::is_uppercase), Code::FormPasswordNoUppercase),
        (policy.require_lowercase && !text.chars().any(char::is_lowercase), Code::FormPasswordNoLowercase),
        (policy.require_numbers && !text.chars().any(|c| c.is_ascii_digit()), Code::FormPasswordNoNumber),
        (policy.require_special_char && !text.chars().any(|c| SPECIAL.contains(c)), Code::FormPasswordNoSpecialChar),
        (identifiers.iter().any(|it| it.eq_ignore_ascii_case(text)), Code::FormPasswordMatchesIdentifier),
    ];
    let broken = rules.into_iter().filter(|(broken, _)| *broken).map(|(_, code)| match code {
        Code::FormPasswordLengthTooShort => {
            Refusal::param(code, param).saying(format!("The password needs at least {} characters.", policy.min_length))
        }
        Code::FormPasswordLengthTooLong => Refusal::param(code, param)
            .saying(format!("The password can have at most {} characters.", policy.max_length)),
        code => Refusal::param(code, param),
    });
    Refusal::all(broken).map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(policy: &PasswordPolicy, text: &str) -> Vec<Code> {
        check_policy(policy, &text.into(), &["jane@example.com"], "password")
            .err()
            .map(|refusal| refusal.items().map(|item| item.code).collect())
            .unwrap_or_default()
    }

    #[test]
    fn every_broken_rule_is_named() {
        let strict = PasswordPolicy {
            require_uppercase: true,
            require_lowercase: true,
            require_numbers: true,
            require_special_char: true,
            ..PasswordPolicy::default()
        };
        assert_eq!(
            codes(&strict, "short"),
            [
                Code::FormPasswordLengthTooShort,
                Code::FormPasswordNoUppercase,
                Code::FormPasswordNoNumber,
                Code::FormPasswordNoSpecialChar
            ]
        );
        assert_eq!(codes(&strict, "Long-enough-1"), []);
    }

    #[test]
    fn a_password_is_not_the_address_nor_endless() {
        let policy = PasswordPolicy::default();
        assert_eq!(codes(&policy, "Jane@Example.com"), [Code::FormPasswordMatchesIdentifier]);
        assert_eq!(codes(&policy, &"x".repeat(73)), [Code::FormPasswordLengthTooLong]);
        assert_eq!(codes(&policy, &"x".repeat(5000)), [Code::FormPasswordSizeInBytesExceeded]);
    }
}
