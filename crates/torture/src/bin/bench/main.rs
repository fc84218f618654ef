//! `make bench`: what a release build does in a second, and how near that comes to the bare operation behind it. Both sides of a
//! ratio run in turns in the same run, several rounds, and medians are shown; the rate by the clock is joined by the rate per
//! CPU second of the server, which other work on the machine disturbs least.

mod bare;
mod bare_route;
mod enumeration;
mod idle;
mod load;
mod mint;
mod sample;
mod sign_in;
mod table;
mod users;
mod world;

use anyhow::{Context, Result};
use sample::Round;
use world::World;

/// Each round measures everything once.
const ROUNDS: usize = 5;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some(bare_route::ARGUMENT) => bare_route::serve(&arguments.next().context("the body is missing")?),
        _ => measure(),
    }
}

/// One thread drives the load, so that as much of the machine as possible is the server's.
fn measure() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let world = World::make().await?;
        let route = bare_route::BareRoute::start(&world.user_json)?;
        let mut rounds = Vec::new();
        for round in 1..=ROUNDS {
            eprintln!("round {round} of {ROUNDS}");
            rounds.push(one_round(&world, &route).await?);
        }
        drop(route);
        let told = enumeration::measure(&world).await?;
        let idle = idle::measure(world)?;
        print!("{}", table::render(&rounds, &idle, &told));
        Ok(())
    })
}

async fn one_round(world: &World, route: &bare_route::BareRoute) -> Result<Round> {
    let mint = mint::measure(world).await?;
    let user = users::measure(world, route).await?;
    let sign_in = sign_in::measure(world, &mint.server).await?;
    Ok(Round { mint, user, sign_in })
}
