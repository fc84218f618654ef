//! `cargo xtask spec-report`: how many answers a test run held against the specifications.
//!
//! The test processes append to `checked` and `used` in `target/spec-report/`; `--reset` empties both before a run.
//! An entry of `tests/spec_deviations.toml` that no answer of the whole run needed is stale and fails the run.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::{Findings, workspace};

#[derive(Debug, Deserialize)]
struct Deviations {
    #[serde(default)]
    deviation: Vec<Deviation>,
}

/// The fields by which the test processes name an entry.
#[derive(Debug, Deserialize)]
struct Deviation {
    api: String,
    operation: String,
    status: String,
    pointer: String,
}

pub(crate) fn reset() -> Result<Findings> {
    for name in ["checked", "used"] {
        let path = folder().join(name);
        match fs::remove_file(&path) {
            Err(e) if e.kind() != ErrorKind::NotFound => return Err(e).context(path.display().to_string()),
            _ => {}
        }
    }
    Ok(Findings::new())
}

pub(crate) fn run() -> Result<Findings> {
    if workspace::specs()?.is_none() {
        println!("spec: NOT CHECKED");
        return Ok(Findings::new());
    }
    let deviations = toml::from_str(&workspace::read("tests/spec_deviations.toml")?);
    let (checked, used) = (read(&folder().join("checked"))?, read(&folder().join("used"))?);
    let (line, findings) = judge(&checked, &used, &deviations.context("tests/spec_deviations.toml")?);
    println!("{line}");
    Ok(findings)
}

fn folder() -> std::path::PathBuf {
    workspace::root().join("target/spec-report")
}

fn read(path: &Path) -> Result<String> {
    match fs::read_to_string(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(String::new()),
        read => read.with_context(|| path.display().to_string()),
    }
}

fn judge(checked: &str, used: &str, deviations: &Deviations) -> (String, Findings) {
    let answers = checked.lines().count();
    let operations: BTreeSet<_> = checked.lines().filter_map(|line| line.rsplit_once('\t')).map(|(op, _)| op).collect();
    let line = format!("spec: {answers} answers checked, of {} operations", operations.len());

    let used: BTreeSet<&str> = used.lines().collect();
    let mut findings = Findings::new();
    if answers == 0 {
        findings.push("the specifications are at hand, but no test held an answer against them".to_owned());
    }
    for Deviation { api, operation, status, pointer } in &deviations.deviation {
        if !used.contains(format!("{api}\t{operation}\t{status}\t{pointer}").as_str()) {
            findings.push(format!("the deviation {api} {operation} {status} {pointer} is stale: no answer needed it"));
        }
    }
    (line, findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deviations() -> Deviations {
        toml::from_str(
            "deviation = [{ api = \"fapi\", operation = \"getA\", status = \"200\", pointer = \"/a\", evidence = \"seen\" }]",
        )
        .expect("the deviations are read")
    }

    #[test]
    fn answers_and_operations_are_counted() {
        let checked = "fapi\tgetA\t200\nfapi\tgetA\t404\nbapi\tgetA\t200\n";
        let (line, findings) = judge(checked, "fapi\tgetA\t200\t/a\n", &deviations());
        assert_eq!(line, "spec: 3 answers checked, of 2 operations");
        assert_eq!(findings, Findings::new());
    }

    #[test]
    fn an_unused_deviation_is_stale() {
        let (_, findings) = judge("fapi\tgetA\t200\n", "fapi\tgetA\t200\t/b\n", &deviations());
        assert_eq!(findings, ["the deviation fapi getA 200 /a is stale: no answer needed it"]);
    }

    #[test]
    fn a_run_that_checked_nothing_is_a_finding() {
        let (_, findings) = judge("", "fapi\tgetA\t200\t/a\n", &deviations());
        assert_eq!(findings.len(), 1);
    }
}
