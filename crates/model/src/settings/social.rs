//! Accounts elsewhere that let people in.

use super::InvalidSettings;
use crate::Provider;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Accounts elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SocialSettings {
    /// By provider: `google`, `github`, …, or `custom_<slug>` for any OpenID Connect provider.
    pub connections: BTreeMap<String, Connection>,
    /// The built-in provider of development instances, where everybody is who they say.
    pub test_provider: bool,
}

/// The built-in provider's name.
pub const TEST_PROVIDER: &str = "custom_vergertest";

/// A provider as this instance uses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Connection {
    /// Whether people can use it.
    pub enabled: bool,
    /// The id that the provider knows this instance by.
    pub client_id: String,
    /// The secret that goes with it; none for public clients.
    pub client_secret: Option<ClientSecret>,
    /// Scopes beside those that are always asked.
    pub scopes: Vec<String>,
    /// What people see; the provider's own name when left out.
    pub name: Option<String>,
    /// Its picture, as an address of this server or `data:`.
    pub logo_url: Option<String>,
    /// Whether it lets people in, or is only something to connect.
    pub authenticatable: bool,
    /// Whether addresses with a `+` part are turned away.
    pub block_email_subaddresses: bool,
    /// Whether its word that an email address was proved is taken. Left out: as is sensible for the provider.
    pub trusted_for_email: Option<bool>,
    /// `iss` of its ID tokens, and where `/.well-known/openid-configuration` is found. Custom providers need it, or the
    /// endpoints.
    pub issuer: Option<String>,
    /// Where people are sent.
    pub authorize_url: Option<String>,
    /// Where codes are exchanged.
    pub token_url: Option<String>,
    /// Where its keys are.
    pub jwks_url: Option<String>,
    /// Where the profile is read.
    pub userinfo_url: Option<String>,
}

impl Default for Connection {
    fn default() -> Self {
        Self {
            enabled: true,
            client_id: String::new(),
            client_secret: None,
            scopes: Vec::new(),
            name: None,
            logo_url: None,
            authenticatable: true,
            block_email_subaddresses: false,
            trusted_for_email: None,
            issuer: None,
            authorize_url: None,
            token_url: None,
            jwks_url: None,
            userinfo_url: None,
        }
    }
}

impl Connection {
    /// What people see.
    pub fn label(&self, provider: Provider) -> String {
        let known = provider.spec().map(|spec| spec.label.to_owned());
        self.name.clone().or(known).unwrap_or_else(|| provider.name().trim_start_matches("custom_").to_owned())
    }

    /// Whether its word that an email address was proved is taken. What the owner wrote by hand is.
    pub fn is_trusted_for_email(&self, provider: Provider) -> bool {
        self.trusted_for_email.unwrap_or_else(|| provider.spec().is_none_or(|spec| spec.trusted_for_email))
    }

    /// The built-in provider of development instances, which lives beside the Account Portal.
    pub fn built_in(portal: &str) -> Self {
        let at = |path: &str| Some(format!("{portal}/test-provider{path}"));
        Self {
            client_id: "verger-test".to_owned(),
            name: Some("Verger Test".to_owned()),
            issuer: at(""),
            authorize_url: at("/authorize"),
            token_url: at("/token"),
            jwks_url: at("/jwks"),
            userinfo_url: at("/userinfo"),
            ..Self::default()
        }
    }
}

/// A client secret. Sealed in the stored document; never in an answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientSecret(pub String);

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(..)")
    }
}

impl SocialSettings {
    /// The connections that people can use, by provider.
    pub fn enabled(&self) -> impl Iterator<Item = (Provider, &Connection)> {
        let on = self.connections.iter().filter(|(_, connection)| connection.enabled);
        on.filter_map(|(name, connection)| Provider::named(name).ok().map(|provider| (provider, connection)))
    }

    /// A connection that people can use.
    pub fn get(&self, provider: Provider) -> Option<&Connection> {
        self.connections.get(provider.name()).filter(|connection| connection.enabled)
    }

    /// Whether some connection lets people in.
    pub fn lets_in(&self) -> bool {
        self.enabled().any(|(_, connection)| connection.authenticatable)
    }

    /// The rules of this block.
    ///
    /// # Errors
    /// One sentence about the first rule that is broken.
    pub fn check(&self) -> Result<(), InvalidSettings> {
        self.connections.iter().try_for_each(|(name, connection)| check(name, connection))
    }
}

fn check(name: &str, connection: &Connection) -> Result<(), InvalidSettings> {
    let fail = |text: &str| Err(InvalidSettings(format!("social.connections.{name} {text}")));
    let Ok(provider) = Provider::named(name) else {
        return fail("is neither a known provider nor custom_<slug>");
    };
    if name == TEST_PROVIDER {
        return fail("is built in: switch on social.test_provider");
    }
    if connection.client_id.is_empty() {
        return fail("needs a client_id");
    }
    let urls = [
        &connection.issuer,
        &connection.authorize_url,
        &connection.token_url,
        &connection.jwks_url,
        &connection.userinfo_url,
    ];
    for url in urls.into_iter().flatten() {
        if !url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host()) {
            return fail("has an address that is not http(s)");
        }
    }
    let has_endpoints = connection.authorize_url.is_some()
        && connection.token_url.is_some()
        && (connection.userinfo_url.is_some() || (connection.jwks_url.is_some() && connection.issuer.is_some()));
    if provider.spec().is_none() && connection.issuer.is_none() && !has_endpoints {
        return fail("needs an issuer, or authorize_url, token_url and userinfo_url");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<SocialSettings, InvalidSettings> {
        let settings: SocialSettings = serde_json::from_str(text).map_err(|err| InvalidSettings(err.to_string()))?;
        settings.check().map(|()| settings)
    }

    #[test]
    fn a_known_provider_needs_a_client_id_only() {
        let settings = read(r#"{"connections":{"google":{"client_id":"x","client_secret":"hush"}}}"#).unwrap();
        assert!(settings.get(Provider::named("google").unwrap()).is_some());
        assert!(!format!("{settings:?}").contains("hush"));
        for bad in [
            r#"{"connections":{"google":{}}}"#,
            r#"{"connections":{"gogle":{"client_id":"x"}}}"#,
            r#"{"connections":{"custom_acme":{"client_id":"x"}}}"#,
            r#"{"connections":{"custom_acme":{"client_id":"x","issuer":"ftp://acme.test"}}}"#,
            r#"{"connections":{"custom_vergertest":{"client_id":"x","issuer":"https://acme.test"}}}"#,
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_switched_off_lets_nobody_in() {
        let settings = read(r#"{"connections":{"google":{"client_id":"x","enabled":false}}}"#).unwrap();
        assert!(!settings.lets_in());
        assert!(settings.get(Provider::named("google").unwrap()).is_none());
    }
}
