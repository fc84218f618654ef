//! Drives two published Rust clients of Clerk's APIs, unmodified, against a real server: `clerk-rs` through the Backend API and
//! `clerk-fapi-rs` through the Frontend API. Starts the server itself (`VERGER_BIN`, or the debug build of this repository).
//!
//! Where a generated model disagrees with what clerk-js needs, clerk-js wins; such a case is asserted as a disagreement, so
//! that it is noticed when it goes away. `docs/API-NOTES.md` lists them.

mod backend;
mod frontend;
mod report;
mod server;

use report::Report;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let server = match server::Server::start().await {
        Ok(server) => server,
        Err(err) => {
            eprintln!("rust-clients: {err}");
            return ExitCode::FAILURE;
        }
    };
    let mut report = Report::default();
    // A flow that stops early has noted why.
    let _ = backend::run(&mut report, &server.ready).await;
    let _ = frontend::run(&mut report, &server.ready).await;
    server.stop().await;
    report.close()
}
