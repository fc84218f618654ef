//! Session tokens over HTTP beside bare signatures.

use crate::bare;
use crate::load::Load;
use crate::sample::Pair;
use crate::world::World;
use anyhow::Result;
use std::time::Duration;

const TIME: Duration = Duration::from_millis(2000);
const BARE_TIME: Duration = Duration::from_millis(1000);

/// Every connection refreshes the token of its own session, as fast as it is answered.
///
/// # Errors
/// When something does not run.
pub(crate) async fn measure(world: &World) -> Result<Pair> {
    let bare = bare::signatures(BARE_TIME)?;
    let connections = world.people.iter().map(|person| vec![person.refresh.clone()]).collect();
    let load = Load { port: world.frontend.port, connections, time: TIME, pace: None };
    Ok(Pair { server: load.run(world.server.pid()).await?, bare })
}
