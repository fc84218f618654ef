//! Counts and prints what was checked.

use std::fmt::Debug;
use std::process::ExitCode;

/// The rest of a flow cannot be driven; the reason is noted.
#[derive(Debug)]
pub struct Stopped;

/// What was checked so far.
#[derive(Default)]
pub struct Report {
    passed: u32,
    failed: u32,
}

impl Report {
    /// A call that must succeed; hands on what it answered.
    pub fn ok<T, E: Debug>(&mut self, what: &str, answer: Result<T, E>) -> Result<T, Stopped> {
        match answer {
            Ok(value) => {
                self.pass(what);
                Ok(value)
            }
            Err(err) => {
                self.fail(what, &format!("{err:?}"));
                Err(Stopped)
            }
        }
    }

    /// A call that must be refused, with this text somewhere in the error.
    pub fn refused<T: Debug, E: Debug>(&mut self, what: &str, answer: Result<T, E>, text: &str) {
        match answer {
            Err(err) if format!("{err:?}").contains(text) => self.pass(what),
            other => self.fail(what, &format!("wanted a refusal with {text}, got {other:?}")),
        }
    }

    /// Two values that must be equal.
    pub fn equal<T: PartialEq + Debug>(&mut self, what: &str, found: T, wanted: T) {
        if found == wanted {
            self.pass(what);
        } else {
            self.fail(what, &format!("wanted {wanted:?}, got {found:?}"));
        }
    }

    /// The closing line, and what the process says about it.
    pub fn close(self) -> ExitCode {
        println!("{} passed, {} failed", self.passed, self.failed);
        if self.failed == 0 && self.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn pass(&mut self, what: &str) {
        self.passed += 1;
        println!("ok      {what}");
    }

    fn fail(&mut self, what: &str, why: &str) {
        self.failed += 1;
        println!("FAILED  {what}: {why}");
    }
}
