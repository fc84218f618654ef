//! Answers that were written down while real clients got them: a line of JSON each, as `e2e/recorder.mjs` writes them.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use super::{Answer, Api, SpecChecker, Verdict};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    api: RecordedApi,
    method: String,
    path: String,
    status: u16,
    content_type: Option<String>,
    body: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RecordedApi {
    Fapi,
    Bapi,
}

/// What a recording came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Answers that were held against their operation.
    pub checked: usize,
    /// Answers to what the specifications do not know.
    pub unspecified: usize,
    /// Each disagreement, and how many answers had it.
    pub disagreements: BTreeMap<String, usize>,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (told, times) in &self.disagreements {
            writeln!(f, "{times} x {told}")?;
        }
        let disagreeing: usize = self.disagreements.values().sum();
        write!(f, "{} answers checked, {disagreeing} disagree, {} unspecified", self.checked, self.unspecified)
    }
}

/// Holds every answer of a recording against the specifications and counts it as one that `source` asked for. `None` where the
/// specifications are not at hand.
///
/// # Errors
/// The line that is no recorded answer.
///
/// # Panics
/// As [`SpecChecker::load`] and [`SpecChecker::check`].
pub fn check_recording(source: &str, recording: &str) -> Result<Option<Outcome>, String> {
    let checkers = (SpecChecker::of_source(Api::Fapi, source), SpecChecker::of_source(Api::Bapi, source));
    let (Some(fapi), Some(bapi)) = checkers else { return Ok(None) };
    judge(recording, |api| match api {
        RecordedApi::Fapi => &fapi,
        RecordedApi::Bapi => &bapi,
    })
    .map(Some)
}

fn judge<'a>(recording: &str, checker: impl Fn(RecordedApi) -> &'a SpecChecker) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    for (number, line) in (1..).zip(recording.lines()) {
        let recorded: Recorded = serde_json::from_str(line).map_err(|e| format!("line {number}: {e}"))?;
        let answer = Answer {
            method: &recorded.method,
            path: &recorded.path,
            status: recorded.status,
            content_type: recorded.content_type.as_deref(),
            body: recorded.body.as_bytes(),
        };
        let verdict = checker(recorded.api).check(&answer);
        outcome.checked += usize::from(verdict != Ok(Verdict::Unspecified));
        outcome.unspecified += usize::from(verdict == Ok(Verdict::Unspecified));
        if let Err(disagreement) = verdict {
            *outcome.disagreements.entry(disagreement.to_string()).or_default() += 1;
        }
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::checker::fixture;
    use super::*;

    fn line(path: &str, body: &str) -> String {
        let line = json!({
            "api": "fapi", "method": "GET", "path": path, "status": 200, "content_type": "application/json", "body": body,
        });
        format!("{line}\n")
    }

    #[test]
    fn every_answer_is_judged_and_equal_disagreements_are_told_once() {
        let fixture = fixture("");
        let wrong = line("/v1/pets/count", "{}");
        let recording = [line("/v1/pets/count", r#"{"total":1}"#), wrong.clone(), wrong, line("/v1/x", "")].concat();
        let outcome = judge(&recording, |_| &fixture.checker).expect("the recording is read");
        assert_eq!((outcome.checked, outcome.unspecified), (3, 1));
        assert_eq!(outcome.disagreements.into_values().collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn a_broken_line_is_an_error() {
        let fixture = fixture("");
        let recording = format!("{}{{", line("/v1/x", ""));
        assert!(judge(&recording, |_| &fixture.checker).is_err_and(|told| told.starts_with("line 2")));
    }
}
