//! Where people have accounts beside this one: Google, GitHub, …, and every OpenID Connect provider that an instance's owner adds.
//! What is known about the big ones stands in a table; the rest is written in the settings.

use std::fmt;
use std::str::FromStr;

/// The start of the strategy's name.
const PREFIX: &str = "oauth_";
/// The start of the names of providers that are not in the table.
const CUSTOM: &str = "custom_";
/// Bytes of the longest strategy.
const MAX_BYTES: usize = 48;

/// A provider, by the name of its strategy: `oauth_google`, `oauth_custom_acme`. Small enough to be copied.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Provider {
    text: [u8; MAX_BYTES],
    len: u8,
}

impl Provider {
    /// Reads the name without `oauth_`: one of the table's, or `custom_` with 1 to 34 of `a`–`z`, `0`–`9` and `_`.
    ///
    /// # Errors
    /// [`UnknownProvider`]
    pub fn named(name: &str) -> Result<Self, UnknownProvider> {
        let is_slug = |text: &str| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        let is_known = known(name).is_some() || name.strip_prefix(CUSTOM).is_some_and(is_slug);
        let strategy = format!("{PREFIX}{name}");
        if !is_known || strategy.len() > MAX_BYTES {
            return Err(UnknownProvider);
        }
        let mut text = [0; MAX_BYTES];
        text[..strategy.len()].copy_from_slice(strategy.as_bytes());
        Ok(Self { text, len: u8::try_from(strategy.len()).map_err(|_| UnknownProvider)? })
    }

    /// The strategy: `oauth_google`.
    pub fn strategy(&self) -> &str {
        std::str::from_utf8(&self.text[..usize::from(self.len)]).expect("only ASCII gets in")
    }

    /// The name without `oauth_`: `google`, `custom_acme`.
    pub fn name(&self) -> &str {
        &self.strategy()[PREFIX.len()..]
    }

    /// What the table knows; `None` for a provider that the settings describe alone.
    pub fn spec(&self) -> Option<&'static ProviderSpec> {
        known(self.name())
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.strategy())
    }
}

impl FromStr for Provider {
    type Err = UnknownProvider;

    fn from_str(strategy: &str) -> Result<Self, UnknownProvider> {
        strategy.strip_prefix(PREFIX).ok_or(UnknownProvider).and_then(Self::named)
    }
}

/// A name that is no provider's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown provider")]
pub struct UnknownProvider;

/// How a provider tells who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// OpenID Connect: an ID token, and userinfo with the standard claims.
    Oidc,
    /// GitHub's user and its list of email addresses.
    GitHub,
    /// Facebook's graph.
    Facebook,
    /// Discord's user.
    Discord,
    /// X's user under `data`; it tells no email address.
    X,
    /// LinkedIn's old profile, with the email address beside.
    LinkedIn,
}

/// What is known about a provider of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProviderSpec {
    /// Its name without `oauth_`.
    pub name: &'static str,
    /// Its name as people know it.
    pub label: &'static str,
    /// How it tells who somebody is.
    pub dialect: Dialect,
    /// `iss` of its ID tokens. `{tenantid}` stands for the token's own `tid`.
    pub issuer: Option<&'static str>,
    /// Where people are sent.
    pub authorize: &'static str,
    /// Where codes are exchanged.
    pub token: &'static str,
    /// Where its keys are.
    pub jwks: Option<&'static str>,
    /// Where the profile is read.
    pub userinfo: Option<&'static str>,
    /// Scopes that are always asked.
    pub scopes: &'static [&'static str],
    /// Whether its word that an email address is verified is taken.
    pub trusted_for_email: bool,
    /// Whether the answer comes as a form that is posted.
    pub form_post: bool,
}

const PLAIN: ProviderSpec = ProviderSpec {
    name: "",
    label: "",
    dialect: Dialect::Oidc,
    issuer: None,
    authorize: "",
    token: "",
    jwks: None,
    userinfo: None,
    scopes: &["openid", "email", "profile"],
    trusted_for_email: true,
    form_post: false,
};

