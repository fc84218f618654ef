//! The command's side of the socket.

use super::answer::Answer;
use super::order::{Carried, Order};
use crate::outcome::{Outcome, Stop};
use std::path::Path;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;

/// Reaches the server that owns a data directory; `None` when none does.
pub(crate) async fn connect(socket: &Path) -> Option<UnixStream> {
    UnixStream::connect(socket).await.ok()
}

/// Gives one order and waits for the answer.
pub(crate) async fn ask(mut stream: UnixStream, order: &Order) -> Outcome<Answer> {
    let broken = |why: String| Stop::failed(format!("the running server did not answer: {why}"));
    let mut line = serde_json::to_vec(order).map_err(|err| broken(err.to_string()))?;
    line.push(b'\n');
    stream.write_all(&line).await.map_err(|err| broken(err.to_string()))?;
    let mut reply = String::new();
    BufReader::new(stream).read_line(&mut reply).await.map_err(|err| broken(err.to_string()))?;
    let carried: Carried = serde_json::from_str(&reply).map_err(|err| broken(err.to_string()))?;
    carried.map_err(Stop::failed)
}
