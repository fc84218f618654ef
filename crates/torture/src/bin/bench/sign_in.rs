//! Password sign-ins beside bare hashes, with nothing else to do and while tokens are refreshed.

use crate::bare;
use crate::load::Load;
use crate::sample::{Pair, Sample, SignIns};
use crate::world::World;
use anyhow::Result;
use std::time::Duration;

const TIME: Duration = Duration::from_millis(2000);
const BARE_TIME: Duration = Duration::from_millis(1500);
/// Sign-ins under way at a time: enough that a thread that hashes never waits for the next password.
const IN_FLIGHT: usize = 8;
/// Every connection refreshes its token four times a second: what 64 connections carry for some ten thousand signed-in tabs.
const REFRESH_EVERY: Duration = Duration::from_millis(250);

/// The CPU time of the refreshes, at what one costs by itself, is not counted as the sign-ins'.
///
/// # Errors
/// When something does not run.
pub(crate) async fn measure(world: &World, mint: &Sample) -> Result<SignIns> {
    let bare = bare::hashes(BARE_TIME)?;
    let pid = world.server.pid();
    let alone = sign_ins(world).run(pid).await?;
    let (beside, refreshes) = tokio::join!(sign_ins(world).run(pid), refreshes(world).run(pid));
    let (mut beside, refreshes) = (beside?, refreshes?);
    beside.cpu -= refreshes.done as f64 / mint.rate_per_cpu();
    Ok(SignIns {
        alone: Pair { server: alone, bare: bare.clone() },
        beside_refreshes: Pair { server: beside, bare },
        refreshes,
    })
}

/// Every sign-in comes from a new browser; the people take turns.
fn sign_ins(world: &World) -> Load {
    let of_connection =
        |first| world.people.iter().skip(first).step_by(IN_FLIGHT).map(|it| it.sign_in.clone()).collect();
    let connections = (0..IN_FLIGHT).map(of_connection).collect();
    Load { port: world.frontend.port, connections, time: TIME, pace: None }
}

fn refreshes(world: &World) -> Load {
    let connections = world.people.iter().map(|person| vec![person.refresh.clone()]).collect();
    Load { port: world.frontend.port, connections, time: TIME, pace: Some(REFRESH_EVERY) }
}
