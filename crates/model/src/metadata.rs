//! Metadata documents: JSON objects of at most 8 KiB that are merged or replaced.

use crate::{Code, Refusal};
use serde_json::{Map, Value};

/// The largest document, in bytes of its JSON text.
pub const MAX_BYTES: usize = 8 * 1024;

/// One metadata document.
pub type Metadata = Map<String, Value>;

/// Merges a patch into a document: objects merge key by key at any depth, `null` removes a key, everything else replaces.
pub fn merge(document: &mut Metadata, patch: Metadata) {
    for (key, value) in patch {
        match (document.get_mut(&key), value) {
            (_, Value::Null) => {
                document.remove(&key);
            }
            (Some(Value::Object(inner)), Value::Object(patch)) => merge(inner, patch),
            (_, Value::Object(patch)) => {
                let mut inner = Metadata::new();
                merge(&mut inner, patch);
                document.insert(key, Value::Object(inner));
            }
            (_, value) => {
                document.insert(key, value);
            }
        }
    }
}

/// Refuses a document over the size limit.
///
/// # Errors
/// `form_param_exceeds_allowed_size` about the named parameter.
pub fn check_size(document: &Metadata, param: &str) -> Result<(), Refusal> {
    let len = serde_json::to_string(document).map_or(usize::MAX, |text| text.len());
    if len > MAX_BYTES {
        return Err(Refusal::param(Code::FormParamExceedsAllowedSize, param));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(value: Value) -> Metadata {
        match value {
            Value::Object(map) => map,
            _ => Metadata::new(),
        }
    }

    #[test]
    fn a_patch_merges_in_depth_and_null_removes() {
        let mut doc = object(json!({"a": {"b": 1, "c": 2}, "list": [1, 2], "gone": true}));
        merge(
            &mut doc,
            object(json!({"a": {"b": null, "d": 3}, "list": [3], "gone": null, "new": {"x": null, "y": 1}})),
        );
        assert_eq!(Value::Object(doc), json!({"a": {"c": 2, "d": 3}, "list": [3], "new": {"y": 1}}));
    }

    #[test]
    fn a_document_over_8_kib_is_refused() {
        let doc = object(json!({"k": "x".repeat(MAX_BYTES)}));
        assert!(check_size(&doc, "public_metadata").is_err());
        assert!(check_size(&object(json!({"k": "x"})), "public_metadata").is_ok());
    }
}
