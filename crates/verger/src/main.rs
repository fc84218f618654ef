//! The binary: command line, configuration, data directory, listeners, background work. The only crate that knows all others;
//! it decides nothing about users.

mod background;
mod cli;
mod commands;
mod config;
mod control;
mod data_dir;
mod env_file;
mod http_server;
mod listen;
mod logging;
mod outcome;
mod ready;
mod run;
mod system;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match commands::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            eprintln!("verger: {stop}");
            ExitCode::from(stop.code())
        }
    }
}
