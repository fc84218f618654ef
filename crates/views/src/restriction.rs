//! Allowlist and blocklist.

use crate::{Lens, word};
use verger_model::restriction::{AccessIdentifier, AccessList};
use verger_wire as wire;

/// An entry of an allowlist or blocklist.
pub fn access_identifier(lens: Lens<'_>, list: AccessList, entry: &AccessIdentifier) -> wire::AccessIdentifier {
    wire::AccessIdentifier {
        object: word(access_object(list)),
        id: entry.id.to_string(),
        identifier: entry.identifier.clone(),
        identifier_type: word(entry.kind.as_str()),
        instance_id: lens.instance.id.to_string(),
        created_at: entry.created_at.0,
        updated_at: entry.created_at.0,
    }
}

/// The object's name of a list's entries.
pub const fn access_object(list: AccessList) -> &'static str {
    match list {
        AccessList::Allowlist => "allowlist_identifier",
        AccessList::Blocklist => "blocklist_identifier",
    }
}
