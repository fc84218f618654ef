//! Where randomness comes from: the operating system in production, a seeded stream in tests.

/// A source of bytes that nobody can guess.
pub trait Entropy: Send + Sync {
    /// Fills the whole buffer.
    fn fill(&self, buf: &mut [u8]);
}