/// The table.
pub const PROVIDERS: &[ProviderSpec] = &[
    ProviderSpec {
        name: "apple",
        label: "Apple",
        issuer: Some("https://appleid.apple.com"),
        authorize: "https://appleid.apple.com/auth/authorize",
        token: "https://appleid.apple.com/auth/token",
        jwks: Some("https://appleid.apple.com/auth/keys"),
        scopes: &["openid", "email", "name"],
        form_post: true,
        ..PLAIN
    },
    ProviderSpec {
        name: "discord",
        label: "Discord",
        dialect: Dialect::Discord,
        authorize: "https://discord.com/oauth2/authorize",
        token: "https://discord.com/api/oauth2/token",
        userinfo: Some("https://discord.com/api/users/@me"),
        scopes: &["identify", "email"],
        ..PLAIN
    },
    ProviderSpec {
        name: "facebook",
        label: "Facebook",
        dialect: Dialect::Facebook,
        authorize: "https://www.facebook.com/v21.0/dialog/oauth",
        token: "https://graph.facebook.com/v21.0/oauth/access_token",
        userinfo: Some("https://graph.facebook.com/v21.0/me?fields=id,email,first_name,last_name,picture"),
        scopes: &["email", "public_profile"],
        // The graph does not say whether an address was proved.
        trusted_for_email: false,
        ..PLAIN
    },
    ProviderSpec {
        name: "github",
        label: "GitHub",
        dialect: Dialect::GitHub,
        authorize: "https://github.com/login/oauth/authorize",
        token: "https://github.com/login/oauth/access_token",
        userinfo: Some("https://api.github.com/user"),
        scopes: &["read:user", "user:email"],
        ..PLAIN
    },
    ProviderSpec {
        name: "gitlab",
        label: "GitLab",
        issuer: Some("https://gitlab.com"),
        authorize: "https://gitlab.com/oauth/authorize",
        token: "https://gitlab.com/oauth/token",
        jwks: Some("https://gitlab.com/oauth/discovery/keys"),
        userinfo: Some("https://gitlab.com/oauth/userinfo"),
        ..PLAIN
    },
    ProviderSpec {
        name: "google",
        label: "Google",
        issuer: Some("https://accounts.google.com"),
        authorize: "https://accounts.google.com/o/oauth2/v2/auth",
        token: "https://oauth2.googleapis.com/token",
        jwks: Some("https://www.googleapis.com/oauth2/v3/certs"),
        userinfo: Some("https://openidconnect.googleapis.com/v1/userinfo"),
        ..PLAIN
    },
    ProviderSpec {
        name: "linkedin",
        label: "LinkedIn",
        dialect: Dialect::LinkedIn,
        authorize: "https://www.linkedin.com/oauth/v2/authorization",
        token: "https://www.linkedin.com/oauth/v2/accessToken",
        userinfo: Some("https://api.linkedin.com/v2/me"),
        scopes: &["r_liteprofile", "r_emailaddress"],
        trusted_for_email: false,
        ..PLAIN
    },
    ProviderSpec {
        name: "linkedin_oidc",
        label: "LinkedIn",
        issuer: Some("https://www.linkedin.com/oauth"),
        authorize: "https://www.linkedin.com/oauth/v2/authorization",
        token: "https://www.linkedin.com/oauth/v2/accessToken",
        jwks: Some("https://www.linkedin.com/oauth/openid/jwks"),
        userinfo: Some("https://api.linkedin.com/v2/userinfo"),
        ..PLAIN
    },
    ProviderSpec {
        name: "microsoft",
        label: "Microsoft",
        issuer: Some("https://login.microsoftonline.com/{tenantid}/v2.0"),
        authorize: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        token: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        jwks: Some("https://login.microsoftonline.com/common/discovery/v2.0/keys"),
        userinfo: Some("https://graph.microsoft.com/oidc/userinfo"),
        // Any administrator of a directory can write any address there.
        trusted_for_email: false,
        ..PLAIN
    },
    ProviderSpec {
        name: "slack",
        label: "Slack",
        issuer: Some("https://slack.com"),
        authorize: "https://slack.com/openid/connect/authorize",
        token: "https://slack.com/api/openid.connect.token",
        jwks: Some("https://slack.com/openid/connect/keys"),
        userinfo: Some("https://slack.com/api/openid.connect.userInfo"),
        ..PLAIN
    },
    ProviderSpec {
        name: "x",
        label: "X / Twitter",
        dialect: Dialect::X,
        authorize: "https://x.com/i/oauth2/authorize",
        token: "https://api.x.com/2/oauth2/token",
        userinfo: Some("https://api.x.com/2/users/me?user.fields=profile_image_url,name,username"),
        scopes: &["users.read", "tweet.read"],
        trusted_for_email: false,
        ..PLAIN
    },
];

/// A row of the table.
fn known(name: &str) -> Option<&'static ProviderSpec> {
    PROVIDERS.iter().find(|spec| spec.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_known_or_custom() {
        for name in ["google", "linkedin_oidc", "custom_acme", "custom_vergertest"] {
            let provider = Provider::named(name).unwrap();
            assert_eq!(provider.name(), name);
            assert_eq!(provider.strategy(), format!("oauth_{name}"));
            assert_eq!(provider.strategy().parse(), Ok(provider));
        }
        for name in ["", "gogle", "token_google", "custom_", "custom_Acme", "custom_a-b", "custom_é"] {
            assert!(Provider::named(name).is_err(), "{name}");
        }
        assert!(Provider::named(&format!("custom_{}", "a".repeat(40))).is_err());
    }

    #[test]
    fn every_row_of_the_table_is_whole() {
        for spec in PROVIDERS {
            assert!(!spec.label.is_empty() && !spec.scopes.is_empty(), "{}", spec.name);
            for url in [Some(spec.authorize), Some(spec.token), spec.jwks, spec.userinfo].into_iter().flatten() {
                assert!(url.starts_with("https://"), "{url}");
            }
            if spec.dialect == Dialect::Oidc {
                assert!(spec.issuer.is_some() && spec.jwks.is_some(), "{}", spec.name);
            } else {
                assert!(spec.userinfo.is_some(), "{}", spec.name);
            }
        }
    }
}
