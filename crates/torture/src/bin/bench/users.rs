//! Users by id over the Backend API beside a bare route with a body of the same size.

use crate::bare_route::BareRoute;
use crate::load::Load;
use crate::sample::Pair;
use crate::world::World;
use anyhow::Result;
use std::time::Duration;

const TIME: Duration = Duration::from_millis(1500);

/// Every connection asks for all users in turns.
///
/// # Errors
/// When something does not run.
pub(crate) async fn measure(world: &World, route: &BareRoute) -> Result<Pair> {
    let ask = |id: &str| world.backend.request("GET", &format!("/v1/users/{id}")).to_bytes();
    let requests: Vec<Vec<u8>> = world.people.iter().map(|person| ask(&person.id)).collect();
    let connections = vec![requests; world.people.len()];
    let load = |port| Load { port, connections: connections.clone(), time: TIME, pace: None };
    let bare = load(route.port).run(route.pid()).await?;
    Ok(Pair { server: load(world.backend.door.port).run(world.server.pid()).await?, bare })
}
