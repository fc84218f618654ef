//! What providers call the parts of a profile.

use serde_json::Value;
use verger_model::external_account::Identity;
use verger_model::provider::Dialect;
use verger_model::{Provider, email};

fn text(value: &Value, pointer: &str) -> Option<String> {
    let found = value.pointer(pointer)?;
    let text = found.as_str().map(str::to_owned).or_else(|| found.as_i64().map(|number| number.to_string()))?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn address(value: &Value, pointer: &str) -> Option<String> {
    text(value, pointer).and_then(|text| email::normalize(&text))
}

/// A picture's address, if a page may load it.
fn picture(value: &Value, pointer: &str) -> Option<String> {
    text(value, pointer).filter(|url| url.starts_with("https://") && url.len() <= 2048)
}

/// The standard claims of OpenID Connect.
pub(super) fn standard(provider: Provider, issuer: String, subject: String, claims: &Value) -> Identity {
    let verified = claims.get("email_verified");
    // Apple writes a text. From anybody else only the literal truth counts.
    let apple = provider.name() == "apple" && verified.and_then(Value::as_str) == Some("true");
    let (given, family) = (text(claims, "/given_name"), text(claims, "/family_name"));
    let (first_name, last_name) =
        if given.is_some() || family.is_some() { (given, family) } else { split(text(claims, "/name")) };
    Identity {
        issuer,
        subject,
        email_address: address(claims, "/email"),
        email_verified: if apple { Some(true) } else { verified.map(|it| *it == Value::Bool(true)) },
        first_name,
        last_name,
        username: text(claims, "/preferred_username").filter(|name| !name.contains('@')),
        image_url: picture(claims, "/picture"),
    }
}

/// What one source left out, from another about the same person.
pub(super) fn merged(first: Identity, second: Identity) -> Identity {
    // An address and the word about it come from one source.
    let (email_address, email_verified) = match first.email_address {
        Some(address) => (Some(address), first.email_verified),
        None => (second.email_address, second.email_verified),
    };
    Identity {
        issuer: first.issuer,
        subject: first.subject,
        email_address,
        email_verified,
        first_name: first.first_name.or(second.first_name),
        last_name: first.last_name.or(second.last_name),
        username: first.username.or(second.username),
        image_url: first.image_url.or(second.image_url),
    }
}

/// Where the email address is told, if not in the profile.
pub(super) const fn second_address(dialect: Dialect) -> Option<&'static str> {
    match dialect {
        Dialect::GitHub => Some("https://api.github.com/user/emails"),
        Dialect::LinkedIn => Some("https://api.linkedin.com/v2/emailAddress?q=members&projection=(elements*(handle~))"),
        Dialect::Oidc | Dialect::Facebook | Dialect::Discord | Dialect::X => None,
    }
}

/// Somebody, from the profile in a provider's own words. `None`: it does not say who.
pub(super) fn told(dialect: Dialect, provider: Provider, profile: &Value, more: Option<&Value>) -> Option<Identity> {
    let issuer = provider.name().to_owned();
    let identity = match dialect {
        Dialect::Oidc => standard(provider, issuer, text(profile, "/sub")?, profile),
        Dialect::GitHub => github(issuer, profile, more)?,
        Dialect::Facebook => Identity {
            subject: text(profile, "/id")?,
            email_address: address(profile, "/email"),
            first_name: text(profile, "/first_name"),
            last_name: text(profile, "/last_name"),
            image_url: picture(profile, "/picture/data/url"),
            ..Identity { issuer, ..Identity::default() }
        },
        Dialect::Discord => discord(issuer, profile)?,
        Dialect::X => {
            let (first_name, last_name) = split(text(profile, "/data/name"));
            Identity {
                issuer,
                subject: text(profile, "/data/id")?,
                first_name,
                last_name,
                username: text(profile, "/data/username"),
                image_url: picture(profile, "/data/profile_image_url"),
                ..Identity::default()
            }
        }
        Dialect::LinkedIn => Identity {
            issuer,
            subject: text(profile, "/id")?,
            email_address: more.and_then(|more| address(more, "/elements/0/handle~0/emailAddress")),
            first_name: text(profile, "/localizedFirstName"),
            last_name: text(profile, "/localizedLastName"),
            ..Identity::default()
        },
    };
    Some(identity)
}

