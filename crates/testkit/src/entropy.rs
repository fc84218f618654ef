//! Randomness that is the same in every run: ids, codes and tokens of a test can be told in advance.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::sync::{Mutex, PoisonError};
use verger_model::Entropy;

/// A stream of bytes from a seed.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<ChaCha20Rng>);

impl SeededEntropy {
    /// The stream of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buf: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(buf);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_stream() {
        let draw = |entropy: &SeededEntropy| {
            let mut buf = [0u8; 16];
            entropy.fill(&mut buf);
            buf
        };
        let (a, b) = (SeededEntropy::new(1), SeededEntropy::new(1));
        assert_eq!((draw(&a), draw(&a)), (draw(&b), draw(&b)));
        assert_ne!(draw(&a), draw(&SeededEntropy::new(2)));
    }
}
