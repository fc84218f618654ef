//! Turns what the server knows into Clerk's JSON: one file per resource, pure functions from `verger-model` to `verger-wire`.
//! The only crate that looks at the API version of an answer. No IO, no SQL, no decisions about what may be done.

mod account_portal;
mod activity;
mod avatar;
mod client;
mod deleted;
mod dev_browser;
mod environment;
mod error;
mod external_account;
mod identification;
mod invitation;
mod native_app;
mod passkey;
mod provider_icon;
mod restriction;
mod reverification;
mod second_factor;
mod session;
mod sign_in;
mod sign_up;
mod token;
mod user;
mod verification;
mod waitlist;
mod well_known;

pub use account_portal::account_portal;
pub use avatar::avatar_svg;
pub use client::{bapi_client, client};
pub use deleted::deleted;
pub use dev_browser::dev_browser;
pub use environment::environment;
pub use error::errors;
pub use external_account::{external_account, oauth_access_token};
pub use identification::{email_address, phone_number, phone_number_with_codes};
pub use invitation::invitation;
pub use native_app::{apple_app_site_association, asset_links};
pub use passkey::passkey;
pub use provider_icon::provider_icon;
pub use restriction::{access_identifier, access_object};
pub use reverification::{ReverificationParts, reverification};
pub use second_factor::{TotpSecrets, backup_codes, totp};
pub use session::{SessionParts, bapi_session, public_user_data, session, session_with_activity};
pub use sign_in::{SignInParts, first_factor_strategies, sign_in};
pub use sign_up::sign_up;
pub use token::{actor_token, cookies, sign_in_token, testing_token, token};
pub use user::{bapi_user, user};
pub use verification::verification;
pub use waitlist::{waitlist_entry, waitlist_place};
pub use well_known::openid_configuration;

use verger_model::address::Addresses;
use verger_model::instance::Instance;
use verger_model::{ApiVersion, Millis, Strategy};
use verger_wire::Word;

/// Through what a resource is seen: whose instance, at which addresses, when, and in which shape.
#[derive(Clone, Copy, Debug)]
pub struct Lens<'a> {
    /// The instance, with its settings.
    pub instance: &'a Instance,
    /// Its addresses.
    pub addresses: &'a Addresses,
    /// The time of the request: whatever has run out by then is shown as such.
    pub now: Millis,
    /// The shape that the caller asked for.
    pub api: ApiVersion,
}

/// A word of the vocabulary, not copied.
const fn word(text: &'static str) -> Word {
    Word::Borrowed(text)
}

/// The name of a strategy.
fn strategy_word(strategy: Strategy) -> Word {
    Word::Owned(strategy.as_str().to_owned())
}

fn words<'a>(texts: impl IntoIterator<Item = &'a &'static str>) -> Vec<Word> {
    texts.into_iter().map(|text| word(text)).collect()
}
