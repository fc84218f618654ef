//! The addresses of an instance: a pure function of what it is and where the server lives. Nothing of them is stored, and no
//! other place builds a URL of ours.

use crate::instance::{Environment, Instance};
use url::{Host, Url};

/// Where the server lives, as its operator said. No trailing slashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicBase {
    /// The browser's door for instances without a domain, e.g. `http://localhost:4000`.
    pub frontend: String,
    /// The backends' door, e.g. `http://localhost:4001`.
    pub backend: String,
    /// Port in the addresses of instances with a domain, where it is not 443.
    pub domain_port: Option<u16>,
}

/// Every address of one instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// The text inside the publishable key, without the closing `$`.
    pub key_text: String,
    /// Base of the Frontend API, session `iss` and OIDC issuer. No trailing slash.
    pub frontend_api: String,
    /// Base of the Account Portal. No trailing slash.
    pub portal: String,
    /// Base of the Backend API. No trailing slash.
    pub backend_api: String,
    /// `Path` of the `__client` cookie.
    pub cookie_path: String,
    /// Whether cookies carry `Secure`.
    pub secure: bool,
    /// `Domain` of `__client_uat`; `None`: host-only.
    pub uat_domain: Option<String>,
}

impl Addresses {
    /// The addresses of an instance on this server.
    pub fn of(instance: &Instance, base: &PublicBase) -> Self {
        match (&instance.domain, instance.environment) {
            (Some(domain), Environment::Production) => Self::on_domain(domain, base),
            _ => Self::under_base(instance, base),
        }
    }

    fn on_domain(domain: &str, base: &PublicBase) -> Self {
        let port = base.domain_port.filter(|port| *port != 443).map_or(String::new(), |port| format!(":{port}"));
        Self {
            key_text: format!("clerk.{domain}{port}"),
            frontend_api: format!("https://clerk.{domain}{port}"),
            portal: format!("https://accounts.{domain}{port}"),
            backend_api: format!("https://api.{domain}{port}"),
            cookie_path: "/".into(),
            secure: true,
            uat_domain: Some(registrable_domain(domain).unwrap_or_else(|| domain.to_owned())),
        }
    }

    fn under_base(instance: &Instance, base: &PublicBase) -> Self {
        let path = if instance.is_root { String::new() } else { format!("/i/{}", instance.slug) };
        let frontend_api = format!("{}{path}", base.frontend);
        let host = base.frontend.split_once("://").map_or(base.frontend.as_str(), |(_, host)| host);
        // clerk-js runs its development-browser machinery only for key texts with one of Clerk's own development suffixes; the
        // slash keeps the host part on this server. A production instance must not have one.
        let suffix = match instance.environment {
            Environment::Development => "x.clerk.accounts.dev",
            Environment::Production => "clerk.localhost",
        };
        Self {
            key_text: format!("{host}{path}/{suffix}"),
            portal: frontend_api.clone(),
            backend_api: base.backend.clone(),
            cookie_path: if path.is_empty() { "/".into() } else { path },
            secure: frontend_api.starts_with("https://"),
            uat_domain: None,
            frontend_api,
        }
    }
}

/// The registrable domain (`example.com`) of a host name, by the public suffix list; `None` for IP addresses and single labels.
pub fn registrable_domain(host: &str) -> Option<String> {
    psl::domain_str(host).map(str::to_owned)
}

/// Scheme, host and port of a URL that a browser could have as an origin, e.g. `https://app.example.com`. `None` for anything
/// that is not http(s) or carries credentials.
pub fn origin_of(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    plain.then(|| url.origin().ascii_serialization())
}

/// Whether an origin is on the loopback: `localhost`, `*.localhost`, 127/8 or `[::1]`, any port.
pub fn is_loopback_origin(origin: &str) -> bool {
    let Ok(url) = Url::parse(origin) else { return false };
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// How an origin stands to an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginTrust {
    /// One of the instance's own: may write with cookies and be redirected to.
    Own,
    /// A development instance serves it to a development browser only.
    DevelopmentOnly,
    /// Below the instance's domain, but not on its list: a stranger under another name.
    Unlisted,
    /// A stranger.
    Foreign,
}

impl OriginTrust {
    /// Whether pages of the origin are served at all.
    pub const fn is_served(self) -> bool {
        matches!(self, Self::Own | Self::DevelopmentOnly)
    }
}

impl Instance {
    /// Judges an origin (`scheme://host[:port]`), compared as parsed, never by prefix or suffix of its text.
    pub fn origin_trust(&self, origin: &str, addresses: &Addresses) -> OriginTrust {
        let Some(origin) = origin_of(origin) else { return OriginTrust::Foreign };
        let same = |other: &str| origin_of(other).is_some_and(|other| other == origin);
        let listed = self.settings.allowed_origins.iter().any(|allowed| same(allowed))
            || same(&addresses.frontend_api)
            || same(&addresses.portal)
            || self.settings.display.home_url.as_deref().is_some_and(same);
        match (&self.domain, self.environment) {
            _ if listed => OriginTrust::Own,
            (Some(domain), Environment::Production) if is_under(&origin, domain, &addresses.frontend_api) => {
                if self.allows_below(&origin, domain) { OriginTrust::Own } else { OriginTrust::Unlisted }
            }
            (None, _) | (_, Environment::Development) if is_loopback_origin(&origin) => OriginTrust::Own,
            (_, Environment::Development) => OriginTrust::DevelopmentOnly,
            _ => OriginTrust::Foreign,
        }
    }

