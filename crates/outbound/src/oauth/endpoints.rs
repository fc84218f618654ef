//! The addresses of a provider: written in the settings, known from the table, or found by discovery.

use super::{OAuthError, RelyingParty};
use serde_json::Value;
use verger_model::provider::Dialect;

/// A provider's addresses and habits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// How it tells who somebody is.
    pub dialect: Dialect,
    /// `iss` of its ID tokens; `{tenantid}` stands for the token's own `tid`.
    pub issuer: Option<String>,
    /// Where people are sent.
    pub authorize: String,
    /// Where codes are exchanged.
    pub token: String,
    /// Where its keys are.
    pub jwks: Option<String>,
    /// Where the profile is read.
    pub userinfo: Option<String>,
    /// Whether the secret goes in the header instead of the form.
    pub basic_auth: bool,
    /// Whether every way back must carry `iss` (RFC 9207).
    pub says_issuer: bool,
}

impl RelyingParty<'_> {
    /// Where this provider is.
    ///
    /// # Errors
    /// `Config`
    pub async fn endpoints(&self) -> Result<Endpoints, OAuthError> {
        let it = self.connection;
        if let (Some(authorize), Some(token)) = (&it.authorize_url, &it.token_url) {
            return Ok(Endpoints {
                dialect: Dialect::Oidc,
                issuer: it.issuer.clone(),
                authorize: authorize.clone(),
                token: token.clone(),
                jwks: it.jwks_url.clone(),
                userinfo: it.userinfo_url.clone(),
                basic_auth: false,
                says_issuer: false,
            });
        }
        match (&it.issuer, self.provider.spec()) {
            (Some(issuer), _) => self.discover(issuer).await,
            (None, Some(spec)) => Ok(Endpoints {
                dialect: spec.dialect,
                issuer: spec.issuer.map(str::to_owned),
                authorize: spec.authorize.to_owned(),
                token: spec.token.to_owned(),
                jwks: spec.jwks.map(str::to_owned),
                userinfo: spec.userinfo.map(str::to_owned),
                basic_auth: spec.dialect == Dialect::X,
                says_issuer: false,
            }),
            (None, None) => Err(OAuthError::Config("no issuer".to_owned())),
        }
    }

    async fn discover(&self, issuer: &str) -> Result<Endpoints, OAuthError> {
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let document = self.get(&url, None).await.map_err(|err| OAuthError::Config(err.to_string()))?;
        read(&document, issuer)
    }
}

fn read(document: &Value, issuer: &str) -> Result<Endpoints, OAuthError> {
    let text = |name: &str| document.get(name).and_then(Value::as_str).map(str::to_owned);
    let missing = |name: &str| OAuthError::Config(format!("no {name}"));
    // A description that speaks for somebody else would let one provider sign people in as those of another.
    if text("issuer").as_deref() != Some(issuer) {
        return Err(OAuthError::Config("the description is another issuer's".to_owned()));
    }
    let ways = document.get("token_endpoint_auth_methods_supported").and_then(Value::as_array);
    let takes = |way: &str| ways.is_some_and(|ways| ways.iter().any(|it| it == way));
    Ok(Endpoints {
        dialect: Dialect::Oidc,
        issuer: Some(issuer.to_owned()),
        authorize: text("authorization_endpoint").ok_or_else(|| missing("authorization_endpoint"))?,
        token: text("token_endpoint").ok_or_else(|| missing("token_endpoint"))?,
        jwks: Some(text("jwks_uri").ok_or_else(|| missing("jwks_uri"))?),
        userinfo: text("userinfo_endpoint"),
        // Left out, the standard's default is the header.
        basic_auth: !takes("client_secret_post") && (ways.is_none() || takes("client_secret_basic")),
        says_issuer: document.get("authorization_response_iss_parameter_supported") == Some(&Value::Bool(true)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document() -> Value {
        json!({
            "issuer": "https://acme.test",
            "authorization_endpoint": "https://acme.test/authorize",
            "token_endpoint": "https://acme.test/token",
            "jwks_uri": "https://acme.test/jwks",
        })
    }

    #[test]
    fn a_description_of_another_issuer_is_refused() {
        assert!(read(&document(), "https://acme.test").is_ok());
        for other in ["https://acme.test/", "https://evil.test", "https://ACME.test"] {
            assert!(read(&document(), other).is_err(), "{other}");
        }
    }

    #[test]
    fn the_secret_goes_where_the_provider_takes_it() {
        let with = |ways: Value| {
            let mut document = document();
            document["token_endpoint_auth_methods_supported"] = ways;
            read(&document, "https://acme.test").unwrap().basic_auth
        };
        assert!(read(&document(), "https://acme.test").unwrap().basic_auth);
        assert!(with(json!(["client_secret_basic"])));
        assert!(!with(json!(["client_secret_basic", "client_secret_post"])));
    }
}
