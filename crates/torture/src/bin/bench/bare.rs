//! The bare operations: what the processor can do without a server around it, on as many threads as the server gives
//! to it.

use crate::sample::Sample;
use anyhow::{Result, anyhow};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use std::thread;
use std::time::Duration;
use verger_crypto::OsEntropy;
use verger_crypto::password::{self, Memory, Params};
use verger_torture::{PASSWORD, Stopwatch, cpu_seconds};

/// Bytes that the signature of a usual session token covers.
const SIGNED_BYTES: usize = 469;
const SIGNATURE_BYTES: usize = 256;

/// How many threads the server works on.
pub(crate) fn threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// How many passwords the server hashes at a time: it leaves one processor to everything else.
pub(crate) fn hash_threads() -> usize {
    threads().saturating_sub(1).max(1)
}

/// RS256 signatures with a key that is parsed once.
///
/// # Errors
/// When the library fails.
pub(crate) fn signatures(time: Duration) -> Result<Sample> {
    let key = KeyPair::generate(KeySize::Rsa2048).map_err(|_| anyhow!("no RSA key could be made"))?;
    let message = [b'x'; SIGNED_BYTES];
    let sign = || {
        let mut signature = [0; SIGNATURE_BYTES];
        key.sign_digest(&RSA_PKCS1_SHA256, &digest(&SHA256, &message), &mut signature).is_ok()
    };
    on_threads(threads(), time, || sign)
}

/// Argon2id over a password, with the parameters of new digests; every thread keeps its memory, as the server's do.
///
/// # Errors
/// When there is no memory.
pub(crate) fn hashes(time: Duration) -> Result<Sample> {
    on_threads(hash_threads(), time, || {
        let mut memory = Memory::new();
        move || password::hash(PASSWORD, &Params::DEFAULT, &OsEntropy, &mut memory).is_ok()
    })
}

/// Every thread does an operation of its own again and again.
fn on_threads<F: FnMut() -> bool>(threads: usize, time: Duration, make: impl Fn() -> F + Sync) -> Result<Sample> {
    let pid = std::process::id();
    let (cpu, watch) = (cpu_seconds(pid)?, Stopwatch::start());
    let count_one = || {
        let mut operation = make();
        let mut done = Some(0);
        while watch.elapsed() < time && done.is_some() {
            done = done.filter(|_| operation()).map(|count| count + 1);
        }
        done
    };
    let counts: Vec<Option<usize>> = thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(count_one)).collect();
        running.into_iter().map(|thread| thread.join().ok().flatten()).collect()
    });
    let done = counts.into_iter().sum::<Option<usize>>().ok_or_else(|| anyhow!("a bare operation failed"))?;
    Ok(Sample { done, wall: watch.elapsed(), cpu: cpu_seconds(pid)? - cpu, p99: Duration::ZERO })
}
