//! A passkey.

use crate::{Verification, Word};
use serde::{Deserialize, Serialize};

/// A passkey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// Its id.
    pub id: String,
    /// `passkey`
    pub object: Word,
    /// What its owner calls it.
    pub name: String,
    /// When it was last used; making it counts.
    pub last_used_at: Option<i64>,
    /// The challenge of its making.
    pub verification: Option<Verification>,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}
