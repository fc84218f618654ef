//! `verger dev`: a server on the loopback without configuration.

use super::{print, print_json};
use crate::cli::Dev;
use crate::data_dir::DataDir;
use crate::env_file::EnvFile;
use crate::outcome::{Outcome, Stop, explain};
use crate::ready::{Ready, block, words};
use crate::run::{Senders, Server, Signals, doors, service};
use crate::{control, listen, logging};
use verger_crypto::OsEntropy;
use verger_http::{Access, Listener};
use verger_model::address::PublicBase;
use verger_portal::InboxAccess;
use verger_portal::env_block::Framework;
use verger_service::Service;
use verger_store::Store;

pub(crate) async fn run(args: Dev) -> Outcome {
    // Everything that may refuse the start comes before anything that changes something.
    logging::start(&args.log)?;
    let env_file = args.write_env.as_deref().map(EnvFile::open).transpose()?;
    let found = DataDir::find(&args.data_dir)?;
    let frontend = listen::loopback(args.port, "--port").await?;
    let backend = listen::loopback(backend_port(args.port, args.backend_port)?, "--backend-port").await?;
    let signals = Signals::take()?;

    let dir = found.into_owned(&OsEntropy)?;
    let master_key = dir.master_key()?;
    let store = Store::sqlite(&dir.database()).await?;
    let base = base(frontend.port, backend.port);
    let service = service(store, master_key, base, Senders::default()).await?;
    service.bootstrap().await.map_err(|err| Stop::bad_start(format!("cannot start: {}", explain(&err))))?;
    let control = control::listen(&dir.socket())?;

    let access = Access { trusted_proxies: Vec::new(), loopback_hosts: true };
    let (state, doors) = doors(&service, access, InboxAccess::Open);
    let backend_router = doors.backend.clone();
    let browser_router = doors.behind(state.clone(), Listener::Browser);
    let browser = frontend.listeners.into_iter().map(|listener| (listener, browser_router.clone()));
    let backends = backend.listeners.into_iter().map(|listener| (listener, backend_router.clone()));
    let listeners = browser.chain(backends).collect();

    announce(&args, &service, env_file.as_ref()).await?;
    Server { state, listeners, control: Some(control) }.run(signals).await
}

/// Where a development server lives.
pub(super) fn base(port: u16, backend_port: u16) -> PublicBase {
    PublicBase {
        frontend: format!("http://localhost:{port}"),
        backend: format!("http://localhost:{backend_port}"),
        domain_port: None,
    }
}

/// The named port, else the one after the first, else (0) a free one.
pub(super) fn backend_port(port: u16, named: Option<u16>) -> Outcome<u16> {
    match named {
        Some(named) => Ok(named),
        None if port == 0 => Ok(0),
        None => port
            .checked_add(1)
            .ok_or_else(|| Stop::bad_start("there is no port after 65535: name one with --backend-port")),
    }
}

async fn announce(args: &Dev, service: &Service, env_file: Option<&EnvFile>) -> Outcome {
    let root = service.root_tenant().ok_or_else(|| Stop::bad_start("the database has no instance at the root"))?;
    let credentials = service.credentials(&root.instance.id).await.map_err(|err| Stop::failed(explain(&err)))?;
    if let Some(file) = env_file {
        file.write(&block(Framework::Nextjs, &credentials, service.base()))?;
    }
    if args.json {
        return print_json(&Ready::new(&credentials, service.base()));
    }
    let title = format!("Verger {} is ready. Stop it with Ctrl-C.", env!("CARGO_PKG_VERSION"));
    let written = args.write_env.as_ref().map_or(String::new(), |path| format!("\nWritten to {}.\n", path.display()));
    print(&format!("\n{title}\n\n{}{written}\n", words(&credentials, service.base())))
}
