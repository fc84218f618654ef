//! The Account Portal and the landing page.

mod component;
mod landing;
mod redirects;
mod verify;

pub(crate) use component::{default_redirect, sign_in, sign_up, user, waitlist};
pub(crate) use landing::landing;
pub(crate) use verify::verify;

use url::Url;
use verger_model::address::Addresses;

/// The path of a portal page as the browser sees it: `/sign-in`, `/i/shop/sign-in`.
pub(crate) fn path_of(addresses: &Addresses, page: &str) -> String {
    let base = Url::parse(&addresses.portal).map(|url| url.path().trim_end_matches('/').to_owned());
    format!("{}{page}", base.unwrap_or_default())
}
