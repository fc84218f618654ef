//! Which crate of the workspace may know which: the table of arrows.

use std::collections::BTreeSet;

use super::metadata::{Dependency, Metadata, Package};
use crate::Findings;

/// Room -> the rooms it may know. The store is absent from the doors, because a write guard is named nowhere outside
/// store and service; wire and views are absent from the store, because it does not know JSON shapes.
const ARROWS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("wire", &[]),
    ("jose", &[]),
    ("crypto", &["model", "wire", "jose"]),
    ("views", &["model", "wire", "jose"]),
    ("store", &["model", "jose", "crypto"]),
    ("outbound", &["model", "wire", "jose", "crypto", "views"]),
    ("service", &["model", "wire", "jose", "crypto", "views", "store", "outbound"]),
    ("http", &["model", "wire", "jose", "crypto", "views", "outbound", "service"]),
    ("fapi", &["model", "wire", "jose", "crypto", "views", "outbound", "service", "http"]),
    ("bapi", &["model", "wire", "jose", "crypto", "views", "outbound", "service", "http"]),
    ("portal", &["model", "wire", "jose", "crypto", "views", "outbound", "service", "http"]),
    ("verger", &ROOMS),
    ("testkit", &ROOMS),
    ("torture", &["model", "wire", "jose", "crypto"]),
    ("xtask", &[]),
];

/// Every room but the two at the top.
const ROOMS: [&str; 12] =
    ["model", "wire", "jose", "crypto", "views", "store", "outbound", "service", "http", "fapi", "bapi", "portal"];

/// Rooms whose tests may use the testkit. The lower ones are inside it, so their tests would see themselves twice.
const TESTED_WITH_TESTKIT: [&str; 9] =
    ["store", "outbound", "service", "http", "fapi", "bapi", "portal", "verger", "torture"];

pub(super) fn check(metadata: &Metadata) -> Findings {
    let names: BTreeSet<&str> = metadata.members().map(|package| package.name.as_str()).collect();
    let mut findings = Findings::new();
    for package in metadata.members() {
        let Some(allowed) = allowed(room(&package.name)) else {
            findings.push(format!("{} has no row in the table of arrows", package.name));
            continue;
        };
        let inside = package.dependencies.iter().filter(|dependency| names.contains(dependency.name.as_str()));
        let forbidden = inside.filter(|dependency| !may_know(package, dependency, allowed));
        findings.extend(forbidden.map(|dependency| sentence(package, dependency)));
    }
    findings
}

fn room(package: &str) -> &str {
    package.strip_prefix("verger-").unwrap_or(package)
}

fn allowed(room: &str) -> Option<&'static [&'static str]> {
    ARROWS.iter().find(|(name, _)| *name == room).map(|(_, allowed)| *allowed)
}

fn may_know(package: &Package, dependency: &Dependency, allowed: &[&str]) -> bool {
    let target = room(&dependency.name);
    if target == "testkit" {
        return dependency.kind.as_deref() == Some("dev") && TESTED_WITH_TESTKIT.contains(&room(&package.name));
    }
    allowed.contains(&target)
}

fn sentence(package: &Package, dependency: &Dependency) -> String {
    let kind = dependency.kind.as_deref().map(|kind| format!(" ({kind})")).unwrap_or_default();
    format!("{} -> {}{kind} is no arrow of the house", package.name, dependency.name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn findings_for(package: &str, dependency: &str, kind: Option<&str>) -> Findings {
        let member = |name: &str, dependencies| json!({"id": name, "name": name, "dependencies": dependencies});
        let metadata = json!({
            "packages": [
                member(package, json!([{"name": dependency, "kind": kind}, {"name": "serde", "kind": null}])),
                member(dependency, json!([])),
                member("serde", json!([])),
            ],
            "workspace_members": [package, dependency],
        });
        check(&Metadata::from_json(&metadata.to_string()).expect("the metadata is read"))
    }

    #[test]
    fn arrows_downwards_are_allowed() {
        assert_eq!(findings_for("verger-service", "verger-store", None), Findings::new());
        assert_eq!(findings_for("verger-fapi", "verger-http", None), Findings::new());
        assert_eq!(findings_for("verger", "verger-bapi", None), Findings::new());
    }

    #[test]
    fn arrows_upwards_and_sideways_are_findings() {
        for (from, to) in [
            ("verger-service", "verger-http"),
            ("verger-fapi", "verger-bapi"),
            ("verger-store", "verger-wire"),
            ("verger-views", "verger-store"),
            ("verger-fapi", "verger-store"),
            ("verger-testkit", "verger"),
        ] {
            assert_eq!(findings_for(from, to, None), [format!("{from} -> {to} is no arrow of the house")]);
        }
    }

    #[test]
    fn only_tests_may_use_the_testkit_and_only_of_the_rooms_above_views() {
        assert_eq!(findings_for("verger-fapi", "verger-testkit", Some("dev")), Findings::new());
        assert_eq!(findings_for("verger-fapi", "verger-testkit", None).len(), 1);
        assert_eq!(findings_for("verger-model", "verger-testkit", Some("dev")).len(), 1);
    }

    #[test]
    fn a_test_dependency_follows_the_arrows_too() {
        assert_eq!(findings_for("verger-store", "verger-service", Some("dev")).len(), 1);
    }

    #[test]
    fn a_crate_without_a_row_is_a_finding() {
        let findings = findings_for("verger-attic", "verger-model", None);
        assert_eq!(findings, ["verger-attic has no row in the table of arrows"]);
    }
}
