//! The threads that hash. They do nothing else, there are as many as hashes may run at once, and each keeps the memory of its
//! last hash for the next one, until it has had nothing to do for a while.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;
use tokio::sync::oneshot;
use verger_crypto::password::Memory;

/// A thread without work for so long gives its memory back.
const IDLE: Duration = Duration::from_secs(5);
/// More than a thread does within the limit of waiting: whoever comes later would wait in vain.
const QUEUED_PER_THREAD: usize = 512;

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// Why no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unanswered {
    /// The queue is full, or the limit passed before a thread was free.
    #[error("too many passwords are waiting to be hashed")]
    Busy,
    /// The work panicked.
    #[error("a hash was not finished")]
    Failed,
}

/// Threads with one queue. They end with the value, after the hash that each has under way.
pub(super) struct Threads {
    queue: Arc<Queue>,
    running: Vec<JoinHandle<()>>,
    most_queued: usize,
}

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    closed: bool,
}

impl Threads {
    /// Starts so many.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(count: usize) -> io::Result<Self> {
        let mut threads = Self { queue: Arc::default(), running: Vec::new(), most_queued: count * QUEUED_PER_THREAD };
        for _ in 0..count {
            let queue = Arc::clone(&threads.queue);
            let run = move || work_off(&queue, IDLE);
            threads.running.push(Builder::new().name("hash".into()).spawn(run)?);
        }
        Ok(threads)
    }

    /// Runs some work on one of them, first come, first served. Work that nobody waits for any more is not begun.
    ///
    /// # Errors
    /// [`Unanswered::Busy`] when no thread has begun it within the limit.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, Unanswered> {
        let (answer, mut answered) = oneshot::channel();
        // Whoever sets it decides: the thread that the work begins, or the one who waited that it does not.
        let decided = Arc::new(AtomicBool::new(false));
        let begun = Arc::clone(&decided);
        self.push(Box::new(move |memory| {
            if !answer.is_closed() && !begun.swap(true, Ordering::Relaxed) {
                // Fails if nobody waits any more.
                let _ = answer.send(work(memory));
            }
        }))?;
        let result = match tokio::time::timeout(limit, &mut answered).await {
            Ok(result) => result,
            Err(_) if decided.swap(true, Ordering::Relaxed) => answered.await,
            Err(_) => return Err(Unanswered::Busy),
        };
        result.map_err(|_| Unanswered::Failed)
    }

    fn push(&self, job: Job) -> Result<(), Unanswered> {
        let mut state = self.queue.lock();
        if state.jobs.len() >= self.most_queued {
            return Err(Unanswered::Busy);
        }
        state.jobs.push_back(job);
        drop(state);
        self.queue.changed.notify_one();
        Ok(())
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        state.closed = true;
        // Nobody waits for them: waiting borrows the threads.
        state.jobs.clear();
        drop(state);
        self.queue.changed.notify_all();
        for thread in self.running.drain(..) {
            // It fails for a thread that panicked, and none does.
            let _ = thread.join();
        }
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next job; `None` once the queue is closed. A thread that waits for longer than `idle` gives up its memory.
    fn next(&self, memory: &mut Memory, idle: Duration) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            if memory.held_kib() == 0 {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let (back, waited) = self.changed.wait_timeout(state, idle).unwrap_or_else(PoisonError::into_inner);
            state = back;
            if waited.timed_out() && state.jobs.is_empty() {
                drop(state);
                memory.release();
                state = self.lock();
            }
        }
    }
}

