//! The pool: new digests and comparisons, with the parameters of this server, and what they have cost.

use super::threads::{Threads, Unanswered};
use super::{MAX_BYTES, stored};
use crate::error::{Error, FaultKind, Result};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use verger_crypto::password::{self, Memory, Params, Strength, Work};
use verger_model::{Entropy, Secret};
use verger_store::StoredPassword;

/// A login flood must not starve token refresh: whoever waits longer is told to come back.
const QUEUE_LIMIT: Duration = Duration::from_secs(2);

/// How much work passwords have cost since the service began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HashWork {
    /// Passwords that were hashed or compared, by whatever function.
    pub calls: u64,
    /// Digests among them that Argon2 computed.
    pub argon2_digests: u64,
    /// KiB that Argon2 wrote for those, all passes together.
    pub argon2_kib: u64,
}

/// Hashing on threads of its own.
pub(crate) struct HashPool {
    threads: Threads,
    params: Params,
    dummy: Arc<StoredPassword>,
    work: Arc<Mutex<HashWork>>,
}

impl HashPool {
    /// With so many threads, one at least.
    ///
    /// # Errors
    /// A fault when the system gives no threads.
    pub(crate) fn start(threads: usize) -> Result<Self> {
        let params = Params::DEFAULT;
        let dummy = Arc::new(stored(password::dummy_digest(&params)));
        let threads = Threads::start(threads.max(1)).map_err(Error::internal)?;
        Ok(Self { threads, dummy, params, work: Arc::default() })
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&mut Memory) -> T + Send + 'static) -> Result<T> {
        let count = Arc::clone(&self.work);
        let counted = move |memory: &mut Memory| {
            let done = work(memory);
            count.lock().unwrap_or_else(PoisonError::into_inner).add(memory.take_work());
            done
        };
        self.threads.run(QUEUE_LIMIT, counted).await.map_err(unanswered)
    }

    /// Hashes a new password.
    pub(crate) async fn hash(&self, password: Secret<String>, entropy: Arc<dyn Entropy>) -> Result<StoredPassword> {
        let params = self.params;
        let digest = self.run(move |memory| password::hash(password.expose(), &params, &*entropy, memory)).await?;
        digest.map(stored).map_err(Error::internal)
    }

    /// Compares a password with a digest. Without a digest the same work is done and the answer is no.
    pub(crate) async fn verify(&self, password: Secret<String>, stored: Option<StoredPassword>) -> Result<bool> {
        if password.expose().len() > MAX_BYTES {
            return Ok(false);
        }
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| (*self.dummy).clone());
        let hasher: password::Hasher = stored.hasher.parse().map_err(Error::internal)?;
        let fits =
            self.run(move |memory| password::verify(password.expose(), hasher, stored.digest.expose(), memory)).await?;
        Ok(fits.map_err(Error::internal)? && known)
    }

    /// The work of a comparison, for somebody who is refused without one: nobody learns by the clock who has an account here.
    pub(crate) async fn verify_nobody(&self, password: Secret<String>) -> Result<()> {
        self.verify(password, None).await.map(drop)
    }

    /// How a new password withstands guessing. This is no hash, and is not counted as one.
    pub(super) async fn strength(&self, password: Secret<String>) -> Result<Strength> {
        let judged = self.threads.run(QUEUE_LIMIT, move |_| Strength::of(password.expose())).await;
        judged.map_err(unanswered)
    }

    /// What was done so far.
    pub(crate) fn work(&self) -> HashWork {
        *self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a digest should be replaced by one of our own at the next right answer.
    pub(crate) fn is_outdated(&self, stored: &StoredPassword) -> bool {
        let Ok(hasher) = stored.hasher.parse::<password::Hasher>() else { return false };
        password::needs_rehash(hasher, stored.digest.expose(), &self.params)
    }
}

#[track_caller]
fn unanswered(why: Unanswered) -> Error {
    match why {
        Unanswered::Busy => Error::fault(FaultKind::Busy, why),
        Unanswered::Failed => Error::internal(why),
    }
}

impl HashWork {
    const fn add(&mut self, argon2: Work) {
        self.calls += 1;
        self.argon2_digests += argon2.digests;
        self.argon2_kib += argon2.written_kib;
    }
}
