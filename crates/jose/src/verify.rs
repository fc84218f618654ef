//! Checking tokens, strictly (RFC 8725): the algorithm is fixed, the key is found by `kid` in the given set alone, the class is
//! stated by the caller, the signature comes before the claims. Headers that point elsewhere (`jku`, `jwk`, `x5u`, `x5c`) are
//! never followed, and a `crit` header is refused.

use crate::json::parse_object;
use crate::signing_key::SIGNATURE_BYTES;
use crate::{Category, KeySet, PublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Longer tokens are refused unread.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// The skew that the SDKs allow.
const LEEWAY_SECS: i64 = 5;

/// What the caller takes for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expect {
    /// The class of token that may stand here.
    pub category: Category,
    /// The current time in Unix seconds.
    pub now_secs: i64,
    /// How far the clocks may differ, in seconds.
    pub leeway_secs: i64,
    /// What is asked of `exp`.
    pub expiry: Expiry,
}

impl Expect {
    /// A token of this class that has not expired, with the leeway of the SDKs.
    pub const fn new(category: Category, now_secs: i64) -> Self {
        Self { category, now_secs, leeway_secs: LEEWAY_SECS, expiry: Expiry::Required }
    }

    /// The same with another demand on `exp`.
    pub const fn with_expiry(self, expiry: Expiry) -> Self {
        Self { expiry, ..self }
    }
}

/// What is asked of the `exp` claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// It must be there and in the future.
    Required,
    /// If it is there, it must be in the future.
    IfPresent,
    /// Never mind: the signature is what counts, as for the expired session token of a refresh or a handshake.
    Ignored,
}

/// Why a token was not taken. The order of the variants is the order of the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// Not three parts of canonical base64url with JSON objects, names without duplicates, or too long.
    #[error("not a token")]
    Malformed,
    /// `typ` is something other than `JWT`.
    #[error("another type of token")]
    Type,
    /// `alg` is something other than `RS256`.
    #[error("another algorithm")]
    Algorithm,
    /// The header demands (`crit`) what is not understood here.
    #[error("a critical header is not understood")]
    Critical,
    /// `kid` is missing or not in the set.
    #[error("an unknown key")]
    Key,
    /// A token of another class.
    #[error("another category of token")]
    Category,
    /// Nobody with that key signed this.
    #[error("the signature does not fit")]
    Signature,
    /// `exp` has passed.
    #[error("expired")]
    Expired,
    /// `nbf` has not come.
    #[error("not valid yet")]
    NotYetValid,
    /// `iat` has not come.
    #[error("issued in the future")]
    IssuedInTheFuture,
    /// A time is missing or no number, or the claims do not have the caller's shape.
    #[error("the claims have another shape")]
    Claims,
}

/// Checks a token in the compact form and gives its claims.
pub fn verify<T: DeserializeOwned>(token: &str, keys: &KeySet, expect: &Expect) -> Result<T, VerifyError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(VerifyError::Malformed);
    }
    let (message, signature) = token.rsplit_once('.').ok_or(VerifyError::Malformed)?;
    let (header, payload) = message.split_once('.').ok_or(VerifyError::Malformed)?;

    let key = key_of(&object(header)?, keys, expect.category)?;
    let mut signature_bytes = [0; SIGNATURE_BYTES + 1];
    let length =
        URL_SAFE_NO_PAD.decode_slice(signature, &mut signature_bytes).map_err(|_| undecodable_signature(signature))?;
    if !key.has_signed(message.as_bytes(), &signature_bytes[..length]) {
        return Err(VerifyError::Signature);
    }

    let claims = object(payload)?;
    check_times(&claims, expect)?;
    serde_json::from_value(Value::Object(claims)).map_err(|_| VerifyError::Claims)
}

fn object(part: &str) -> Result<Map<String, Value>, VerifyError> {
    URL_SAFE_NO_PAD.decode(part).ok().and_then(|bytes| parse_object(&bytes)).ok_or(VerifyError::Malformed)
}

/// A text that is base64url but too long for the buffer is a signature of another key, not a malformed token.
fn undecodable_signature(signature: &str) -> VerifyError {
    match URL_SAFE_NO_PAD.decode(signature) {
        Ok(_) => VerifyError::Signature,
        Err(_) => VerifyError::Malformed,
    }
}

fn key_of<'k>(header: &Map<String, Value>, keys: &'k KeySet, category: Category) -> Result<&'k PublicKey, VerifyError> {
    if header.get("typ").is_some_and(|typ| typ != "JWT") {
        return Err(VerifyError::Type);
    }
    if header.get("alg").is_none_or(|alg| alg != "RS256") {
        return Err(VerifyError::Algorithm);
    }
    if header.contains_key("crit") {
        return Err(VerifyError::Critical);
    }
    let key = header.get("kid").and_then(Value::as_str).and_then(|kid| keys.get(kid)).ok_or(VerifyError::Key)?;
    let cat = header.get("cat").map(|cat| cat.as_str().ok_or(VerifyError::Category)).transpose()?;
    if !category.admits(cat) {
        return Err(VerifyError::Category);
    }
    Ok(key)
}

fn check_times(claims: &Map<String, Value>, expect: &Expect) -> Result<(), VerifyError> {
    let earliest = expect.now_secs.saturating_sub(expect.leeway_secs);
    let latest = expect.now_secs.saturating_add(expect.leeway_secs);
    match (seconds(claims, "exp")?, expect.expiry) {
        (None, Expiry::Required) => return Err(VerifyError::Claims),
        (Some(exp), Expiry::Required | Expiry::IfPresent) if exp <= earliest => return Err(VerifyError::Expired),
        _ => {}
    }
    if seconds(claims, "nbf")?.is_some_and(|nbf| nbf > latest) {
        return Err(VerifyError::NotYetValid);
    }
    if seconds(claims, "iat")?.is_some_and(|iat| iat > latest) {
        return Err(VerifyError::IssuedInTheFuture);
    }
    Ok(())
}

/// A NumericDate. Fractions are allowed by RFC 7519 and cut off.
fn seconds(claims: &Map<String, Value>, name: &str) -> Result<Option<i64>, VerifyError> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    value.as_i64().or_else(|| value.as_f64().map(|secs| secs as i64)).map(Some).ok_or(VerifyError::Claims)
}

#[cfg(test)]
mod tests;
