//! The production source of randomness: the operating system, through the cryptographic library.

use verger_model::Entropy;

/// Randomness of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, buf: &mut [u8]) {
        #[expect(clippy::disallowed_methods, reason = "the one place that asks the operating system")]
        aws_lc_rs::rand::fill(buf).expect("the library aborts by itself when the system has no randomness");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_fills_differ() {
        let (mut a, mut b) = ([0; 32], [0; 32]);
        OsEntropy.fill(&mut a);
        OsEntropy.fill(&mut b);
        assert_ne!(a, b);
        assert_ne!(a, [0; 32]);
    }
}
