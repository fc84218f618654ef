//! The memory that Argon2 fills. Whoever hashes on and on keeps it: fresh memory costs a good part of a hash, and what many
//! threads allocate and free in turns stays with the process.

use super::PasswordError;
use ::argon2::Block;

/// Room for so many blocks is asked for at least: above 32 MiB the usual allocators go to the system each time, and what is
/// freed goes back there at once. Only what is filled is ever backed by memory.
const MIN_CAPACITY: usize = 32 * 1024 + 1;

/// Memory for one hash at a time. What an earlier hash left in it does not change a later one.
#[derive(Default)]
pub struct Memory {
    blocks: Vec<Block>,
    work: Work,
}

/// What Argon2 has done, for whoever compares the cost of two paths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// How many digests were computed.
    pub digests: u64,
    /// KiB that were written for them, all passes together.
    pub written_kib: u64,
}

impl Memory {
    /// None yet: it comes with the first hash that needs it.
    pub const fn new() -> Self {
        Self { blocks: Vec::new(), work: Work { digests: 0, written_kib: 0 } }
    }

    /// KiB that are held.
    pub fn held_kib(&self) -> usize {
        self.blocks.len()
    }

    /// Gives the memory back to the system.
    pub fn release(&mut self) {
        self.blocks = Vec::new();
    }

    /// What was computed in this memory since the last time somebody asked.
    pub fn take_work(&mut self) -> Work {
        std::mem::take(&mut self.work)
    }

    /// Lends blocks for one digest. They hold whatever the last one left.
    pub(super) fn blocks_for(&mut self, params: &::argon2::Params) -> Result<&mut [Block], PasswordError> {
        let count = params.block_count();
        if self.blocks.len() < count {
            // Nothing in there is worth to be moved along.
            self.release();
            self.blocks.try_reserve_exact(count.max(MIN_CAPACITY)).map_err(|_| PasswordError::OutOfMemory)?;
            self.blocks.resize(count, Block::new());
        }
        self.work.digests += 1;
        self.work.written_kib += u64::from(params.m_cost()) * u64::from(params.t_cost());
        Ok(&mut self.blocks[..count])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_grows_to_the_largest_hash_and_is_kept_until_it_is_released() {
        let mut memory = Memory::new();
        let mut lend = |kib, passes| {
            let params = ::argon2::Params::new(kib, passes, 1, None).unwrap();
            memory.blocks_for(&params).unwrap().len()
        };
        assert_eq!([lend(64, 2), lend(16, 1), lend(128, 1)], [64, 16, 128]);
        assert_eq!(memory.held_kib(), 128);
        assert_eq!(memory.take_work(), Work { digests: 3, written_kib: 64 * 2 + 16 + 128 });
        assert_eq!(memory.take_work(), Work::default());
        memory.release();
        assert_eq!(memory.held_kib(), 0);
    }
}
