//! The socket of a running server: one order per line, one answer per line, both JSON. Who may open it owns the data directory.

use super::order::{Carried, Order};
use crate::outcome::{Outcome, Stop};
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use verger_service::Service;

/// The longest order, in bytes; a settings document is the largest part of one.
const ORDER_LIMIT: u64 = 1024 * 1024;

/// Opens the socket. The caller holds the directory's lock, so a socket that is there belongs to a process that is gone.
pub(crate) fn listen(path: &Path) -> Outcome<UnixListener> {
    let failed = |err: io::Error| {
        let path = path.display();
        Stop::bad_start(format!(
            "the control socket {path} cannot be made ({err}): choose a --data-dir with a shorter path"
        ))
    };
    match fs::remove_file(path) {
        Err(err) if err.kind() != io::ErrorKind::NotFound => return Err(failed(err)),
        _ => {}
    }
    let listener = UnixListener::bind(path).map_err(failed)?;
    fs::set_permissions(path, Permissions::from_mode(0o600)).map_err(failed)?;
    Ok(listener)
}

/// Takes orders until `stop` turns true.
pub(crate) async fn serve(listener: UnixListener, service: Arc<Service>, mut stop: watch::Receiver<bool>) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        let Ok((stream, _)) = accepted else { continue };
        let service = Arc::clone(&service);
        tokio::spawn(async move {
            if let Err(err) = converse(stream, &service).await {
                tracing::debug!(error = %err, "a control connection broke");
            }
        });
    }
}

async fn converse(stream: UnixStream, service: &Arc<Service>) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read.take(ORDER_LIMIT)).lines();
    while let Some(line) = lines.next_line().await? {
        let carried: Carried = match serde_json::from_str::<Order>(&line) {
            Ok(order) => order.carry_out(service).await,
            Err(err) => {
                Err(format!("the running server does not understand this order ({err}): is it of another version?"))
            }
        };
        let mut reply = serde_json::to_vec(&carried)?;
        reply.push(b'\n');
        write.write_all(&reply).await?;
    }
    Ok(())
}
