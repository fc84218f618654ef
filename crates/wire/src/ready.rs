//! The line that a development server prints when it is ready: a stable contract for scripts.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where an instance is, and everything an app needs to use it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// `ready`
    pub event: String,
    /// The browser's door.
    pub frontend_api_url: String,
    /// The backends' door.
    pub backend_api_url: String,
    /// Where mails can be read.
    pub inbox_url: String,
    /// The publishable key.
    pub publishable_key: String,
    /// A secret key.
    pub secret_key: String,
    /// Every environment variable of the Next.js block.
    pub env: BTreeMap<String, String>,
}