fn github(issuer: String, profile: &Value, more: Option<&Value>) -> Option<Identity> {
    let addresses = more.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let primary = addresses.iter().find(|it| it.get("primary") == Some(&Value::Bool(true)));
    let (first_name, last_name) = split(text(profile, "/name"));
    Some(Identity {
        issuer,
        subject: text(profile, "/id")?,
        // The public address of a profile is whatever its owner wrote there; the list says what was proved.
        email_address: primary.and_then(|it| address(it, "/email")),
        email_verified: primary.map(|it| it.get("verified") == Some(&Value::Bool(true))),
        first_name,
        last_name,
        username: text(profile, "/login"),
        image_url: picture(profile, "/avatar_url"),
    })
}

fn discord(issuer: String, profile: &Value) -> Option<Identity> {
    let subject = text(profile, "/id")?;
    let image_url =
        text(profile, "/avatar").map(|hash| format!("https://cdn.discordapp.com/avatars/{subject}/{hash}.png"));
    let (first_name, last_name) = split(text(profile, "/global_name"));
    Some(Identity {
        issuer,
        subject,
        email_address: address(profile, "/email"),
        email_verified: profile.get("verified").map(|it| *it == Value::Bool(true)),
        first_name,
        last_name,
        username: text(profile, "/username"),
        image_url,
    })
}

/// First and last name of a whole one.
fn split(name: Option<String>) -> (Option<String>, Option<String>) {
    let Some(name) = name else { return (None, None) };
    match name.split_once(' ') {
        Some((first, last)) => (Some(first.to_owned()), Some(last.trim().to_owned())),
        None => (Some(name), None),
    }
}

/// Apple tells the name once, beside the token.
pub(super) fn add_apple_name(identity: &mut Identity, user: Option<&str>) {
    let Some(user) = user.and_then(|user| serde_json::from_str::<Value>(user).ok()) else { return };
    identity.first_name = identity.first_name.take().or_else(|| text(&user, "/name/firstName"));
    identity.last_name = identity.last_name.take().or_else(|| text(&user, "/name/lastName"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn provider(name: &str) -> Provider {
        Provider::named(name).unwrap()
    }

    #[test]
    fn only_the_literal_truth_proves_an_address() {
        let of = |name: &str, verified: Value| {
            let claims = json!({"email": "Jane@Example.com", "email_verified": verified});
            standard(provider(name), "i".into(), "s".into(), &claims).email_verified
        };
        assert_eq!(of("google", json!(true)), Some(true));
        for lie in [json!("true"), json!(1), json!(null), json!(false)] {
            assert_eq!(of("google", lie), Some(false));
        }
        assert_eq!(of("apple", json!("true")), Some(true));
    }

    #[test]
    fn github_is_known_by_number_and_primary_address() {
        let profile = json!({"id": 583_231, "login": "octo", "name": "Octo Cat", "email": "public@example.com"});
        let more = json!([
            {"email": "old@example.com", "primary": false, "verified": true},
            {"email": "octo@example.com", "primary": true, "verified": true},
        ]);
        let identity = told(Dialect::GitHub, provider("github"), &profile, Some(&more)).unwrap();
        assert_eq!(identity.subject, "583231");
        assert_eq!(identity.email_address.as_deref(), Some("octo@example.com"));
        assert_eq!(identity.email_verified, Some(true));
        assert_eq!(identity.last_name.as_deref(), Some("Cat"));
    }

    #[test]
    fn a_profile_without_an_id_is_nobody() {
        for dialect in
            [Dialect::Oidc, Dialect::GitHub, Dialect::Facebook, Dialect::Discord, Dialect::X, Dialect::LinkedIn]
        {
            assert_eq!(told(dialect, provider("custom_x"), &json!({"email": "a@b.test"}), None), None);
        }
    }

    #[test]
    fn apple_tells_the_name_beside_the_token() {
        let mut identity = Identity::default();
        add_apple_name(&mut identity, Some(r#"{"name":{"firstName":"Jane","lastName":"Roe"}}"#));
        assert_eq!((identity.first_name.as_deref(), identity.last_name.as_deref()), (Some("Jane"), Some("Roe")));
    }
}
