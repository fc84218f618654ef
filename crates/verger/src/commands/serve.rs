//! `verger serve`: a server as its configuration says. Several of them may share one PostgreSQL.

use super::{admin, print, print_json};
use crate::cli::Serve;
use crate::config::{Config, Database};
use crate::data_dir::{DataDir, InUse, socket_of};
use crate::outcome::{Outcome, Stop, explain};
use crate::run::{Senders, Server, Signals, doors, service};
use crate::{control, listen, logging};
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use verger_http::Listener;
use verger_outbound::{Mailer, SmtpMailer};
use verger_portal::InboxAccess;
use verger_store::Store;

pub(crate) async fn run(args: Serve) -> Outcome {
    // Everything that may refuse the start comes before anything that changes something.
    let config = Config::read(&args.config)?;
    logging::start(&config.log)?;
    let (access, database, master_key) = (config.access()?, config.database()?, config.master_key()?);
    let senders = Senders { mailer: mailer(&config)?, sms: config.sms()? };
    let owned = own(&database)?;
    let listener = listen::on(config.listen, "listen").await?;
    let backend = match config.listen_backend {
        Some(address) => Some(listen::on(address, "listen_backend").await?),
        None => None,
    };
    let signals = Signals::take()?;

    let store = open(&database).await?;
    let service = service(store, master_key, config.base(), senders).await?;
    service.bootstrap().await.map_err(|err| Stop::bad_start(format!("cannot start: {}", explain(&err))))?;
    let control = owned.as_ref().map(|dir| control::listen(&dir.socket())).transpose()?;

    let inbox = if config.inbox_is_open() { InboxAccess::Open } else { InboxAccess::Closed };
    let (state, doors) = doors(&service, access, inbox);
    let mut listeners = Vec::new();
    listeners.extend(backend.map(|listener| (listener, doors.backend.clone())));
    listeners.push((listener, doors.behind(state.clone(), Listener::Everything)));

    let base = service.base();
    if args.json {
        print_json(&json!({ "event": "ready", "frontend_api_url": base.frontend, "backend_api_url": base.backend }))?;
    } else {
        print(&format!("Verger {} listens on {}.\n", env!("CARGO_PKG_VERSION"), config.listen))?;
    }
    Server { state, listeners, control }.run(signals).await
}

fn mailer(config: &Config) -> Outcome<Option<Arc<dyn Mailer>>> {
    let Some(smtp) = config.smtp()? else { return Ok(None) };
    let mailer = SmtpMailer::new(smtp).map_err(|err| Stop::bad_start(format!("configuration: smtp: {err}")))?;
    Ok(Some(Arc::new(mailer)))
}

/// An SQLite file belongs to one process: the lock and the control socket lie beside it.
fn own(database: &Database) -> Outcome<Option<DataDir>> {
    let Database::Sqlite(path) = database else { return Ok(None) };
    let directory = directory_of(path);
    if !directory.is_dir() {
        return Err(Stop::bad_start(format!("{} is no directory: make it, or change database", directory.display())));
    }
    match DataDir::lock(directory)? {
        Ok(dir) => Ok(Some(dir)),
        Err(InUse) => Err(Stop::bad_start(format!(
            "{} is in use by another verger process: stop it, or use PostgreSQL for several processes",
            directory.display()
        ))),
    }
}

async fn open(database: &Database) -> Outcome<Store> {
    Ok(match database {
        Database::Sqlite(path) => Store::sqlite(path).await?,
        Database::Postgres(url) => Store::postgres(url.expose()).await?,
    })
}

fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The way of administrative commands to the data of a configured server.
pub(super) async fn reach(path: &Path) -> Outcome<admin::Way> {
    let config = Config::read(path)?;
    let database = config.database()?;
    if let Database::Sqlite(file) = &database
        && let Some(stream) = control::connect(&socket_of(directory_of(file))).await
    {
        return Ok(admin::Way::Socket(stream));
    }
    let master_key = config.master_key()?;
    let owned = own(&database)?;
    let service = service(open(&database).await?, master_key, config.base(), Senders::default()).await?;
    Ok(admin::Way::Own(service, owned))
}
