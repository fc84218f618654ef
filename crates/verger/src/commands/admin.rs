//! How administrative commands reach the data: through the running server, or by opening it themselves.

use super::{dev, serve};
use crate::cli::Target;
use crate::control::{Answer, Order, ask, connect};
use crate::data_dir::{DataDir, Found, socket_of};
use crate::logging;
use crate::outcome::{Outcome, Stop};
use crate::run::{Senders, service};
use std::sync::Arc;
use tokio::net::UnixStream;
use verger_crypto::OsEntropy;
use verger_service::Service;
use verger_store::Store;

/// The way to the data.
pub(crate) enum Way {
    /// Another process owns it and takes orders.
    Socket(UnixStream),
    /// This process opened it, and owns its directory if it has one.
    Own(Arc<Service>, Option<DataDir>),
}

/// Gives an order to whoever can carry it out.
pub(super) async fn order(target: &Target, order: Order) -> Outcome<Answer> {
    logging::start("warn")?;
    match way(target).await? {
        Way::Socket(stream) => ask(stream, &order).await,
        Way::Own(service, _dir) => {
            let carried = order.carry_out(&service).await;
            service.store().close().await;
            carried.map_err(Stop::failed)
        }
    }
}

async fn way(target: &Target) -> Outcome<Way> {
    if let Some(config) = &target.config {
        return serve::reach(config).await;
    }
    if let Some(stream) = connect(&socket_of(&target.data_dir)).await {
        return Ok(Way::Socket(stream));
    }
    let found = DataDir::find(&target.data_dir)?;
    if let Found::New(path) = &found {
        let path = path.display();
        return Err(Stop::bad_start(format!(
            "there is no data in {path}: run verger dev first, or name another --data-dir"
        )));
    }
    let base = dev::base(target.port, dev::backend_port(target.port, target.backend_port)?);
    let dir = found.into_owned(&OsEntropy)?;
    let service = service(Store::sqlite(&dir.database()).await?, dir.master_key()?, base, Senders::default()).await?;
    Ok(Way::Own(service, Some(dir)))
}
