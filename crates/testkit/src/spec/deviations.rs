//! The differences from the specifications that we keep on purpose: `tests/spec_deviations.toml`.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::Api;

/// Where an answer differs: `pointer` is a JSON pointer into the body, or `status` or `content-type`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) pointer: String,
    pub(super) message: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Deviation {
    pub(super) api: String,
    /// An operationId, or `*`.
    pub(super) operation: String,
    /// A status, or `*`.
    pub(super) status: String,
    /// As in [`Difference`]; a segment `*` is any one segment, a segment `**` any number of them.
    pub(super) pointer: String,
    /// Where it can be seen that the specification is wrong or that clerk-js wants something else.
    evidence: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Deviations {
    #[serde(default)]
    deviation: Vec<Deviation>,
}

impl Deviations {
    /// The entries of the file at `path`; none where there is no file.
    ///
    /// # Errors
    /// A sentence when the file is not in the form above or an entry states no evidence.
    pub(super) fn of_file(path: &Path) -> Result<Self, String> {
        match fs::read_to_string(path) {
            Ok(text) => Self::from_text(&text).map_err(|e| format!("{}: {e}", path.display())),
            Err(_) => Ok(Self::default()),
        }
    }

    pub(super) fn from_text(text: &str) -> Result<Self, String> {
        let deviations: Self = toml::from_str(text).map_err(|e| e.to_string())?;
        for entry in &deviations.deviation {
            if entry.evidence.trim().is_empty() {
                return Err(format!("{} {} {} states no evidence", entry.operation, entry.status, entry.pointer));
            }
        }
        Ok(deviations)
    }

    /// The entry that covers `difference`, if one does.
    pub(super) fn cover(&self, api: Api, operation: &str, status: u16, difference: &Difference) -> Option<&Deviation> {
        self.deviation.iter().find(|entry| {
            entry.api == api.name()
                && (entry.operation == "*" || entry.operation == operation)
                && (entry.status == "*" || entry.status == status.to_string())
                && pointer_matches(&entry.pointer, &difference.pointer)
        })
    }
}

fn pointer_matches(pattern: &str, pointer: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').collect();
    let pointer: Vec<&str> = pointer.split('/').collect();
    segments_match(&pattern, &pointer)
}

fn segments_match(pattern: &[&str], pointer: &[&str]) -> bool {
    match (pattern.split_first(), pointer.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), _) => (0..=pointer.len()).any(|skipped| segments_match(rest, &pointer[skipped..])),
        (Some((wanted, rest)), Some((given, others))) => {
            (*wanted == "*" || wanted == given) && segments_match(rest, others)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_match_by_segment() {
        assert!(pointer_matches("/client/sessions/*/user", "/client/sessions/0/user"));
        assert!(!pointer_matches("/client/sessions/*", "/client/sessions/0/user"));
        assert!(pointer_matches("/**/user", "/client/sessions/0/user"));
        assert!(pointer_matches("/**", "/a"));
        assert!(pointer_matches("status", "status"));
        assert!(!pointer_matches("/client/session", "/client/sessions"));
    }

    #[test]
    fn an_entry_covers_only_its_api_operation_and_status() {
        let deviations = Deviations::from_text(
            r#"deviation = [{ api = "fapi", operation = "getClient", status = "200", pointer = "/a", evidence = "seen" }]"#,
        )
        .expect("the entry is read");
        let difference = Difference { pointer: "/a".to_owned(), message: String::new() };
        assert!(deviations.cover(Api::Fapi, "getClient", 200, &difference).is_some());
        assert!(deviations.cover(Api::Bapi, "getClient", 200, &difference).is_none());
        assert!(deviations.cover(Api::Fapi, "postClient", 200, &difference).is_none());
        assert!(deviations.cover(Api::Fapi, "getClient", 201, &difference).is_none());
    }

    #[test]
    fn an_entry_without_evidence_is_refused() {
        let text = r#"deviation = [{ api = "fapi", operation = "*", status = "*", pointer = "/a", evidence = " " }]"#;
        assert!(Deviations::from_text(text).is_err_and(|e| e.contains("no evidence")));
    }
}
