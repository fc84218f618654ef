//! What the README tells people to type: each command runs here as it stands there, or in the place that is named here.

use crate::verger::{Running, free_port};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Commands that another part of `make test` runs: the command, a file, and the words in it that run the command.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("make run", "e2e/stack/make-run.ts", "'make', ['run']"),
    ("make test", ".ci/run", "make test"),
    ("cargo build --release -p verger", "scripts/steps.sh", "cargo build --locked --release -p verger"),
];

/// Starts beside which the commands of their part of the README run.
const DEV: &str = "./target/release/verger dev --write-env .env.local";
const DEV_FOR_TESTS: &str = "verger dev --port 0 --json";
const SERVE: &str = "verger serve --config verger.toml";
const MASTER_KEY: &str = "(umask 077; head -c 32 /dev/urandom | base64 > master.key)";

/// Commands beside `verger dev`, and what each prints.
const BESIDE_DEV: &[(&str, &str)] = &[
    ("verger env --framework express", "CLERK_API_URL=http://localhost:"),
    ("verger apps create Shop", "sk_test_"),
    ("verger apps list", "shop"),
    ("verger keys list --instance shop", "key"),
];

/// Commands beside `verger serve`, and what each prints.
const BESIDE_SERVE: &[(&str, &str)] = &[
    ("verger apps set-domain my-application-live example.com --config verger.toml", "example.com"),
    ("verger keys create --instance my-application-live --config verger.toml", "sk_live_"),
];

/// Mentions of a command without what it needs.
const MENTIONS: &[&str] = &["verger dev", "verger serve", "verger env"];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn readme() -> String {
    fs::read_to_string(repository().join("README.md")).unwrap()
}

/// The contents of the blocks that are fenced with this language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let opening = format!("```{language}\n");
    text.split(&opening).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// The commands of shell blocks without their comments; lines of environment blocks are none.
fn shell_commands(text: &str) -> impl Iterator<Item = String> {
    let is_variable = |line: &str| {
        line.split_once('=').is_some_and(|(name, _)| name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
    };
    let lines = blocks(text, "sh").into_iter().flat_map(str::lines);
    lines
        .map(|line| line.split(" #").next().unwrap().trim().to_owned())
        .filter(move |line| !line.is_empty() && !is_variable(line))
}

/// The commands that sentences quote.
fn quoted_commands(text: &str) -> impl Iterator<Item = String> {
    let prose = text.split("```").step_by(2).flat_map(|part| part.split('`').skip(1).step_by(2));
    prose
        .map(|span| span.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|span| matches!(span.split_once(' '), Some(("verger" | "make" | "cargo" | "npm" | "npx" | "sh", _))))
}

#[test]
fn every_command_of_the_readme_is_run() {
    let text = readme();
    let told: BTreeSet<String> = shell_commands(&text).chain(quoted_commands(&text)).collect();
    let beside = BESIDE_DEV.iter().chain(BESIDE_SERVE).map(|(command, _)| *command);
    let elsewhere = ELSEWHERE.iter().map(|(command, ..)| *command);
    let run = [DEV, DEV_FOR_TESTS, SERVE, MASTER_KEY].into_iter().chain(beside).chain(elsewhere);
    let run: BTreeSet<String> = run.map(str::to_owned).collect();
    let told: BTreeSet<String> = told.into_iter().filter(|command| !MENTIONS.contains(&command.as_str())).collect();
    let unknown: Vec<_> = told.difference(&run).collect();
    assert!(unknown.is_empty(), "the README tells people to run what no test runs: {unknown:?}");
    let gone: Vec<_> = run.difference(&told).collect();
    assert!(gone.is_empty(), "the README does not say this any more: {gone:?}");
    for (command, file, words) in ELSEWHERE {
        let script = fs::read_to_string(repository().join(file)).unwrap();
        assert!(script.contains(words), "{file} does not run `{command}`");
    }
}

/// The documented line as a shell runs it in this directory, where `verger` is the program under test.
fn shell(directory: &Path, line: &str) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_verger"));
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", program.parent().unwrap().display());
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(directory).env_clear().env("PATH", path).stdin(Stdio::null());
    command
}

#[track_caller]
fn assert_prints(directory: &Path, line: &str, words: &str) {
    let output = shell(directory, line).output().unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && stdout.contains(words), "{line}: {stdout}{stderr}");
}

#[test]
fn the_commands_for_development_work() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    // As documented but for what a second server on this machine needs; `exec` so that a signal reaches it.
    let start = DEV.replace("./target/release/verger", "exec verger");
    let server = Running::start(&mut shell(path, &format!("{start} --port 0 --json")));
    let written = fs::read_to_string(path.join(".env.local")).unwrap();
    let block =
        blocks(&readme(), "sh").into_iter().find(|block| block.contains("CLERK_SECRET_KEY=")).unwrap().to_owned();
    let names =
        |text: &str| text.lines().filter_map(|line| Some(line.split_once('=')?.0.to_owned())).collect::<Vec<_>>();
    assert_eq!(names(&written), names(&block));
    for (line, words) in BESIDE_DEV {
        assert_prints(path, line, words);
    }
    assert!(server.stop());
    let again = Running::start(&mut shell(path, &format!("exec {DEV_FOR_TESTS}")));
    assert!(again.text("secret_key").starts_with("sk_test_") && again.stop());
}

#[test]
fn the_commands_for_production_work() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let config = blocks(&readme(), "toml")[0].replace("0.0.0.0:8080", &format!("127.0.0.1:{}", free_port()));
    // The one thing in it that another machine has to provide.
    let config = config.replace("postgres://verger@db/verger", "verger.db");
    assert!(config.contains("\nlisten = \"127.0.0.1:") && config.contains("\ndatabase = \"verger.db\""), "{config}");
    fs::write(path.join("verger.toml"), config).unwrap();
    assert_prints(path, MASTER_KEY, "");
    let server = Running::start(&mut shell(path, &format!("exec {SERVE} --json")));
    for (line, words) in BESIDE_SERVE {
        assert_prints(path, line, words);
    }
    assert!(server.stop());
}
