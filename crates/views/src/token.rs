//! Tokens.

use crate::{Lens, word};
use url::Url;
use verger_model::Millis;
use verger_model::ticket::{ActorToken, SignInToken};
use verger_wire as wire;

/// A signed token.
pub fn token(jwt: String) -> wire::Token {
    wire::Token { object: word("token"), jwt }
}

/// The answer of a session refresh that asked for cookies: `Set-Cookie` directives.
pub fn cookies(directives: Vec<String>) -> wire::Cookies {
    wire::Cookies { object: word("cookies"), cookies: directives }
}

/// A sign-in token; with its ticket when it is shown for the first and only time.
pub fn sign_in_token(lens: Lens<'_>, token: &SignInToken, ticket: Option<&str>) -> wire::SignInToken {
    wire::SignInToken {
        object: word("sign_in_token"),
        id: token.id.to_string(),
        status: word(token.status.as_str()),
        user_id: token.user_id.to_string(),
        token: ticket.map(str::to_owned),
        url: ticket.map(|ticket| ticket_url(lens, ticket)),
        created_at: token.created_at.0,
        updated_at: token.updated_at.0,
    }
}

/// An actor token; with its ticket when it is shown for the first and only time.
pub fn actor_token(lens: Lens<'_>, token: &ActorToken, ticket: Option<&str>) -> wire::ActorToken {
    wire::ActorToken {
        object: word("actor_token"),
        id: token.id.to_string(),
        status: word(token.status.as_str()),
        user_id: token.user_id.to_string(),
        actor: token.actor.clone(),
        token: ticket.map(str::to_owned),
        url: ticket.map(|ticket| format!("{}/v1/tickets/accept?ticket={ticket}", lens.addresses.frontend_api)),
        created_at: token.created_at.0,
        updated_at: token.updated_at.0,
    }
}

/// The sign-in page, with the ticket where the sign-in component looks for it.
fn ticket_url(lens: Lens<'_>, ticket: &str) -> String {
    let own_page = lens.instance.settings.display.sign_in_url.as_deref().and_then(|page| Url::parse(page).ok());
    let Some(mut page) = own_page.or_else(|| Url::parse(&format!("{}/sign-in", lens.addresses.portal)).ok()) else {
        return String::new();
    };
    page.query_pairs_mut().append_pair("__clerk_ticket", ticket);
    page.into()
}

/// A testing token. Its end is in seconds on the wire, unlike every other time.
pub fn testing_token(token: String, expires_at: Millis) -> wire::TestingToken {
    wire::TestingToken { object: word("testing_token"), token, expires_at: expires_at.secs() }
}
