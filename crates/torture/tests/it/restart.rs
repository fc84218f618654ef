//! A server that is started again signs nobody out and keeps its keys, on both engines.

use crate::session::SignedIn;
use crate::site::Site;

#[tokio::test]
async fn a_restart_signs_nobody_out_on_sqlite() {
    a_restart_signs_nobody_out(&Site::embedded()).await;
}

#[tokio::test]
async fn a_restart_signs_nobody_out_on_postgres() {
    a_restart_signs_nobody_out(&Site::shared()).await;
}

async fn a_restart_signs_nobody_out(site: &Site) {
    let running = site.start();
    let key = running.backend.key.clone();
    let mut ada = SignedIn::at(&running, "ada+clerk_test@restart.test").await;
    ada.is_at_home(&running, &running).await;
    running.server.stop().unwrap();

    let running = site.start();
    assert_eq!(running.backend.key, key);
    ada.is_at_home(&running, &running).await;
    running.server.kill();

    let running = site.start();
    assert_eq!(running.backend.key, key);
    ada.is_at_home(&running, &running).await;
}
