//! Passkeys of users, and for whose pages they are good.

use crate::address::{origin_of, registrable_domain};
use crate::instance::{Environment, Instance};
use crate::{Millis, PasskeyId, UserId, VerificationId};
use url::Url;

/// How many passkeys a user has at most.
pub const PASSKEYS_MAX: usize = 10;
/// How long a challenge can be answered.
pub const CHALLENGE_LIFETIME: Millis = Millis::from_mins(5);
/// The longest name, in characters.
pub const PASSKEY_NAME_MAX: usize = 256;

/// A passkey. Until the challenge of its making is answered it has no credential and counts for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// Its id.
    pub id: PasskeyId,
    /// Whose it is.
    pub user_id: UserId,
    /// What its owner calls it.
    pub name: String,
    /// The challenge of its making.
    pub verification_id: VerificationId,
    /// Its half that is kept here, once it was made.
    pub credential: Option<Credential>,
    /// When it was last used; making it counts.
    pub last_used_at: Option<Millis>,
    /// When its challenge was made.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
}

/// What is known of a key pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The id that its authenticator gave it, in base64url; unique per instance.
    pub id: String,
    /// The public key in COSE form.
    pub public_key: Vec<u8>,
    /// How often it was used; 0 where its authenticator does not count.
    pub sign_count: i64,
    /// How browsers reach it, by their own words.
    pub transports: Vec<String>,
}

impl Instance {
    /// The relying party of passkeys that are made or used on pages of this origin: the registrable domain of the instance for
    /// everything below it, so that the app and its sign-in pages share them, and the origin's own host elsewhere. `None` for
    /// what is no origin. Says nothing about whether the origin is trusted.
    pub fn relying_party(&self, origin: &str) -> Option<String> {
        let origin = Url::parse(&origin_of(origin)?).ok()?;
        let host = origin.host_str()?;
        let shared = match (&self.domain, self.environment) {
            (Some(domain), Environment::Production) => {
                Some(registrable_domain(domain).unwrap_or_else(|| domain.clone()))
            }
            _ => None,
        };
        let is_below =
            |domain: &String| host.strip_suffix(domain.as_str()).is_some_and(|it| it.is_empty() || it.ends_with('.'));
        Some(shared.filter(is_below).unwrap_or_else(|| host.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    fn instance(environment: Environment, domain: Option<&str>) -> Instance {
        Instance {
            id: "ins_1".parse().expect("an id"),
            application_id: "app_1".parse().expect("an id"),
            application_name: "Shop".into(),
            environment,
            slug: "shop".into(),
            is_root: true,
            domain: domain.map(str::to_owned),
            settings: Settings::default(),
            version: 1,
            created_at: Millis(0),
        }
    }

    #[test]
    fn development_goes_by_the_host_of_the_page() {
        let instance = instance(Environment::Development, None);
        assert_eq!(instance.relying_party("http://localhost:3000").as_deref(), Some("localhost"));
        assert_eq!(instance.relying_party("https://preview.example.com").as_deref(), Some("preview.example.com"));
        assert_eq!(instance.relying_party("null"), None);
    }

    #[test]
    fn the_pages_of_a_production_domain_share_their_passkeys() {
        let instance = instance(Environment::Production, Some("app.example.co.uk"));
        for origin in ["https://app.example.co.uk", "https://accounts.app.example.co.uk", "https://example.co.uk"] {
            assert_eq!(instance.relying_party(origin).as_deref(), Some("example.co.uk"), "{origin}");
        }
        for host in ["satellite.test", "notexample.co.uk", "example.co.uk.evil.test"] {
            assert_eq!(instance.relying_party(&format!("https://{host}")).as_deref(), Some(host));
        }
    }
}
