//! The published form of verification keys: RFC 7517 key sets as `/.well-known/jwks.json` and `GET /v1/jwks` answer them.

use serde::{Deserialize, Serialize};

/// One RSA verification key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// Always `sig`.
    #[serde(rename = "use")]
    pub use_: String,
    /// Always `RSA`.
    pub kty: String,
    /// The id that token headers name.
    pub kid: String,
    /// Always `RS256`.
    pub alg: String,
    /// The modulus, base64url without padding.
    pub n: String,
    /// The exponent, base64url without padding: `AQAB`.
    pub e: String,
}

/// A key set document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwks {
    /// The keys, in the order they were added.
    pub keys: Vec<Jwk>,
}
