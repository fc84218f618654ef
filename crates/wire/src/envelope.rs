//! What wraps resources, and the small answers that are about a resource without being one.

use crate::{Client, Word};
use serde::{Deserialize, Serialize};

/// A Frontend API answer: the resource, and the client as it stands afterwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope<T> {
    /// The resource.
    pub response: T,
    /// The whole client, never a part: clerk-js replaces what it holds. `null`: it keeps it.
    pub client: Option<Client>,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paginated<T> {
    /// The page.
    pub data: Vec<T>,
    /// How many there are over all pages.
    pub total_count: i64,
}

/// How many there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotalCount {
    /// `total_count`
    pub object: Word,
    /// How many.
    pub total_count: i64,
}

/// What is left of a deleted resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deleted {
    /// What it was.
    pub object: Word,
    /// Its id.
    pub id: String,
    /// Its slug; left out where it had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// The application's own id for it; left out where it had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Always true.
    pub deleted: bool,
}

/// The answer to a right password of `verify_password`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordVerified {
    /// Always true; a wrong password is an error.
    pub verified: bool,
}

/// The answer of the health check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// `healthy`
    pub status: Word,
}
