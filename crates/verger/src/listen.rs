//! Sockets. Development listens on both loopback addresses, because `localhost` means either, and on nothing else.

use crate::outcome::{Outcome, Stop};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use tokio::net::TcpListener;

/// How often a pair of free ports is looked for.
const TRIES: usize = 32;

/// One port on the loopback.
pub(crate) struct Loopback {
    pub(crate) port: u16,
    pub(crate) listeners: Vec<TcpListener>,
}

/// Listens on a port of 127.0.0.1 and, where there is IPv6, of `[::1]`; 0 picks one that is free on both.
pub(crate) async fn loopback(port: u16, flag: &str) -> Outcome<Loopback> {
    let tries = if port == 0 { TRIES } else { 1 };
    let mut last = None;
    for _ in 0..tries {
        match both(port).await {
            Ok(loopback) => return Ok(loopback),
            Err(err) => last = Some(err),
        }
    }
    let err = last.unwrap_or_else(|| io::ErrorKind::AddrInUse.into());
    Err(refused(&format!("port {port}"), &err, &format!("choose another with {flag}")))
}

async fn both(port: u16) -> io::Result<Loopback> {
    let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let port = v4.local_addr()?.port();
    let mut listeners = vec![v4];
    match TcpListener::bind(SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), port)).await {
        Ok(v6) => listeners.push(v6),
        Err(err) if is_absent(&err) => tracing::debug!("no IPv6 loopback here"),
        Err(err) => return Err(err),
    }
    Ok(Loopback { port, listeners })
}

/// Whether a machine without IPv6 says so.
fn is_absent(err: &io::Error) -> bool {
    matches!(err.kind(), io::ErrorKind::AddrNotAvailable | io::ErrorKind::Unsupported) || err.raw_os_error() == Some(97)
}

/// Listens on one address.
pub(crate) async fn on(address: SocketAddr, setting: &str) -> Outcome<TcpListener> {
    let bound = TcpListener::bind(address).await;
    bound.map_err(|err| refused(&address.to_string(), &err, &format!("choose another address with {setting}")))
}

fn refused(what: &str, err: &io::Error, advice: &str) -> Stop {
    let why = match err.kind() {
        io::ErrorKind::AddrInUse => "is in use".to_owned(),
        io::ErrorKind::PermissionDenied => "may not be listened on by this user".to_owned(),
        _ => format!("cannot be listened on ({err})"),
    };
    Stop::bad_start(format!("{what} {why}: stop what listens there, or {advice}"))
}
