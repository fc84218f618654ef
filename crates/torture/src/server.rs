//! A server process: started, asked where it listens, killed. None outlives the value that stands for it.

use crate::binary;
use crate::connection::Connection;
use crate::message::{Answer, Request};
use crate::stopwatch::Stopwatch;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::ffi::OsStr;
use std::fmt::Debug;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;
use url::Url;

/// A server that is not ready by then never will be.
const PATIENCE: Duration = Duration::from_secs(30);

/// Looks on while requests are made at a door.
pub trait Witness: Debug + Send + Sync {
    /// A request has been written to its connection as a whole.
    fn sent(&self) {}

    /// The connection broke after a request was sent and before it was answered.
    fn lost(&self) {}

    /// A request has been answered as a whole.
    fn answered(&self, request: &Request, answer: &Answer);
}

/// Where a connection goes, and which host its requests name.
#[derive(Clone, Debug)]
pub struct Door {
    /// The port on this machine.
    pub port: u16,
    /// The value of `Host`.
    pub host: String,
    /// Who looks on; nobody does in a measurement.
    pub witness: Option<Arc<dyn Witness>>,
}

impl Door {
    /// Sends a request over a connection to this door and reads the answer.
    pub(crate) async fn exchange(&self, connection: &mut Connection, request: &Request) -> std::io::Result<Answer> {
        connection.send(&request.to_bytes()).await?;
        let Some(witness) = &self.witness else { return connection.receive().await };
        witness.sent();
        let answer = connection.receive().await;
        match &answer {
            Ok(answer) => witness.answered(request, answer),
            Err(_) => witness.lost(),
        }
        answer
    }
}

/// A running `verger`. Dropping it is `kill -9`.
#[derive(Debug)]
pub struct Server {
    child: Child,
    ready: Value,
    ready_after: Duration,
}

impl Server {
    /// `verger dev` on a data directory and free ports.
    ///
    /// # Errors
    /// When there is no executable or it does not become ready; the message has what it said.
    pub fn dev(data: &Path) -> Result<Self> {
        Self::start(
            ["dev", "--port", "0", "--json", "--data-dir"].map(OsStr::new).into_iter().chain([data.as_os_str()]),
        )
    }

    /// `verger` with any arguments that end in a ready line.
    ///
    /// # Errors
    /// As [`Server::dev`].
    pub fn start<'a>(arguments: impl IntoIterator<Item = &'a OsStr>) -> Result<Self> {
        let mut log = tempfile::tempfile()?;
        let mut command = Command::new(binary::find()?);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log.try_clone()?);
        let watch = Stopwatch::start();
        let child = command.spawn().context("verger cannot be started")?;
        let mut server = Self { child, ready: Value::Null, ready_after: Duration::ZERO };
        let stdout = server.child.stdout.take().context("stdout is piped")?;
        let line = first_line(stdout);
        server.ready_after = watch.elapsed();
        match line.as_deref().map(serde_json::from_str::<Value>) {
            Some(Ok(ready)) if ready["event"] == "ready" => server.ready = ready,
            _ => {
                let mut said = String::new();
                log.rewind()?;
                log.read_to_string(&mut said)?;
                bail!("verger did not become ready: {}\n{said}", line.unwrap_or_default());
            }
        }
        Ok(server)
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// From the start of the process to its ready line.
    pub fn ready_after(&self) -> Duration {
        self.ready_after
    }

    /// A value of the ready line; empty if it is not there.
    pub fn told(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap_or_default()
    }

    /// The Frontend API.
    ///
    /// # Errors
    /// When the ready line names none.
    pub fn frontend(&self) -> Result<Door> {
        door(self.told("frontend_api_url"))
    }

    /// The Backend API.
    ///
    /// # Errors
    /// When the ready line names none.
    pub fn backend(&self) -> Result<Door> {
        door(self.told("backend_api_url"))
    }

    /// `kill -9`, and the wait until the process is gone.
    pub fn kill(self) {
        drop(self);
    }

    /// Asks the process to end (`SIGTERM`) and waits until it has.
    ///
    /// # Errors
    /// When it ends with a failure or not at all.
    pub fn stop(mut self) -> Result<()> {
        let asked = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status()?;
        ensure!(asked.success(), "the process cannot be signalled");
        let watch = Stopwatch::start();
        while watch.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                ensure!(status.success(), "verger ended with {status}");
                return Ok(());
            }
            thread::park_timeout(Duration::from_millis(5));
        }
        bail!("verger did not end when it was asked to")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only for a process that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first line that a process prints. The thread that reads it ends with the process.
fn first_line(stdout: ChildStdout) -> Option<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        let read = stdout.read_line(&mut line);
        // Nobody listens any more when the line comes too late.
        let _ = sender.send(read.is_ok().then_some(line));
        let _ = std::io::copy(&mut stdout, &mut std::io::sink());
    });
    receiver.recv_timeout(PATIENCE).ok().flatten()
}

fn door(url: &str) -> Result<Door> {
    let url = Url::parse(url).with_context(|| format!("no address in the ready line: {url:?}"))?;
    let (host, port) = url.host_str().zip(url.port_or_known_default()).context("an address without a host")?;
    Ok(Door { port, host: format!("{host}:{port}"), witness: None })
}
