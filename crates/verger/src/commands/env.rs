//! `verger env`: the environment variables of an app.

use super::{admin, print};
use crate::cli::Env;
use crate::control::{Answer, Order};
use crate::outcome::{Outcome, Stop};

pub(crate) async fn run(args: Env) -> Outcome {
    let order = Order::Env { framework: args.framework.as_str().to_owned(), instance: args.instance };
    text(admin::order(&args.target, order).await?)
}

/// Prints an answer that is text already.
pub(super) fn text(answer: Answer) -> Outcome {
    match answer {
        Answer::Text(text) => print(&text),
        other => Err(unexpected(&other)),
    }
}

/// An answer of another kind: the server is of another version.
pub(super) fn unexpected(answer: &Answer) -> Stop {
    let kind = match answer {
        Answer::Text(_) => "text",
        Answer::Created(_) => "an application",
        Answer::Applications(_) => "applications",
        Answer::Keys(_) => "keys",
    };
    Stop::failed(format!("the running server answered with {kind}: is it of another version?"))
}
