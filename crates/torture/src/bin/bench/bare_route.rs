//! The bare route: axum with one parameter in the path and a body that lies ready, in a process of its own.

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::Path;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use tokio::net::TcpListener;

/// The argument that turns this program into the route.
pub(crate) const ARGUMENT: &str = "bare-route";

/// Serves the body until it is killed; says its port first.
pub(crate) fn serve(body: &str) -> Result<()> {
    let body: Arc<str> = body.into();
    let answer = move |Path(_): Path<String>| {
        let body = body.to_string();
        async move { ([(CONTENT_TYPE, "application/json")], body) }
    };
    let router = Router::new().route("/v1/users/{user_id}", get(answer));
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        println!("{}", listener.local_addr()?.port());
        std::io::stdout().flush()?;
        Ok(axum::serve(listener, router).await?)
    })
}

/// The process. It ends with the value.
pub(crate) struct BareRoute {
    child: Child,
    /// Where it listens.
    pub(crate) port: u16,
}

impl BareRoute {
    /// Starts it with the body to serve.
    ///
    /// # Errors
    /// When it does not start.
    pub(crate) fn start(body: &str) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let child = command.args([ARGUMENT, body]).stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut route = Self { child, port: 0 };
        let mut line = String::new();
        BufReader::new(route.child.stdout.take().context("stdout is piped")?).read_line(&mut line)?;
        route.port = line.trim().parse().context("the bare route said no port")?;
        Ok(route)
    }

    /// The process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for BareRoute {
    fn drop(&mut self) {
        // Both fail only for a process that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
