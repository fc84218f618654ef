//! Allowlist and blocklist.

use crate::Word;
use serde::{Deserialize, Serialize};

/// An entry of an allowlist or blocklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessIdentifier {
    /// `allowlist_identifier` or `blocklist_identifier`.
    pub object: Word,
    /// Its id.
    pub id: String,
    /// An address, a number, or a pattern.
    pub identifier: String,
    /// What it names.
    pub identifier_type: Word,
    /// Whose list.
    pub instance_id: String,
    /// When it was added.
    pub created_at: i64,
    /// When it was added.
    pub updated_at: i64,
}
