//! Clients that hang up in the middle of a request do no harm to those beside them, on both engines.

use crate::chance::Chance;
use crate::crowd::Crowd;
use crate::progress::Progress;
use crate::site::Site;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::JoinSet;
use verger_torture::{CODE, Connection, Door, PASSWORD, Visitor};

const NEIGHBOURS: usize = 80;
const VANDALS: u64 = 4;
const CUTS: usize = 25;
/// A vandal that sent a whole request hangs up when the server has answered fewer neighbours than that, while it is at it.
const MOST_ANSWERS: usize = 6;

#[tokio::test]
async fn cut_requests_harm_no_neighbour_on_sqlite() {
    cut_requests_harm_no_neighbour(&Site::embedded()).await;
}

#[tokio::test]
async fn cut_requests_harm_no_neighbour_on_postgres() {
    cut_requests_harm_no_neighbour(&Site::shared()).await;
}

async fn cut_requests_harm_no_neighbour(site: &Site) {
    let running = site.start();
    let (_doors, door) = watch::channel(running.frontend.clone());
    let crowd = Arc::new(Crowd::new(NEIGHBOURS));
    let mut vandals = JoinSet::new();
    for seed in 0..VANDALS {
        let (door, neighbours) = (running.frontend.clone(), crowd.progress.clone());
        vandals.spawn(async move { vandalize(&door, &neighbours, seed).await });
    }
    crowd.sign_up(&door).await;
    let cuts_beside_neighbours: usize = vandals.join_all().await.into_iter().sum();

    assert!(cuts_beside_neighbours >= CUTS, "only {cuts_beside_neighbours} cuts had neighbours");
    let acknowledged = crowd.acknowledged();
    assert_eq!(acknowledged.len(), NEIGHBOURS, "a neighbour lost its connection");
    let kept: BTreeSet<_> = running.emails().await.into_iter().collect();
    let lost: Vec<_> = acknowledged.iter().filter(|email| !kept.contains(*email)).collect();
    assert_eq!(lost, Vec::<&String>::new());
}

/// Cuts requests that write: in their head, in their body, and after their end. How many cuts came while a neighbour waited for
/// an answer.
async fn vandalize(door: &Door, neighbours: &Progress, seed: u64) -> usize {
    let mut beside_neighbours = 0;
    let chance = Chance::new(seed);
    for cut in 0..CUTS {
        let email = format!("vandal{seed}.{cut}+clerk_test@cut.test");
        let mut visitor = Visitor::open(door).await.unwrap();
        let request = if cut % 2 == 0 {
            visitor.form("/v1/client/sign_ups", &[("email_address", &email), ("password", PASSWORD)])
        } else {
            let id = visitor.begin_sign_up(&email).await.unwrap();
            let attempt = format!("/v1/client/sign_ups/{id}/attempt_verification");
            visitor.form(&attempt, &[("strategy", "email_code"), ("code", CODE)])
        };
        let bytes = request.to_bytes();
        let mut connection = Connection::open(door.port).await.unwrap();
        if chance.below(3) == 0 {
            connection.send(&bytes[..1 + chance.below(bytes.len() - 1)]).await.unwrap();
        } else {
            connection.send(&bytes).await.unwrap();
            let moment = neighbours.counts().ended + chance.below(MOST_ANSWERS);
            neighbours.wait_for(|counts| counts.ended >= moment).await;
        }
        beside_neighbours += usize::from(neighbours.counts().in_flight() > 0);
        drop(connection);
    }
    beside_neighbours
}
