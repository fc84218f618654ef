//! Whatever is called in whatever order, nobody is signed in and no account is made without what settings and user demand.
//!
//! Each case is a sequence of calls as any client could send them. The test keeps its own book of what it has really shown to
//! the server (the right password, a code that was sent for this attempt) and holds every answer against it.

mod sign_in;
mod sign_up;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRng, TestRunner};

/// Sequences per machine, each against a server of its own.
const CASES: u32 = 32;
/// Calls per sequence.
const MOST_CALLS: usize = 20;

type Checked = Result<(), TestCaseError>;

/// What is answered to a challenge.
#[derive(Clone, Copy, Debug)]
enum Proof {
    /// The code that was sent for this attempt, or what the user alone knows.
    Own,
    /// A code that was sent, but for another attempt or another purpose.
    Foreign,
    /// Nothing that was ever sent.
    Guess,
}

fn proof() -> impl Strategy<Value = Proof> {
    prop_oneof![4 => Just(Proof::Own), 1 => Just(Proof::Foreign), 1 => Just(Proof::Guess)]
}

/// The same sequences in every run.
fn runner() -> TestRunner {
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    TestRunner::new_with_rng(config, rng)
}

/// Runs a case to its end.
fn block_on(case: impl Future<Output = Checked>) -> Checked {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(case)
}

/// A code that was sent: for which attempt, for what, and which one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sent {
    attempt: String,
    purpose: String,
    code: String,
}

/// The codes of a case.
#[derive(Debug, Default)]
struct Codes(Vec<Sent>);

impl Codes {
    fn note(&mut self, attempt: &str, purpose: &str, code: &str) {
        self.0.push(Sent { attempt: attempt.into(), purpose: purpose.into(), code: code.into() });
    }

    fn own(&self, attempt: &str, purpose: &str) -> Option<&str> {
        self.0.iter().rev().find(|it| it.attempt == attempt && it.purpose == purpose).map(|it| it.code.as_str())
    }

    /// The code for such a proof; a guess is one that was never sent.
    fn pick(&self, proof: Proof, attempt: &str, purpose: &str) -> String {
        let own = self.own(attempt, purpose);
        let foreign = self.0.iter().rev().find(|it| it.attempt != attempt || it.purpose != purpose);
        let code = match proof {
            Proof::Own => own,
            Proof::Foreign => foreign.map(|it| it.code.as_str()),
            Proof::Guess => None,
        };
        code.map_or_else(|| self.guess(), str::to_owned)
    }

    fn guess(&self) -> String {
        let sent = |code: &String| self.0.iter().any(|it| it.code == *code);
        (0..).map(|n| format!("{n:06}")).find(|code| !sent(code)).expect("fewer codes than numbers")
    }
}
