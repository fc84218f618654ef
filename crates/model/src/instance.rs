//! Applications and their instances: the tenants of a server.

use crate::address::Addresses;
use crate::settings::{Connection, EnumerationProtection, Settings, TEST_PROVIDER};
use crate::{ApplicationId, InstanceId, Millis, Provider, SecretKeyId};

/// What a team builds. It has a development and a production instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Its id.
    pub id: ApplicationId,
    /// The name people see.
    pub name: String,
    /// When it was made.
    pub created_at: Millis,
}

/// What an instance is for. Fixed at birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Environment {
    /// Keys `pk_test_`/`sk_test_`, development browsers, the inbox, test addresses.
    Development,
    /// Keys `pk_live_`/`sk_live_`.
    Production,
}

impl Environment {
    /// The name on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
        }
    }

    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Development, Self::Production].into_iter().find(|kind| kind.as_str() == text)
    }

    /// The word in its keys: `test` or `live`.
    pub const fn key_word(self) -> &'static str {
        match self {
            Self::Development => "test",
            Self::Production => "live",
        }
    }
}

/// One tenant: the key of every row.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// Its id.
    pub id: InstanceId,
    /// The application it belongs to.
    pub application_id: ApplicationId,
    /// The application's name.
    pub application_name: String,
    /// What it is for.
    pub environment: Environment,
    /// Its name in addresses; unique on the server.
    pub slug: String,
    /// Whether it answers at the root of the server's public address instead of under `/i/<slug>`.
    pub is_root: bool,
    /// The domain it serves in production.
    pub domain: Option<String>,
    /// What its owner decided.
    pub settings: Settings,
    /// Counts changes of the settings and the domain.
    pub version: i64,
    /// When it was made.
    pub created_at: Millis,
}

impl Instance {
    /// Whether it is a development instance.
    pub fn is_development(&self) -> bool {
        self.environment == Environment::Development
    }

    /// Whether test addresses take 424242.
    pub fn test_mode(&self) -> bool {
        self.settings.test_mode.unwrap_or_else(|| self.is_development())
    }

    /// How well it is kept who has an account.
    pub fn enumeration_protection(&self) -> EnumerationProtection {
        let default = if self.is_development() { EnumerationProtection::Off } else { EnumerationProtection::Bulk };
        self.settings.attack_protection.enumeration_protection.unwrap_or(default)
    }

    /// Whether the number of requests is limited.
    pub fn rate_limits(&self) -> bool {
        self.settings.attack_protection.rate_limits.unwrap_or_else(|| !self.is_development())
    }

    /// The providers that people can use here, the built-in one of development included.
    pub fn social_connections(&self, addresses: &Addresses) -> Vec<(Provider, Connection)> {
        let social = &self.settings.social;
        let built_in = (self.is_development() && social.test_provider).then(|| {
            Provider::named(TEST_PROVIDER).map(|provider| (provider, Connection::built_in(&addresses.portal))).ok()
        });
        social.enabled().map(|(provider, it)| (provider, it.clone())).chain(built_in.flatten()).collect()
    }

    /// One of them.
    pub fn social_connection(&self, provider: Provider, addresses: &Addresses) -> Option<Connection> {
        self.social_connections(addresses).into_iter().find(|(it, _)| *it == provider).map(|(_, it)| it)
    }

    /// The application's name as people see it.
    pub fn display_name(&self) -> &str {
        self.settings.display.application_name.as_deref().unwrap_or(&self.application_name)
    }
}

/// A secret key as it is listed: without the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretKey {
    /// Its id.
    pub id: SecretKeyId,
    /// The instance it opens.
    pub instance_id: InstanceId,
    /// What its owner called it.
    pub name: String,
    /// When it was made.
    pub created_at: Millis,
    /// When it was taken back.
    pub revoked_at: Option<Millis>,
}

/// How a signing key stands. JWKS carries all three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningKeyState {
    /// Published ahead of its use.
    Next,
    /// Signs.
    Current,
    /// No longer signs; what it signed is still good.
    Retired,
}

impl SigningKeyState {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Current => "current",
            Self::Retired => "retired",
        }
    }

    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Next, Self::Current, Self::Retired].into_iter().find(|state| state.as_str() == text)
    }
}
