//! ID tokens: signed by a key of that issuer, for this client, for this detour, and fresh. Times are compared with the caller's clock.

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value};

/// Algorithms that are taken: signatures with a public key only.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// How old a token may be, in seconds.
const AGE_MAX: i64 = 600;
/// How far clocks may differ, in seconds.
const LEEWAY: i64 = 60;

/// What is expected of a token.
#[derive(Clone, Copy, Debug)]
pub(super) struct IdToken<'a> {
    /// Who issued it; `{tenantid}` stands for its own `tid`.
    pub(super) issuer: &'a str,
    /// For whom.
    pub(super) client_id: &'a str,
    /// For which detour.
    pub(super) nonce: Option<&'a str>,
    /// The time, in Unix seconds.
    pub(super) now_secs: i64,
}

/// What a good token says.
#[derive(Debug)]
pub(super) struct Claims {
    pub(super) issuer: String,
    pub(super) subject: String,
    pub(super) all: Value,
}

impl IdToken<'_> {
    /// Checks a token against a provider's key set.
    pub(super) fn check(&self, token: &str, keys: &Value) -> Result<Claims, &'static str> {
        let claims = signed(token, keys)?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let issuer = text("iss").ok_or("no iss")?;
        if issuer != expected_issuer(self.issuer, text("tid"))? {
            return Err("another issuer");
        }
        self.check_audience(&claims)?;
        self.check_times(&claims)?;
        if self.nonce.is_some_and(|nonce| text("nonce") != Some(nonce)) {
            return Err("another nonce");
        }
        let subject = text("sub").filter(|sub| !sub.is_empty()).ok_or("no sub")?;
        Ok(Claims { issuer: issuer.to_owned(), subject: subject.to_owned(), all: Value::Object(claims.clone()) })
    }

    fn check_audience(&self, claims: &Map<String, Value>) -> Result<(), &'static str> {
        let is_ours = |it: &Value| it.as_str() == Some(self.client_id);
        let (ours, several) = match claims.get("aud") {
            Some(Value::Array(all)) => (all.iter().any(is_ours), all.len() > 1),
            Some(one) => (is_ours(one), false),
            None => (false, false),
        };
        if !ours {
            return Err("another audience");
        }
        match claims.get("azp") {
            Some(party) if !is_ours(party) => Err("another authorized party"),
            None if several => Err("several audiences and no authorized party"),
            _ => Ok(()),
        }
    }

    fn check_times(&self, claims: &Map<String, Value>) -> Result<(), &'static str> {
        let secs = |name: &str| {
            let value = claims.get(name)?;
            value.as_i64().or_else(|| value.as_f64().map(|secs| secs as i64))
        };
        let (exp, iat) = (secs("exp").ok_or("no exp")?, secs("iat").ok_or("no iat")?);
        if exp <= self.now_secs.saturating_sub(LEEWAY) {
            return Err("expired");
        }
        if iat > self.now_secs.saturating_add(LEEWAY) {
            return Err("issued in the future");
        }
        if iat < self.now_secs.saturating_sub(AGE_MAX) {
            return Err("issued too long ago");
        }
        if secs("nbf").is_some_and(|nbf| nbf > self.now_secs.saturating_add(LEEWAY)) {
            return Err("not valid yet");
        }
        Ok(())
    }
}

/// The issuer, with the token's own tenant in its place. A tenant is one word: it cannot lead to another host or path.
fn expected_issuer(issuer: &str, tenant: Option<&str>) -> Result<String, &'static str> {
    if issuer.is_empty() {
        return Err("no issuer is expected");
    }
    if !issuer.contains("{tenantid}") {
        return Ok(issuer.to_owned());
    }
    let tenant = tenant.filter(|it| !it.is_empty() && it.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-'));
    Ok(issuer.replace("{tenantid}", tenant.ok_or("no tenant")?))
}

/// The claims of a token that one of the keys signed.
fn signed(token: &str, keys: &Value) -> Result<Map<String, Value>, &'static str> {
    let header = decode_header(token).map_err(|_| "not a token")?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err("an algorithm that is not taken");
    }
    let all = keys.get("keys").and_then(Value::as_array).ok_or("no key set")?;
    let fits = |key: &&Value| {
        let text = |name: &str| key.get(name).and_then(Value::as_str);
        let named = header.kid.as_deref().is_none_or(|kid| text("kid") == Some(kid));
        named
            && text("use").is_none_or(|it| it == "sig")
            && text("alg").is_none_or(|it| it == algorithm_name(header.alg))
    };
    let mut validation = Validation::new(header.alg);
    // The clock is the caller's: all times are compared by `check_times`.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    for key in all.iter().filter(fits) {
        let Ok(key) = serde_json::from_value::<Jwk>(key.clone()) else { continue };
        let Ok(key) = DecodingKey::from_jwk(&key) else { continue };
        if let Ok(token) = decode::<Map<String, Value>>(token, &key, &validation) {
            return Ok(token.claims);
        }
    }
    Err("no key of the issuer signed this")
}

fn algorithm_name(algorithm: Algorithm) -> String {
    format!("{algorithm:?}")
}
