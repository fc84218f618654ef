//! What a new password digest costs.

/// Parameters of Argon2id, within the limits that verification accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Params {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Params {
    /// The floor of OWASP's recommendations: 19 MiB, two passes, one lane. About ten milliseconds.
    pub const DEFAULT: Self = Self { memory_kib: 19_456, passes: 2, lanes: 1 };

    /// Parameters by hand. `None` if they are outside of what Argon2 defines or of what a sign-in may cost.
    pub const fn new(memory_kib: u32, passes: u32, lanes: u32) -> Option<Self> {
        let params = Self { memory_kib, passes, lanes };
        if params.is_defined() && params.is_affordable() { Some(params) } else { None }
    }

    /// As a stranger's digest states them, before any limit.
    pub(super) const fn stated(memory_kib: u32, passes: u32, lanes: u32) -> Self {
        Self { memory_kib, passes, lanes }
    }

    /// RFC 9106: at least one pass and lane, and eight blocks of 1 KiB per lane.
    pub(super) const fn is_defined(&self) -> bool {
        self.passes >= 1 && self.lanes >= 1 && self.memory_kib / 8 >= self.lanes
    }

    /// At most 256 MiB, 16 lanes, and 1 GiB written in all passes together: about 0.3 seconds.
    pub(super) const fn is_affordable(&self) -> bool {
        self.memory_kib <= 256 * 1024 && self.lanes <= 16 && self.memory_kib as u64 * self.passes as u64 <= 1024 * 1024
    }

    /// KiB of memory.
    pub const fn memory_kib(&self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    pub const fn passes(&self) -> u32 {
        self.passes
    }

    /// Lanes.
    pub const fn lanes(&self) -> u32 {
        self.lanes
    }
}

impl Default for Params {
    fn default() -> Self {
        Self::DEFAULT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_have_a_floor_and_a_ceiling() {
        assert_eq!(Params::new(19_456, 2, 1), Some(Params::DEFAULT));
        assert!(Params::new(256 * 1024, 4, 16).is_some());
        for (memory, passes, lanes) in [
            (7, 1, 1),
            (8, 0, 1),
            (8, 1, 0),
            (8, 1, 2),
            (256 * 1024 + 1, 1, 1),
            (256 * 1024, 5, 1),
            (1024, 1, 17),
            (u32::MAX, u32::MAX, 1),
        ] {
            assert_eq!(Params::new(memory, passes, lanes), None, "{memory} {passes} {lanes}");
        }
    }
}
