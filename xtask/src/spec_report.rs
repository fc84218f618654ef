//! `cargo xtask spec-report`: how many answers a test run held against the specifications.
//!
//! The test processes append to `checked` and `used` in `target/spec-report/`; `--reset` empties both before a run.
//! An entry of `tests/spec_deviations.toml` that no answer of the run needed is stale and fails the run. With `--whole` the run
//! must have answers from every source: tests of the doors, of server processes, of browsers and of Rust clients.

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

/// Where the answers of a whole run come from.
const SOURCES: [&str; 4] = ["doors", "processes", "browsers", "rust clients"];

pub(crate) fn run(is_whole: bool) -> Result<Findings> {
    if workspace::specs()?.is_none() {
        println!("spec: NOT CHECKED");
        return Ok(Findings::new());
    }
    let deviations = toml::from_str(&workspace::read("tests/spec_deviations.toml")?);
    let (checked, used) = (read(&folder().join("checked"))?, read(&folder().join("used"))?);
    let (line, mut findings) = judge(&checked, &used, &deviations.context("tests/spec_deviations.toml")?);
    println!("{line}");
    if is_whole {
        findings.extend(silent_sources(&checked));
    }
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
    let by_source = sources(checked).into_iter().map(|(source, answers)| format!("{source} {answers}"));
    let by_source = by_source.collect::<Vec<_>>().join(", ");
    let operations = checked.lines().filter_map(|line| line.split_once('\t')?.1.rsplit_once('\t'));
    let operations: BTreeSet<_> = operations.map(|(operation, _)| operation).collect();
    let line = format!("spec: {answers} answers checked ({by_source}), of {} operations", operations.len());

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

/// How many answers each source asked for, in the order of [`SOURCES`] and without those that asked for none.
fn sources(checked: &str) -> Vec<(&'static str, usize)> {
    let of = |source: &str| checked.lines().filter(|line| line.split('\t').next() == Some(source)).count();
    SOURCES.into_iter().map(|source| (source, of(source))).filter(|(_, answers)| *answers > 0).collect()
}

fn silent_sources(checked: &str) -> Findings {
    let heard: Vec<_> = sources(checked).into_iter().map(|(source, _)| source).collect();
    let silent = SOURCES.into_iter().filter(|source| !heard.contains(source));
    silent.map(|source| format!("no answer to {source} was held against the specifications")).collect()
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
        let checked = "browsers\tfapi\tgetA\t200\ndoors\tfapi\tgetA\t404\ndoors\tbapi\tgetA\t200\n";
        let (line, findings) = judge(checked, "fapi\tgetA\t200\t/a\n", &deviations());
        assert_eq!(line, "spec: 3 answers checked (doors 2, browsers 1), of 2 operations");
        assert_eq!(findings, Findings::new());
    }

    #[test]
    fn an_unused_deviation_is_stale() {
        let (_, findings) = judge("doors\tfapi\tgetA\t200\n", "fapi\tgetA\t200\t/b\n", &deviations());
        assert_eq!(findings, ["the deviation fapi getA 200 /a is stale: no answer needed it"]);
    }

    #[test]
    fn a_whole_run_hears_every_source() {
        let checked = SOURCES.map(|source| format!("{source}\tfapi\tgetA\t200\n")).concat();
        assert_eq!(silent_sources(&checked), Findings::new());
        assert_eq!(silent_sources("doors\tfapi\tgetA\t200\n").len(), SOURCES.len() - 1);
    }

    #[test]
    fn a_run_that_checked_nothing_is_a_finding() {
        let (_, findings) = judge("", "fapi\tgetA\t200\t/a\n", &deviations());
        assert_eq!(findings.len(), 1);
    }
}