fn work_off(queue: &Queue, idle: Duration) {
    let mut memory = Memory::new();
    while let Some(job) = queue.next(&mut memory, idle) {
        // A panic in a job is told to the one who waits for it; the thread goes on with fresh memory.
        if catch_unwind(AssertUnwindSafe(|| job(&mut memory))).is_err() {
            memory = Memory::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use verger_crypto::OsEntropy;
    use verger_crypto::password::{Params, hash};

    const LONG: Duration = Duration::from_secs(60);

    fn fill(memory: &mut Memory) -> usize {
        hash("a password", &Params::new(64, 1, 1).unwrap(), &OsEntropy, memory).unwrap();
        memory.held_kib()
    }

    /// One thread, and what keeps it busy until it is dropped.
    fn one_busy_thread() -> (Threads, mpsc::Sender<()>) {
        let threads = Threads::start(1).unwrap();
        let ((begun, has_begun), (hold, held)) = (mpsc::channel(), mpsc::channel::<()>());
        let wait = move |_: &mut Memory| {
            begun.send(()).unwrap();
            // An error is the sign to go on.
            let _ = held.recv();
        };
        threads.push(Box::new(wait)).unwrap();
        has_begun.recv().unwrap();
        (threads, hold)
    }

    #[tokio::test]
    async fn memory_is_kept_from_one_hash_to_the_next() {
        let threads = Threads::start(1).unwrap();
        assert_eq!(threads.run(LONG, fill).await, Ok(64));
        assert_eq!(threads.run(LONG, |memory| memory.held_kib()).await, Ok(64));
    }

    #[tokio::test]
    async fn memory_is_given_back_when_there_is_nothing_to_do() {
        let mut threads = Threads { queue: Arc::default(), running: Vec::new(), most_queued: 1 };
        let queue = Arc::clone(&threads.queue);
        threads.running.push(std::thread::spawn(move || work_off(&queue, Duration::ZERO)));
        threads.run(LONG, fill).await.unwrap();
        let mut asked = 0;
        while threads.run(LONG, |memory| memory.held_kib()).await != Ok(0) {
            asked += 1;
            assert!(asked < 100_000, "an idle thread still holds its memory");
        }
        assert_eq!(threads.run(LONG, fill).await, Ok(64));
    }

    #[tokio::test]
    async fn work_that_waits_too_long_is_refused_and_not_begun() {
        let (threads, hold) = one_busy_thread();
        let (tell, told) = mpsc::channel();
        let late = threads.run(Duration::ZERO, move |_| tell.send(()).unwrap()).await;
        assert_eq!(late, Err(Unanswered::Busy));
        drop(hold);
        assert_eq!(threads.run(LONG, |_| 7).await, Ok(7));
        assert_eq!(told.try_recv(), Err(mpsc::TryRecvError::Disconnected));
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_any_more_is_not_begun() {
        let (threads, hold) = one_busy_thread();
        let (tell, told) = mpsc::channel();
        let cancelled = threads.run(LONG, move |_| tell.send(()).unwrap());
        assert!(tokio::time::timeout(Duration::ZERO, cancelled).await.is_err());
        drop(hold);
        assert_eq!(threads.run(LONG, |_| 7).await, Ok(7));
        assert_eq!(told.try_recv(), Err(mpsc::TryRecvError::Disconnected));
    }

    #[tokio::test]
    async fn a_full_queue_takes_no_more() {
        let (threads, hold) = one_busy_thread();
        for _ in 0..QUEUED_PER_THREAD {
            threads.push(Box::new(|_| ())).unwrap();
        }
        assert_eq!(threads.run(LONG, |_| ()).await, Err(Unanswered::Busy));
        drop(hold);
    }

    #[tokio::test]
    async fn a_panic_is_told_and_the_thread_goes_on() {
        let threads = Threads::start(1).unwrap();
        let failed = threads.run(LONG, |_| -> () { panic!("as this test wants it") }).await;
        assert_eq!(failed, Err(Unanswered::Failed));
        assert_eq!(threads.run(LONG, fill).await, Ok(64));
    }

    #[tokio::test]
    async fn the_threads_end_with_the_pool() {
        let threads = Threads::start(3).unwrap();
        threads.run(LONG, fill).await.unwrap();
        let queue = Arc::clone(&threads.queue);
        assert_eq!(Arc::strong_count(&queue), 5);
        drop(threads);
        assert_eq!(Arc::strong_count(&queue), 1);
    }
}
