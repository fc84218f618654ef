//! Signing tokens. The hottest path of the server: one buffer for the claims, one for the token, one signature.

use crate::signing_key::SIGNATURE_BYTES;
use crate::{Category, SigningKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

/// What the header of a token says, beside `alg: RS256` and `typ: JWT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// The id of the signing key.
    pub kid: &'a str,
    /// The class of the token; left out of the header if `None`.
    pub cat: Option<Category>,
    /// When the claims were read from the database, in seconds. clerk-js keeps the token with the greatest, and one without it
    /// loses: on every session token of an instance or on none. Verifiers built on version 10 of the `jsonwebtoken` crate
    /// cannot read a header that has it.
    pub oiat: Option<i64>,
}

/// Why no token was made.
#[derive(Debug, thiserror::Error)]
pub enum MintError {
    /// The claims cannot be written as JSON.
    #[error("the claims are not JSON")]
    Claims(#[from] serde_json::Error),
    /// The library did not sign.
    #[error("the signature failed")]
    Signature,
}

#[derive(Serialize)]
struct Fields<'a> {
    alg: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cat: Option<&'static str>,
    kid: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    oiat: Option<i64>,
    typ: &'static str,
}

/// Room for the claims of a usual session token; larger ones grow.
const USUAL_CLAIMS_BYTES: usize = 512;
const USUAL_HEADER_BYTES: usize = 128;

/// Makes a signed token in the compact form. The claims are written as they are: times, issuer and subject are the caller's.
pub fn mint(header: &Header<'_>, claims: &impl Serialize, key: &SigningKey) -> Result<String, MintError> {
    let mut json = Vec::with_capacity(USUAL_CLAIMS_BYTES);
    let mut token = String::with_capacity((USUAL_HEADER_BYTES + USUAL_CLAIMS_BYTES + SIGNATURE_BYTES) * 4 / 3 + 4);

    let fields =
        Fields { alg: "RS256", cat: header.cat.map(Category::as_str), kid: header.kid, oiat: header.oiat, typ: "JWT" };
    serde_json::to_writer(&mut json, &fields)?;
    URL_SAFE_NO_PAD.encode_string(&json, &mut token);

    json.clear();
    serde_json::to_writer(&mut json, claims)?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(&json, &mut token);

    let signature = key.sign(token.as_bytes()).ok_or(MintError::Signature)?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing_key::fixture;
    use serde_json::json;

    fn part(token: &str, index: usize) -> String {
        let part = token.split('.').nth(index).unwrap();
        String::from_utf8(URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    }

    #[test]
    fn the_header_is_written_as_clerk_writes_it() {
        let header = Header { kid: "ins_1", cat: Some(Category::Session), oiat: None };
        let token = mint(&header, &json!({"sub": "user_1"}), fixture()).unwrap();
        assert_eq!(part(&token, 0), r#"{"alg":"RS256","cat":"cl_B7d4PD111AAA","kid":"ins_1","typ":"JWT"}"#);
        assert_eq!(part(&token, 1), r#"{"sub":"user_1"}"#);
        assert_eq!(token.split('.').count(), 3);
    }

    #[test]
    fn what_is_not_stated_is_not_in_the_header() {
        let header = Header { kid: "ins_1", cat: None, oiat: Some(1_700_000_000) };
        let token = mint(&header, &json!({}), fixture()).unwrap();
        assert_eq!(part(&token, 0), r#"{"alg":"RS256","kid":"ins_1","oiat":1700000000,"typ":"JWT"}"#);
    }

    #[test]
    fn the_same_claims_give_the_same_token() {
        let header = Header { kid: "ins_1", cat: None, oiat: None };
        let claims = json!({"sub": "user_1", "iat": 1});
        assert_eq!(mint(&header, &claims, fixture()).unwrap(), mint(&header, &claims, fixture()).unwrap());
    }

    #[test]
    fn claims_that_are_no_json_are_an_error() {
        let header = Header { kid: "ins_1", cat: None, oiat: None };
        let claims = std::collections::HashMap::from([((1, 2), 3)]);
        assert!(matches!(mint(&header, &claims, fixture()), Err(MintError::Claims(_))));
    }
}
