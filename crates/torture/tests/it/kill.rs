//! `kill -9` in the middle of sign-ups: what was acknowledged is there afterwards, on both engines.

use crate::chance::Chance;
use crate::crowd::{Crowd, sign_in_all};
use crate::site::Site;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

const PEOPLE: usize = 200;
const KILLS: usize = 6;
/// A kill comes at most so long after the sign-up that it waits for has begun: about as long as one takes.
const MOST_DELAY_MICROS: usize = 40_000;

#[tokio::test]
async fn kill_9_loses_no_acknowledged_sign_up_on_sqlite() {
    kill_9_loses_no_acknowledged_sign_up(&Site::embedded(), 1).await;
}

#[tokio::test]
async fn kill_9_loses_no_acknowledged_sign_up_on_postgres() {
    kill_9_loses_no_acknowledged_sign_up(&Site::shared(), 2).await;
}

async fn kill_9_loses_no_acknowledged_sign_up(site: &Site, seed: u64) {
    let chance = Chance::new(seed);
    let mut running = site.start();
    let (doors, door) = watch::channel(running.frontend.clone());
    let crowd = Arc::new(Crowd::new(PEOPLE));
    let signing_up = tokio::spawn({
        let (crowd, door) = (crowd.clone(), door.clone());
        async move { crowd.sign_up(&door).await }
    });
    for moment in moments(&chance) {
        while crowd.begun() < moment && !signing_up.is_finished() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_micros(chance.below(MOST_DELAY_MICROS) as u64)).await;
        running.server.kill();
        running = site.start();
        doors.send_replace(running.frontend.clone());
    }
    signing_up.await.unwrap();
    // The last acknowledgements are put to the test too.
    running.server.kill();
    running = site.start();

    let acknowledged = crowd.acknowledged();
    assert!(acknowledged.len() > PEOPLE / 2, "only {} sign-ups got through", acknowledged.len());
    assert!(acknowledged.len() < PEOPLE, "no kill met a sign-up");
    let listed = running.emails().await;
    let kept: BTreeSet<_> = listed.iter().collect();
    let lost: Vec<_> = acknowledged.iter().filter(|email| !kept.contains(email)).collect();
    assert_eq!(lost, Vec::<&String>::new(), "acknowledged and lost (seed {seed})");
    assert_eq!(kept.len(), listed.len(), "somebody is there twice");
    sign_in_all(&running.frontend, &acknowledged).await;
}

/// After how many begun sign-ups the kills come: one in every part of the crowd.
fn moments(chance: &Chance) -> Vec<usize> {
    let part = PEOPLE / KILLS;
    (0..KILLS).map(|kill| kill * part + 1 + chance.below(part - 1)).collect()
}
