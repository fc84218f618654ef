//! `kill -9` in the middle of sign-ups: what was acknowledged is there afterwards, on both engines.

use crate::chance::Chance;
use crate::crowd::{Crowd, sign_in_all};
use crate::site::Site;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::watch;

const PEOPLE: usize = 200;
const KILLS: usize = 6;
/// A kill comes after at most so many requests since the last one (a sign-up has four) ...
const MOST_REQUESTS: usize = 60;
/// ... or right behind one of so many acknowledgements.
const MOST_ACKNOWLEDGED: usize = 16;

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
    for kill in 0..KILLS {
        let begin = crowd.progress.counts();
        let counts = if kill % 2 == 0 {
            let moment = begin.sent + 1 + chance.below(MOST_REQUESTS);
            crowd.progress.wait_for(|counts| counts.sent >= moment).await
        } else {
            let moment = begin.acknowledged + 1 + chance.below(MOST_ACKNOWLEDGED);
            crowd.progress.wait_for(|counts| counts.acknowledged >= moment).await
        };
        running.server.kill();
        assert!(!counts.is_over, "the crowd was over before kill {kill}");
        assert!(counts.in_flight() > 0, "kill {kill} met nobody");
        running = site.start();
        doors.send_replace(running.frontend.clone());
    }
    signing_up.await.unwrap();
    // The last acknowledgements are put to the test too.
    running.server.kill();
    running = site.start();

    let acknowledged = crowd.acknowledged();
    assert!(acknowledged.len() > PEOPLE / 2, "only {} sign-ups got through", acknowledged.len());
    assert!(acknowledged.len() + KILLS <= PEOPLE, "a kill broke no sign-up");
    let listed = running.emails().await;
    let kept: BTreeSet<_> = listed.iter().collect();
    let lost: Vec<_> = acknowledged.iter().filter(|email| !kept.contains(email)).collect();
    assert_eq!(lost, Vec::<&String>::new(), "acknowledged and lost (seed {seed})");
    assert_eq!(kept.len(), listed.len(), "somebody is there twice");
    sign_in_all(&running.frontend, &acknowledged).await;
}
