//! A `verger dev` of our own, on free ports or those that are asked for, with a data directory that is thrown away.

use serde_json::Value;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// What the server said about itself.
pub struct Ready {
    /// Base of the Frontend API.
    pub frontend_api_url: String,
    /// Base of the Backend API.
    pub backend_api_url: String,
    pub publishable_key: String,
    pub secret_key: String,
}

pub struct Server {
    child: Child,
    data_dir: PathBuf,
    pub ready: Ready,
}

impl Server {
    /// Starts the server and waits for its ready line.
    pub async fn start() -> Result<Self, String> {
        let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/debug/verger");
        let binary = variable("VERGER_BIN", built);
        let data_dir = std::env::temp_dir().join(format!("verger-rust-clients-{}", std::process::id()));
        let mut child = Command::new(&binary)
            .args(["dev", "--json", "--port", &variable("VERGER_PORT", "0"), "--data-dir"])
            .arg(&data_dir)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|err| format!("{binary} does not start: {err}"))?;
        let stdout = child.stdout.take().ok_or("the server has no output")?;
        let line = tokio::time::timeout(Duration::from_secs(30), first_line(BufReader::new(stdout)));
        let line = line.await.map_err(|_| "the server was not ready within 30 seconds")??;
        let ready = read_line(&line).ok_or_else(|| format!("not a ready line: {line}"))?;
        Ok(Self { child, data_dir, ready })
    }

    /// Ends the server and removes its data.
    pub async fn stop(mut self) {
        let _ = self.child.kill().await;
        let _ = std::fs::remove_dir_all(&self.data_dir);
    }
}

#[expect(clippy::disallowed_methods, reason = "a program of its own, told by two variables which binary to start and where")]
fn variable(name: &str, default: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| default.to_owned())
}

async fn first_line(mut output: BufReader<tokio::process::ChildStdout>) -> Result<String, String> {
    let mut line = String::new();
    let read = output.read_line(&mut line).await.map_err(|err| err.to_string())?;
    // The pipe stays open for as long as the server lives.
    tokio::spawn(async move { while output.read_line(&mut String::new()).await.is_ok_and(|n| n > 0) {} });
    if read == 0 { Err("the server ended before it was ready".into()) } else { Ok(line) }
}

fn read_line(line: &str) -> Option<Ready> {
    let json: Value = serde_json::from_str(line).ok()?;
    let text = |key: &str| json.get(key)?.as_str().map(str::to_owned);
    Some(Ready {
        frontend_api_url: text("frontend_api_url")?,
        backend_api_url: text("backend_api_url")?,
        publishable_key: text("publishable_key")?,
        secret_key: text("secret_key")?,
    })
}
