//! One file per command.

mod admin;
mod apps;
mod dev;
mod env;
mod keys;
mod serve;

use crate::cli::{Cli, Command};
use crate::outcome::{Outcome, Stop};
use crate::run::block_on;
use std::io::{self, Write};

/// Runs the command that was given.
pub(crate) fn run(cli: Cli) -> Outcome {
    match cli.command {
        Command::Dev(args) => block_on(dev::run(args)),
        Command::Serve(args) => block_on(serve::run(args)),
        Command::Env(args) => block_on(env::run(args)),
        Command::Apps { command } => block_on(apps::run(command)),
        Command::Keys { command } => block_on(keys::run(command)),
    }
}

/// Prints on standard output. Somebody who stopped reading is no error.
fn print(text: &str) -> Outcome {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(err) if err.kind() != io::ErrorKind::BrokenPipe => Err(Stop::failed(format!("cannot print: {err}"))),
        _ => Ok(()),
    }
}

/// Prints one line of JSON.
fn print_json<T: serde::Serialize>(value: &T) -> Outcome {
    let line = serde_json::to_string(value).map_err(|err| Stop::failed(err.to_string()))?;
    print(&format!("{line}\n"))
}
