//! Logs go to standard error; standard output belongs to what a command answers.

use crate::outcome::{Outcome, Stop};
use std::io::IsTerminal;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Sets up logging once per process. `filter` is a level or a list such as `info,verger_http=debug`; on anything but a terminal
/// each event is one JSON line.
pub(crate) fn start(filter: &str) -> Outcome {
    let filter: Targets = filter
        .parse()
        .map_err(|err| Stop::bad_start(format!("log: {err}: write for example info or warn,verger_http=debug")))?;
    let text = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let layer = if std::io::stderr().is_terminal() { text.boxed() } else { text.json().flatten_event(true).boxed() };
    // A second start in one process (there is none outside of tests) keeps the first.
    let _ = tracing_subscriber::registry().with(layer.with_filter(filter)).try_init();
    Ok(())
}
