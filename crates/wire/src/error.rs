//! The error body of every door.

use crate::{Object, Word};
use serde::{Deserialize, Serialize};

/// One error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorItem {
    /// What SDKs decide by.
    pub code: Word,
    /// A sentence.
    pub message: String,
    /// A more precise sentence: what people read.
    pub long_message: String,
    /// `param_name` and its kin.
    #[serde(default)]
    pub meta: Object,
}

/// The body of every answer with an error status.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Errors {
    /// At least one.
    pub errors: Vec<ErrorItem>,
    /// About the answer as a whole; left out when empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meta: Option<Object>,
    /// Names the request in the server's log.
    pub clerk_trace_id: String,
}
