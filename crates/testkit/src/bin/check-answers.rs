//! `check-answers SOURCE FILE`: holds the answers that `e2e/recorder.mjs` wrote down against the published specifications, and
//! counts them as those of SOURCE for `cargo xtask spec-report`. Fails on a disagreement that `tests/spec_deviations.toml` does
//! not list, and on a recording without answers.

use std::process::ExitCode;

use verger_testkit::spec::check_recording;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [source, file] = arguments.as_slice() else {
        eprintln!("usage: check-answers SOURCE FILE");
        return ExitCode::from(2);
    };
    let read = std::fs::read_to_string(file).map_err(|e| e.to_string());
    match read.and_then(|recording| check_recording(source, &recording)) {
        Ok(Some(outcome)) => {
            println!("spec: {source}: {outcome}");
            if outcome.disagreements.is_empty() && outcome.checked > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Ok(None) => {
            println!("spec: {source}: NOT CHECKED");
            ExitCode::SUCCESS
        }
        Err(told) => {
            eprintln!("error: {file}: {told}");
            ExitCode::from(2)
        }
    }
}
