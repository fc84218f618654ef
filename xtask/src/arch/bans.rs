//! Crates that may not be anywhere, and crates that may not be in some rooms.

use serde::Deserialize;

use super::metadata::Metadata;
use crate::Findings;

/// Nowhere in the graph: one TLS and crypto backend, aws-lc-rs.
const EVERYWHERE: [&str; 4] = ["openssl", "openssl-sys", "openssl-src", "native-tls"];

/// Not as a direct dependency of these members: the core keeps time as `Millis`.
const NO_CHRONO: [&str; 2] = ["verger-model", "verger-service"];

/// The only member that may box its futures: its traits are used as objects.
const ASYNC_TRAIT: &str = "verger-outbound";

/// `Cargo.lock`: every package on every platform.
#[derive(Debug, Deserialize)]
pub(super) struct Lock {
    package: Vec<Locked>,
}

#[derive(Debug, Deserialize)]
struct Locked {
    name: String,
    source: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
}

pub(super) fn check_graph(lock: &Lock) -> Findings {
    let mut findings = Findings::new();
    for package in &lock.package {
        if EVERYWHERE.contains(&package.name.as_str()) {
            findings.push(format!("{} is banned; it is pulled in by {}", package.name, users(lock, &package.name)));
        }
        if package.source.as_deref().is_some_and(|source| source.starts_with("git+")) {
            findings.push(format!("{} comes from git; dependencies come from the registry", package.name));
        }
    }
    findings
}

fn users(lock: &Lock, name: &str) -> String {
    // A dependency is written `name`, or `name version` where there are several.
    let uses = |package: &&Locked| package.dependencies.iter().any(|text| text.split(' ').next() == Some(name));
    let users: Vec<&str> = lock.package.iter().filter(uses).map(|package| package.name.as_str()).collect();
    users.join(", ")
}

pub(super) fn check_direct(metadata: &Metadata) -> Findings {
    let mut findings = Findings::new();
    for package in metadata.members() {
        for dependency in &package.dependencies {
            let banned = match dependency.name.as_str() {
                "chrono" => NO_CHRONO.contains(&package.name.as_str()),
                "async-trait" => package.name != ASYNC_TRAIT,
                _ => false,
            };
            if banned {
                findings.push(format!("{} may not depend on {}", package.name, dependency.name));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn graph_findings(lock: &str) -> Findings {
        check_graph(&toml::from_str(lock).expect("the lock file is read"))
    }

    fn direct_findings(package: &str, dependency: &str) -> Findings {
        let metadata = json!({
            "packages": [{"id": "p", "name": package, "dependencies": [{"name": dependency}]}],
            "workspace_members": ["p"],
        });
        check_direct(&Metadata::from_json(&metadata.to_string()).expect("the metadata is read"))
    }

    #[test]
    fn a_banned_crate_is_a_finding_that_names_its_users() {
        let lock = "[[package]]\nname = \"native-tls\"\n[[package]]\nname = \"reqwest\"\ndependencies = [\"native-tls 0.2.1\"]";
        assert_eq!(graph_findings(lock), ["native-tls is banned; it is pulled in by reqwest"]);
    }

    #[test]
    fn a_git_dependency_is_a_finding() {
        let lock = "[[package]]\nname = \"a\"\nsource = \"git+https://example.com/a#1\"";
        assert_eq!(graph_findings(lock), ["a comes from git; dependencies come from the registry"]);
    }

    #[test]
    fn a_registry_dependency_is_none() {
        let lock = "[[package]]\nname = \"a\"\nsource = \"registry+https://example.com/index\"";
        assert_eq!(graph_findings(lock), Findings::new());
    }

    #[test]
    fn chrono_stays_out_of_the_core_and_async_trait_in_outbound() {
        assert_eq!(direct_findings("verger-model", "chrono"), ["verger-model may not depend on chrono"]);
        assert_eq!(direct_findings("verger-outbound", "chrono"), Findings::new());
        assert_eq!(direct_findings("verger-store", "async-trait"), ["verger-store may not depend on async-trait"]);
        assert_eq!(direct_findings("verger-outbound", "async-trait"), Findings::new());
    }
}
