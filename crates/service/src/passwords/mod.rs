//! Passwords: what an instance allows, and hashing that never holds up anything else.

mod allowed;
mod changed;
mod pool;
mod threads;

pub(crate) use pool::HashPool;
pub use pool::HashWork;

use crate::error::Result;
use verger_crypto::password::{self, PasswordDigest, PasswordError};
use verger_model::settings::PasswordPolicy;
use verger_model::{Code, Refusal, Secret};
use verger_store::StoredPassword;

/// Longer texts are refused before any work is done on them, in bytes.
const MAX_BYTES: usize = 4096;

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

/// Refuses a new password whose form the instance does not allow; every broken rule is named.
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
        (
            policy.require_special_char && !text.chars().any(|c| policy.allowed_special_characters.contains(c)),
            Code::FormPasswordNoSpecialChar,
        ),
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
    fn the_instance_says_what_a_special_character_is() {
        let policy = PasswordPolicy {
            require_special_char: true,
            allowed_special_characters: "#".into(),
            ..PasswordPolicy::default()
        };
        assert_eq!(codes(&policy, "long-enough!"), [Code::FormPasswordNoSpecialChar]);
        assert_eq!(codes(&policy, "long#enough!"), []);
    }

    #[test]
    fn a_password_is_not_the_address_nor_endless() {
        let policy = PasswordPolicy::default();
        assert_eq!(codes(&policy, "Jane@Example.com"), [Code::FormPasswordMatchesIdentifier]);
        assert_eq!(codes(&policy, &"x".repeat(73)), [Code::FormPasswordLengthTooLong]);
        assert_eq!(codes(&policy, &"x".repeat(5000)), [Code::FormPasswordSizeInBytesExceeded]);
    }
}
