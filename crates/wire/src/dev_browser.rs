//! Development browsers.

use crate::Word;
use serde::{Deserialize, Serialize};

/// A development browser that was just made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevBrowser {
    /// `dev_browser`
    pub object: Word,
    /// The token, not the id: the only field that clerk-js reads.
    pub id: String,
    /// The instance.
    pub instance_id: String,
    /// The token again.
    pub token: String,
    /// The origin of the app that made it.
    pub home_origin: Option<String>,
    /// When it was made, in RFC 3339: the one answer that tells time so.
    pub created_at: String,
    /// When it last changed, likewise.
    pub updated_at: String,
}
