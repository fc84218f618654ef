//! Holds answers against Clerk's published OpenAPI files.
//!
//! The files are read from outside the repository (`$VERGER_SPECS`, else `../shared/specs` beside the workspace) and
//! are never committed. Where they are missing nothing is checked, and the run says so. `tests/spec_deviations.toml`
//! lists the differences we keep on purpose; an unlisted difference is an error, and so is an entry nobody uses.
//! What was checked is counted in `target/spec-report/`, which `cargo xtask spec-report` sums up.

mod cache;
mod checker;
mod deviations;
mod document;
mod lenient;
pub mod ops;
mod places;
mod recording;
mod report;
mod template;

pub use checker::{Answer, Disagreement, SpecChecker, Verdict};
pub use recording::{Outcome, check_recording};

/// One of the two APIs that have a published specification and a router here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Api {
    /// The Frontend API.
    Fapi,
    /// The Backend API.
    Bapi,
}

impl Api {
    /// The folder of the specification and the name in `ops.toml` and `tests/spec_deviations.toml`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fapi => "fapi",
            Self::Bapi => "bapi",
        }
    }
}
