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
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}
