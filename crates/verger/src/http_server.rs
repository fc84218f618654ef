//! Connections: HTTP/1 over TCP, with limits on how long a client may dawdle over its headers, and an orderly end.

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::ServiceExt;

/// The longest time for the head of a request, which is also how long an idle connection is kept.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);
/// The largest head of a request, in bytes: cookies of all apps on `localhost` come along.
const HEAD_LIMIT: usize = 128 * 1024;
/// How long to wait when the system has no more file descriptors.
const BREATHER: Duration = Duration::from_millis(100);

/// Answers requests until `stop` turns true, then those that are under way.
pub(crate) async fn serve(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        match accepted {
            Ok((stream, peer)) => converse(stream, peer, router.clone(), &graceful),
            Err(err) => {
                tracing::warn!(error = %err, "a connection could not be accepted");
                tokio::time::sleep(BREATHER).await;
            }
        }
    }
    drop(listener);
    graceful.shutdown().await;
}

fn converse(stream: TcpStream, peer: SocketAddr, router: Router, graceful: &GracefulShutdown) {
    if let Err(err) = stream.set_nodelay(true) {
        tracing::debug!(error = %err, "a connection went away at once");
    }
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(HEAD_LIMIT);
    let connection = graceful.watch(builder.serve_connection(TokioIo::new(stream), service));
    tokio::spawn(async move {
        if let Err(err) = connection.await {
            tracing::debug!(error = %err, "a connection broke");
        }
    });
}
