//! Project automation: the rules that the compiler cannot check.
//!
//! `cargo xtask arch` guards the arrows between the crates, the bans, the licences and the words and sizes of files;
//! `ops` the ledger of operations; `parity` the two migration folders; `spec-report` sums up what a test run checked
//! against the specifications. Each prints its findings and fails when there are any.

mod arch;
mod ops;
mod parity;
mod spec_report;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "usage: cargo xtask arch | ops | parity | spec-report [--reset | --whole]";

/// What a rule found wrong, one sentence each.
type Findings = Vec<String>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(findings) if findings.is_empty() => ExitCode::SUCCESS,
        Ok(findings) => {
            for finding in &findings {
                eprintln!("{}: {finding}", arguments[0]);
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[&str]) -> Result<Findings> {
    match arguments {
        ["arch"] => arch::run(),
        ["ops"] => ops::run(),
        ["parity"] => parity::run(),
        ["spec-report"] => spec_report::run(false),
        ["spec-report", "--whole"] => spec_report::run(true),
        ["spec-report", "--reset"] => spec_report::reset(),
        _ => bail!(USAGE),
    }
}
