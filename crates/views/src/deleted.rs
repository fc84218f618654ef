//! What is left of a deleted resource.

use crate::word;
use verger_wire as wire;

/// A resource of this kind and id that is gone.
pub fn deleted(object: &'static str, id: &str) -> wire::Deleted {
    wire::Deleted { object: word(object), id: id.to_owned(), slug: None, external_id: None, deleted: true }
}
