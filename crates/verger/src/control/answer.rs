//! What comes back.

use crate::ready::Ready;
use serde::{Deserialize, Serialize};

/// The answer to an order.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// To be printed as it is.
    Text(String),
    Created(Box<CreatedAnswer>),
    Applications(Vec<ApplicationRow>),
    Keys(Vec<KeyRow>),
}

/// A new application. As JSON it is the ready line of its development instance with more keys.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CreatedAnswer {
    #[serde(flatten)]
    pub(crate) ready: Ready,
    pub(crate) instance_id: String,
    pub(crate) slug: String,
    pub(crate) production: ProductionKeys,
    /// The development instance in words.
    pub(crate) words: String,
}

/// The production instance of a new application. Its secret key is not shown again.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ProductionKeys {
    pub(crate) instance_id: String,
    pub(crate) slug: String,
    pub(crate) frontend_api_url: String,
    pub(crate) publishable_key: String,
    pub(crate) secret_key: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ApplicationRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) instances: Vec<InstanceRow>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct InstanceRow {
    pub(crate) id: String,
    pub(crate) environment: String,
    pub(crate) slug: String,
    pub(crate) domain: Option<String>,
    pub(crate) frontend_api_url: String,
    pub(crate) publishable_key: String,
}

/// A secret key without the key. Times are Unix milliseconds.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct KeyRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) created_at: i64,
    pub(crate) revoked_at: Option<i64>,
}
