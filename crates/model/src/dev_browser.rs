//! A development browser: stands for a browser by a token in the URL, where cookies do not reach across sites.

use crate::{ClientId, DevBrowserId, Millis};

/// A browser of a development instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DevBrowser {
    /// Its id.
    pub id: DevBrowserId,
    /// SHA-256 of the token that it carries as `__clerk_db_jwt`.
    pub token_hash: String,
    /// The client that lives in it, once something happened there.
    pub client_id: Option<ClientId>,
    /// The origin of the app that made it.
    pub home_origin: Option<String>,
    /// When it was made.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
}
