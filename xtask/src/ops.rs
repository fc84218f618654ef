//! `cargo xtask ops`: `ops.toml`, the ledger of operations, is complete and true.
//!
//! It is held against the specifications where they are at hand. The tests of fapi and bapi hold it against their
//! routers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::{Findings, workspace};

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ledger {
    fapi: Vec<Operation>,
    bapi: Vec<Operation>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Operation {
    method: String,
    path: String,
    id: String,
    status: Status,
    /// The handler, for what is done.
    file: Option<String>,
    #[serde(default)]
    source: Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Done,
    Todo,
    Refused,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Source {
    /// The published specification has it.
    #[default]
    Spec,
    /// Only SDKs know it.
    Sdk,
}

/// (path, method, operationId)
type Key = (String, String, String);

/// What a specification says of its operations.
#[derive(Debug, Deserialize)]
struct Spec {
    paths: BTreeMap<String, BTreeMap<String, serde_yaml_ng::Value>>,
}

pub(crate) fn run() -> Result<Findings> {
    let ledger: Ledger = toml::from_str(&workspace::read("ops.toml")?).context("ops.toml")?;
    let specs = workspace::specs()?;
    let mut findings = Findings::new();
    // The Backend API's server address ends in /v1 and its paths begin after it.
    for (api, prefix, operations) in [("fapi", "", &ledger.fapi), ("bapi", "/v1", &ledger.bapi)] {
        findings.extend(check_lines(api, operations, |file| workspace::root().join(file).is_file()));
        if let Some(specs) = &specs {
            findings.extend(compare(api, operations, &spec_keys(&specs.join(api), prefix)?));
        }
        println!("ops: {api} {}", summary(operations));
    }
    if specs.is_none() {
        println!("ops: the specifications are not at hand, so nothing was held against them");
    }
    Ok(findings)
}

fn summary(operations: &[Operation]) -> String {
    let count = |status| operations.iter().filter(|operation| operation.status == status).count();
    let (done, todo, refused) = (count(Status::Done), count(Status::Todo), count(Status::Refused));
    format!("{done} done, {todo} todo, {refused} refused")
}

fn check_lines(api: &str, operations: &[Operation], exists: impl Fn(&str) -> bool) -> Findings {
    let mut findings = Findings::new();
    let mut seen = BTreeSet::new();
    for operation in operations {
        let Operation { method, path, id, status, file, .. } = operation;
        if !seen.insert(id.clone()) {
            findings.push(format!("{api} has two lines for {id}"));
        }
        if !seen.insert(format!("{method} {path}")) {
            findings.push(format!("{api} has two lines for {method} {path}"));
        }
        match (status, file) {
            (Status::Done, None) => findings.push(format!("{api} {id} is done, but its line names no file")),
            (Status::Done, Some(file)) if !exists(file) => {
                findings.push(format!("{api} {id} is done in {file}, which does not exist"));
            }
            (Status::Todo | Status::Refused, Some(_)) => {
                findings.push(format!("{api} {id} names a file but is not done"));
            }
            _ => {}
        }
    }
    findings
}

fn compare(api: &str, operations: &[Operation], spec: &BTreeSet<Key>) -> Findings {
    let key = |operation: &Operation| (operation.path.clone(), operation.method.clone(), operation.id.clone());
    let of_source = |source| operations.iter().filter(move |operation| operation.source == source);
    let listed: BTreeSet<Key> = of_source(Source::Spec).map(key).collect();
    let paths: BTreeSet<_> = spec.iter().map(|(path, method, _)| (path, method)).collect();

    let mut findings = Findings::new();
    for (path, method, id) in spec.difference(&listed) {
        findings.push(format!("{api} lacks {method} {path} ({id}) of the specification"));
    }
    for (path, method, id) in listed.difference(spec) {
        findings.push(format!("{api} lists {method} {path} ({id}), which the specification lacks"));
    }
    for operation in of_source(Source::Sdk).filter(|operation| paths.contains(&(&operation.path, &operation.method))) {
        findings.push(format!("{api} {} is marked sdk, but the specification has it", operation.id));
    }
    findings
}

fn spec_keys(folder: &Path, prefix: &str) -> Result<BTreeSet<Key>> {
    let path = newest(folder)?;
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let spec: Spec = serde_yaml_ng::from_str(&text).with_context(|| path.display().to_string())?;
    Ok(keys(&spec, prefix))
}

/// Files are named by date, so the greatest name is the newest version.
fn newest(folder: &Path) -> Result<PathBuf> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let newest = files.filter(|path| path.extension().is_some_and(|ext| ext == "yml")).max();
    newest.with_context(|| format!("{} holds no .yml file", folder.display()))
}

fn keys(spec: &Spec, prefix: &str) -> BTreeSet<Key> {
    let mut keys = BTreeSet::new();
    for (path, methods) in &spec.paths {
        for (method, operation) in methods.iter().filter(|(method, _)| METHODS.contains(&method.as_str())) {
            let id = operation["operationId"].as_str().unwrap_or_default();
            keys.insert((format!("{prefix}{path}"), method.to_uppercase(), id.to_owned()));
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Operation> {
        let ledger: Ledger = toml::from_str(&format!("bapi = []\nfapi = [{text}]")).expect("the ledger is read");
        ledger.fapi
    }

    fn spec() -> BTreeSet<Key> {
        let text = "paths:\n  /a:\n    get: {operationId: getA}\n    parameters: []\n  /hidden: {}\n";
        keys(&serde_yaml_ng::from_str(text).expect("the specification is read"), "/v1")
    }

    const GET_A: &str = r#"{ method = "GET", path = "/v1/a", id = "getA", status = "todo" }"#;

    #[test]
    fn a_complete_ledger_has_no_findings() {
        assert_eq!(compare("fapi", &lines(GET_A), &spec()), Findings::new());
        assert_eq!(check_lines("fapi", &lines(GET_A), |_| false), Findings::new());
    }

    #[test]
    fn a_missing_and_an_invented_operation_are_findings() {
        assert_eq!(compare("fapi", &[], &spec()), ["fapi lacks GET /v1/a (getA) of the specification"]);
        let invented = r#"{ method = "GET", path = "/v1/b", id = "getB", status = "todo" }"#;
        let findings = compare("fapi", &lines(&format!("{GET_A}, {invented}")), &spec());
        assert_eq!(findings, ["fapi lists GET /v1/b (getB), which the specification lacks"]);
    }

    #[test]
    fn an_operation_that_only_sdks_know_is_marked_and_truly_unknown() {
        let marked = r#"{ method = "GET", path = "/v1/b", id = "getB", status = "todo", source = "sdk" }"#;
        assert_eq!(compare("fapi", &lines(&format!("{GET_A}, {marked}")), &spec()), Findings::new());
        let known = r#"{ method = "GET", path = "/v1/a", id = "readA", status = "todo", source = "sdk" }"#;
        let findings = compare("fapi", &lines(&format!("{GET_A}, {known}")), &spec());
        assert_eq!(findings, ["fapi readA is marked sdk, but the specification has it"]);
    }

    #[test]
    fn what_is_done_names_a_file_that_exists_and_nothing_else_does() {
        let line = |status: &str, file: &str| {
            lines(&format!(r#"{{ method = "GET", path = "/v1/a", id = "getA", status = "{status}"{file} }}"#))
        };
        let exists = |file: &str| file == "a.rs";
        assert_eq!(check_lines("fapi", &line("done", r#", file = "a.rs""#), exists), Findings::new());
        assert_eq!(check_lines("fapi", &line("done", r#", file = "b.rs""#), exists).len(), 1);
        assert_eq!(check_lines("fapi", &line("done", ""), exists).len(), 1);
        assert_eq!(check_lines("fapi", &line("todo", r#", file = "a.rs""#), exists).len(), 1);
    }

    #[test]
    fn an_operation_stands_once() {
        let twice = check_lines("fapi", &lines(&format!("{GET_A}, {GET_A}")), |_| false);
        assert_eq!(twice, ["fapi has two lines for getA", "fapi has two lines for GET /v1/a"]);
    }
}