    /// Judges an origin on the domain or below it by the instance's list.
    fn allows_below(&self, origin: &str, domain: &str) -> bool {
        let Some(listed) = &self.settings.allowed_subdomains else { return true };
        let Ok(url) = Url::parse(origin) else { return false };
        let below = url
            .host_str()
            .and_then(|host| host.strip_suffix(domain))
            .map(|rest| rest.strip_suffix('.').unwrap_or(rest));
        below.is_some_and(|below| below.is_empty() || listed.iter().any(|name| name == below))
    }
}

/// Whether an origin is https on the domain or below it, on port 443 or the port that this server's own addresses carry.
fn is_under(origin: &str, domain: &str, frontend_api: &str) -> bool {
    let (Ok(origin), Ok(own)) = (Url::parse(origin), Url::parse(frontend_api)) else { return false };
    let port_fits = origin.port().is_none() || origin.port() == own.port();
    let host_fits = origin
        .host_str()
        .is_some_and(|host| host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')));
    origin.scheme() == "https" && port_fits && host_fits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Millis;
    use crate::settings::Settings;

    fn instance(environment: Environment, domain: Option<&str>, is_root: bool) -> Instance {
        Instance {
            id: "ins_1".parse().expect("an id"),
            application_id: "app_1".parse().expect("an id"),
            application_name: "Shop".into(),
            environment,
            slug: "shop".into(),
            is_root,
            domain: domain.map(str::to_owned),
            settings: Settings::default(),
            version: 1,
            created_at: Millis(0),
        }
    }

    fn base() -> PublicBase {
        PublicBase {
            frontend: "http://localhost:4000".into(),
            backend: "http://localhost:4001".into(),
            domain_port: None,
        }
    }

    #[test]
    fn the_root_development_instance_lives_at_the_base() {
        let a = Addresses::of(&instance(Environment::Development, None, true), &base());
        assert_eq!(a.key_text, "localhost:4000/x.clerk.accounts.dev");
        assert_eq!((a.frontend_api.as_str(), a.cookie_path.as_str(), a.secure), ("http://localhost:4000", "/", false));
    }

    #[test]
    fn other_instances_live_under_their_slug() {
        let a = Addresses::of(&instance(Environment::Development, None, false), &base());
        assert_eq!(a.key_text, "localhost:4000/i/shop/x.clerk.accounts.dev");
        assert_eq!((a.frontend_api.as_str(), a.cookie_path.as_str()), ("http://localhost:4000/i/shop", "/i/shop"));
        let a = Addresses::of(&instance(Environment::Production, None, false), &base());
        assert_eq!(a.key_text, "localhost:4000/i/shop/clerk.localhost");
    }

    #[test]
    fn a_production_instance_lives_on_its_domain() {
        let a = Addresses::of(&instance(Environment::Production, Some("app.example.co.uk"), false), &base());
        assert_eq!(a.frontend_api, "https://clerk.app.example.co.uk");
        assert_eq!(a.uat_domain.as_deref(), Some("example.co.uk"));
        assert!(a.secure);
    }

    #[test]
    fn production_origins_are_compared_as_parsed() {
        let instance = instance(Environment::Production, Some("a.test"), false);
        let addresses = Addresses::of(&instance, &base());
        let trust = |origin: &str| instance.origin_trust(origin, &addresses);
        for origin in ["https://a.test", "https://app.a.test", "https://clerk.a.test"] {
            assert_eq!(trust(origin), OriginTrust::Own, "{origin}");
        }
        for origin in [
            "https://evil.test",
            "https://app.a.test.evil.test",
            "http://app.a.test",
            "https://eviла.test",
            "https://nota.test",
            "https://app.a.test:8443",
            "https://a.test@evil.test",
            "null",
            "http://localhost:3000",
        ] {
            assert_eq!(trust(origin), OriginTrust::Foreign, "{origin}");
        }
    }

    #[test]
    fn a_list_of_subdomains_leaves_the_others_out() {
        let mut instance = instance(Environment::Production, Some("a.test"), false);
        instance.settings.allowed_subdomains = Some(vec!["app".into(), "www.shop".into()]);
        let addresses = Addresses::of(&instance, &base());
        let trust = |origin: &str| instance.origin_trust(origin, &addresses);
        for origin in [
            "https://a.test",
            "https://app.a.test",
            "https://APP.a.test",
            "https://www.shop.a.test",
            "https://clerk.a.test",
            "https://accounts.a.test",
        ] {
            assert_eq!(trust(origin), OriginTrust::Own, "{origin}");
        }
        for origin in ["https://blog.a.test", "https://x.app.a.test", "https://shop.a.test", "https://app..a.test"] {
            assert_eq!(trust(origin), OriginTrust::Unlisted, "{origin}");
        }
        assert_eq!(trust("https://appa.test"), OriginTrust::Foreign);
        assert_eq!(trust("http://blog.a.test"), OriginTrust::Foreign);
    }

    #[test]
    fn a_development_instance_knows_the_loopback() {
        let instance = instance(Environment::Development, None, true);
        let addresses = Addresses::of(&instance, &base());
        for origin in ["http://localhost:3000", "http://127.0.0.1:5173", "http://[::1]:3000", "http://app.localhost"] {
            assert_eq!(instance.origin_trust(origin, &addresses), OriginTrust::Own, "{origin}");
        }
        assert_eq!(instance.origin_trust("https://preview.example.com", &addresses), OriginTrust::DevelopmentOnly);
        assert_eq!(instance.origin_trust("http://localhost.evil.test", &addresses), OriginTrust::DevelopmentOnly);
    }
}
