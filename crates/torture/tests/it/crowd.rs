//! Many people who sign up at once, and what the server told them.

use crate::progress::Progress;
use std::io;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use verger_torture::{Answer, Door, Visitor};

/// How many browsers sign up at the same time.
const BROWSERS: usize = 8;
/// How long a browser waits for a server to come back.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sign-ups that are under way, and those that were answered with `complete`.
pub(crate) struct Crowd {
    size: usize,
    begun: AtomicUsize,
    /// How far they have come.
    pub(crate) progress: Arc<Progress>,
    acknowledged: Mutex<Vec<String>>,
}

impl Crowd {
    /// People, none of whom has begun.
    pub(crate) fn new(size: usize) -> Self {
        let progress = Arc::new(Progress::new());
        Self { size, begun: AtomicUsize::new(0), progress, acknowledged: Mutex::default() }
    }

    /// Whose sign-up the server said to be complete.
    pub(crate) fn acknowledged(&self) -> Vec<String> {
        self.acknowledged.lock().unwrap().clone()
    }

    /// The address of the next one.
    fn next(&self) -> Option<String> {
        let number = self.begun.fetch_add(1, Ordering::Relaxed);
        (number < self.size).then(|| format!("person{number}+clerk_test@crowd.test"))
    }

    /// Everybody signs up. Whoever loses the server waits for the next door and leaves the sign-up as it is.
    ///
    /// # Panics
    /// When a server that is there refuses.
    pub(crate) async fn sign_up(self: &Arc<Self>, door: &watch::Receiver<Door>) {
        let mut browsers = JoinSet::new();
        for _ in 0..BROWSERS {
            let (crowd, mut door) = (self.clone(), door.clone());
            browsers.spawn(async move {
                while let Some(email) = crowd.next() {
                    let mut here = door.borrow_and_update().clone();
                    here.witness = Some(crowd.progress.clone());
                    match sign_up(&here, &email).await {
                        Some(answer) => crowd.acknowledge(email, &answer),
                        None => {
                            let next_door = tokio::time::timeout(PATIENCE, door.changed()).await;
                            next_door.expect("a server comes back").unwrap();
                        }
                    }
                }
            });
        }
        while let Some(browser) = browsers.join_next().await {
            browser.unwrap();
        }
        self.progress.note(|counts| counts.is_over = true);
    }

    fn acknowledge(&self, email: String, answer: &Answer) {
        let is_complete = answer.status == 200 && answer.text("/response/status") == "complete";
        assert!(is_complete, "{email}: {}", answer.shown());
        self.acknowledged.lock().unwrap().push(email);
        self.progress.note(|counts| counts.acknowledged += 1);
    }
}

/// A whole sign-up in a new browser. `None` when the connection broke.
async fn sign_up(door: &Door, email: &str) -> Option<Answer> {
    let walk = async { Visitor::open(door).await?.sign_up(email).await };
    match walk.await {
        Ok(answer) => Some(answer),
        Err(err) if err.is::<io::Error>() => None,
        Err(err) => panic!("{email}: {err}"),
    }
}

/// Everybody can sign in with the password.
pub(crate) async fn sign_in_all(door: &Door, emails: &[String]) {
    let mut browsers = JoinSet::new();
    for part in emails.chunks(emails.len().div_ceil(BROWSERS).max(1)) {
        let (door, part) = (door.clone(), part.to_vec());
        browsers.spawn(async move {
            for email in part {
                let answer = Visitor::new(&door).sign_in(&email).await.unwrap();
                let is_complete = answer.status == 200 && answer.text("/response/status") == "complete";
                assert!(is_complete, "{email}: {}", answer.shown());
            }
        });
    }
    while let Some(browser) = browsers.join_next().await {
        browser.unwrap();
    }
}
