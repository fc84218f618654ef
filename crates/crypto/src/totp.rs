//! Codes of authenticator apps: SHA-1, six digits, thirty seconds, the only kind that every app reads. A code is good one step
//! before and after its own; the step that it belongs to is given back, so that the caller can take each step once.

use totp_rs::{Builder, Secret as Base32, Totp};
use verger_model::{Entropy, Millis, Secret};

/// What RFC 4226 recommends.
const SECRET_BYTES: usize = 20;

/// A secret to share with an app.
pub fn new_secret(entropy: &dyn Entropy) -> Secret<Vec<u8>> {
    let mut bytes = vec![0; SECRET_BYTES];
    entropy.fill(&mut bytes);
    Secret::new(bytes)
}

/// The secret as people type it: base32 without padding.
pub fn secret_text(secret: &Secret<Vec<u8>>) -> Secret<String> {
    Secret::new(base32(secret).to_base32())
}

/// Reads a secret written by another server: base32, 10 to 64 bytes (apps of old made 80 bits). `None`: it is not
/// one.
pub fn read_secret(text: &str) -> Option<Secret<Vec<u8>>> {
    let bytes = Base32::try_from_base32(text.trim().trim_end_matches('=')).ok()?.as_bytes().to_vec();
    (10..=64).contains(&bytes.len()).then(|| Secret::new(bytes))
}

/// The `otpauth://` address that apps read from a picture. A colon parts issuer and account in it, so none stays in either.
pub fn otpauth_uri(secret: &Secret<Vec<u8>>, issuer: &str, account: &str) -> Secret<String> {
    let clean = |text: &str| text.replace(':', " ");
    let account = match account.trim() {
        "" => "account".to_owned(),
        name => clean(name),
    };
    let totp = Builder::new().with_secret(base32(secret)).with_account_name(account).with_issuer(Some(clean(issuer)));
    Secret::new(totp.build_noncompliant().to_url().expect("the account has a name without a colon"))
}

/// The step that this code belongs to, if it is a code of now or of a step beside it.
pub fn matching_step(secret: &Secret<Vec<u8>>, code: &str, now: Millis) -> Option<i64> {
    let is_code = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    let now = u64::try_from(now.secs()).ok()?;
    let step = is_code.then(|| totp(secret).check(code, now))??;
    i64::try_from(step).ok()
}

/// The code of a moment.
pub fn code_at(secret: &Secret<Vec<u8>>, at: Millis) -> String {
    totp(secret).generate(u64::try_from(at.secs()).unwrap_or_default()).to_string()
}

fn base32(secret: &Secret<Vec<u8>>) -> Base32 {
    Base32::new(secret.expose().clone().into_boxed_slice())
}

fn totp(secret: &Secret<Vec<u8>>) -> Totp {
    Builder::new().with_secret(base32(secret)).build_noncompliant()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::seeded;

    /// RFC 6238, appendix B: the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let secret = Secret::new(b"12345678901234567890".to_vec());
        for (secs, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            assert_eq!(code_at(&secret, Millis::from_secs(secs)), code);
            assert_eq!(matching_step(&secret, code, Millis::from_secs(secs)), Some(secs / 30));
        }
    }

    #[test]
    fn a_code_is_good_one_step_early_and_late() {
        let secret = new_secret(&seeded(1));
        let code = code_at(&secret, Millis::from_secs(3000));
        for (secs, fits) in [(2939, false), (2970, true), (3000, true), (3059, true), (3060, false)] {
            assert_eq!(matching_step(&secret, &code, Millis::from_secs(secs)), fits.then_some(100), "{secs}");
        }
    }

    #[test]
    fn what_is_not_six_digits_is_no_code() {
        let secret = new_secret(&seeded(1));
        for text in ["", "12345", "1234567", "12 345", "12345a", "１２３４５６"] {
            assert_eq!(matching_step(&secret, text, Millis::from_secs(3000)), None, "{text}");
        }
    }

    #[test]
    fn a_secret_is_read_as_it_was_written() {
        let secret = new_secret(&seeded(2));
        assert_eq!(
            read_secret(secret_text(&secret).expose()).map(|it| it.expose().clone()),
            Some(secret.expose().clone())
        );
        for text in ["", "JBSWY3DP", "not base32!", "0189"] {
            assert!(read_secret(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_address_names_application_and_account() {
        let secret = Secret::new(b"12345678901234567890".to_vec());
        let uri = otpauth_uri(&secret, "Acme: Shop", "jane@example.com");
        assert_eq!(
            uri.expose(),
            "otpauth://totp/Acme%20%20Shop:jane%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme%20%20Shop"
        );
    }
}
