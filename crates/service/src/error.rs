//! What can go wrong: a refusal, which the caller caused and can mend, or a fault, which is ours.

use std::fmt;
use std::panic::Location;
use verger_model::{Code, Refusal};
use verger_store::StoreError;

/// The result of a use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a use case did not happen.
#[derive(Debug)]
pub enum Error {
    /// Expected: answered with a code of the catalogue.
    Refused(Refusal),
    /// Unexpected: logged once at the door, answered without detail.
    Fault(Fault),
}

/// What kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The database cannot be reached or is too slow.
    Unavailable,
    /// More work is waiting than can be done in time.
    Busy,
    /// Something that should be impossible.
    Internal,
}

/// A fault of ours, with where it was noticed.
#[derive(Debug)]
pub struct Fault {
    /// What kind.
    pub kind: FaultKind,
    /// What was underneath.
    pub source: Box<dyn std::error::Error + Send + Sync>,
    /// Where it was noticed.
    pub location: &'static Location<'static>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at {}: {}", self.kind, self.location, self.source)
    }
}

impl Error {
    /// A fault of the given kind.
    #[track_caller]
    pub fn fault(kind: FaultKind, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Fault(Fault { kind, source: source.into(), location: Location::caller() })
    }

    /// Something that should be impossible.
    #[track_caller]
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::fault(FaultKind::Internal, source)
    }

    /// The refusal, if it is one.
    pub const fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Fault(_) => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::Refused(code.into())
    }
}

impl From<StoreError> for Error {
    #[track_caller]
    fn from(err: StoreError) -> Self {
        let kind = match &err {
            StoreError::Unavailable(_) => FaultKind::Unavailable,
            // A guard that was lost to a neighbour: the caller's retry will do.
            StoreError::Stale => FaultKind::Busy,
            StoreError::Conflict { .. } | StoreError::Corrupt { .. } => FaultKind::Internal,
        };
        Self::fault(kind, err)
    }
}
