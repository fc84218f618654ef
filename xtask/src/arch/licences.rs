//! Whether every dependency can be used under a licence that we accept.

use super::metadata::Metadata;
use crate::Findings;

/// SPDX names, some with their exception. MPL-2.0 and CDLA-Permissive-2.0 are fine for unmodified dependencies.
const ACCEPTED: [&str; 16] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OpenSSL",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

const EXCEPTIONS: [&str; 1] = ["LLVM-exception"];

pub(super) fn check(metadata: &Metadata) -> Findings {
    let mut findings = Findings::new();
    for package in &metadata.packages {
        match &package.license {
            Some(expression) if accepts(expression) => {}
            Some(expression) => {
                findings.push(format!("{} is licensed {expression:?}, not accepted here", package.name));
            }
            None => findings.push(format!("{} states no licence", package.name)),
        }
    }
    findings
}

/// Whether the SPDX expression leaves us a choice of accepted licences. The old `A/B` means `A OR B`.
fn accepts(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut words = words.as_slice();
    either(&mut words) == Some(true) && words.is_empty()
}

fn either(words: &mut &[&str]) -> Option<bool> {
    let mut accepted = both(words)?;
    while take(words, "OR") {
        accepted |= both(words)?;
    }
    Some(accepted)
}

fn both(words: &mut &[&str]) -> Option<bool> {
    let mut accepted = one(words)?;
    while take(words, "AND") {
        accepted &= one(words)?;
    }
    Some(accepted)
}

fn one(words: &mut &[&str]) -> Option<bool> {
    if take(words, "(") {
        let accepted = either(words)?;
        return take(words, ")").then_some(accepted);
    }
    let licence = next(words)?;
    let mut accepted = ACCEPTED.contains(&licence);
    if take(words, "WITH") {
        accepted &= EXCEPTIONS.contains(&next(words)?);
    }
    Some(accepted)
}

fn next<'a>(words: &mut &[&'a str]) -> Option<&'a str> {
    let (word, rest) = words.split_first()?;
    *words = rest;
    Some(word)
}

fn take(words: &mut &[&str], wanted: &str) -> bool {
    let found = words.first() == Some(&wanted);
    if found {
        *words = &words[1..];
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_choice_needs_one_accepted_licence_and_a_sum_all_of_them() {
        assert!(accepts("MIT OR GPL-3.0-only"));
        assert!(!accepts("MIT AND GPL-3.0-only"));
        assert!(accepts("(MIT OR GPL-3.0-only) AND Unicode-3.0"));
        assert!(accepts("Apache-2.0 / MIT"));
        assert!(accepts("Apache-2.0 WITH LLVM-exception OR MIT"));
        assert!(!accepts("GPL-2.0-only WITH Classpath-exception-2.0"));
        assert!(accepts("ISC AND (Apache-2.0 OR ISC) AND OpenSSL"));
    }

    #[test]
    fn a_malformed_expression_is_not_accepted() {
        for expression in ["", "MIT OR", "(MIT", "MIT Apache-2.0", "MIT)"] {
            assert!(!accepts(expression), "{expression}");
        }
    }

    #[test]
    fn a_foreign_and_a_missing_licence_are_findings() {
        let metadata = json!({
            "packages": [{"id": "a", "name": "a", "license": "AGPL-3.0-only"}, {"id": "b", "name": "b", "license": null}],
            "workspace_members": [],
        });
        let findings = check(&Metadata::from_json(&metadata.to_string()).expect("the metadata is read"));
        assert_eq!(findings, ["a is licensed \"AGPL-3.0-only\", not accepted here", "b states no licence"]);
    }
}
