//! Holds one answer against the operation it belongs to.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::{Value, json};

use super::cache::{Lines, OperationLine};
use super::deviations::{Deviations, Difference};
use super::document::references;
use super::lenient::lenient;
use super::report::Report;
use super::{Api, ops, places, template};

/// At most this many differences of one answer are printed; the rest usually repeats them.
const SHOWN: usize = 20;

/// An answer of ours as the client saw it.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The method as sent; a `_method` in the query of `path` takes the place of POST.
    pub method: &'a str,
    /// The path as sent, with or without the prefix of an instance, `/v1`, trailing slash and query.
    pub path: &'a str,
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type` header, if the answer has one.
    pub content_type: Option<&'a str>,
    /// The body, empty for none.
    pub body: &'a [u8],
}

/// What became of an answer that does not disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was held against its operation and agrees, listed deviations aside.
    Agrees,
    /// No operation of the specification has this method and path; nothing was checked.
    Unspecified,
}

/// The differences of an answer that `tests/spec_deviations.toml` does not list. `Display` tells them all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement(String);

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Disagreement {}

/// Checks the answers of one API against the newest specification that is at hand.
#[derive(Debug)]
pub struct SpecChecker {
    api: Api,
    lines: Lines,
    deviations: Deviations,
    report: Report,
    /// Methods and paths that the specification lacks and one of its templates would catch.
    sdk_only: Vec<(String, String)>,
    /// Compiled once per operation and response.
    validators: Mutex<HashMap<(String, String), Arc<Validator>>>,
}
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(super) use tests::fixture;

impl SpecChecker {
    /// The checker of what the doors answer to tests in memory, loaded once per process; `None` where the specifications are
    /// not at hand.
    ///
    /// # Panics
    /// When `$VERGER_SPECS` is set but cannot be used, or when the specification or the deviations are malformed.
    #[must_use]
    pub fn load(api: Api) -> Option<&'static Self> {
        static FAPI: OnceLock<Option<SpecChecker>> = OnceLock::new();
        static BAPI: OnceLock<Option<SpecChecker>> = OnceLock::new();
        let cell = match api {
            Api::Fapi => &FAPI,
            Api::Bapi => &BAPI,
        };
        cell.get_or_init(|| Self::of_source(api, "doors")).as_ref()
    }

    /// A checker that counts answers as those that `source` asked for; `None` where the specifications are not at hand.
    ///
    /// # Panics
    /// As [`SpecChecker::load`].
    #[must_use]
    pub fn of_source(api: Api, source: &str) -> Option<Self> {
        let spec = places::newest_spec(api)?;
        Some(Self::over(api, &spec, source).unwrap_or_else(|e| panic!("{e}")))
    }

    fn over(api: Api, spec: &Path, source: &str) -> Result<Self, String> {
        let lines = Lines::of_file(spec)?;
        let deviations = Deviations::of_file(&places::workspace().join("tests/spec_deviations.toml"))?;
        let report = Report::open(&places::report_dir(), source).map_err(|e| format!("target/spec-report: {e}"))?;
        Ok(Self { sdk_only: ops::sdk_only(api), ..Self::new(api, lines, deviations, report) })
    }

    fn new(api: Api, lines: Lines, deviations: Deviations, report: Report) -> Self {
        Self { api, lines, deviations, report, sdk_only: Vec::new(), validators: Mutex::default() }
    }

    /// Holds `answer` against its operation and counts it.
    ///
    /// # Errors
    /// The differences that no deviation covers.
    ///
    /// # Panics
    /// When the report in `target/` cannot be written or a schema of the specification does not compile.
    pub fn check(&self, answer: &Answer<'_>) -> Result<Verdict, Disagreement> {
        let method = effective_method(answer);
        let Some(operation) = self.operation(&method, answer.path) else {
            return Ok(Verdict::Unspecified);
        };
        let written = self.report.answer_checked(self.api, &operation.id, answer.status);
        written.expect("target/spec-report can be written");
        let mut unlisted = self.differences(operation, answer);
        unlisted.retain(|difference| !self.is_listed(operation, answer.status, difference));
        if unlisted.is_empty() {
            return Ok(Verdict::Agrees);
        }
        Err(Disagreement(self.describe(operation, answer, &unlisted)))
    }

    fn operation(&self, method: &str, path: &str) -> Option<&OperationLine> {
        let path = template::canonical(path);
        let of_method = self.lines.operations().iter().filter(|operation| operation.method == method);
        let fitting = of_method.filter_map(|operation| Some((template::fit(&operation.path, path)?, operation)));
        let (fit, operation) = fitting.min_by(|(a, _), (b, _)| a.cmp(b))?;
        let of_sdks = self.sdk_only.iter().filter(|(wanted, _)| wanted == method);
        let closer = of_sdks.filter_map(|(_, template)| template::fit(template, path)).any(|other| other < fit);
        (!closer).then_some(operation)
    }

    fn is_listed(&self, operation: &OperationLine, status: u16, difference: &Difference) -> bool {
        let Some(entry) = self.deviations.cover(self.api, &operation.id, status, difference) else {
            return false;
        };
        self.report.deviation_used(entry).expect("target/spec-report can be written");
        true
    }

    fn differences(&self, operation: &OperationLine, answer: &Answer<'_>) -> Vec<Difference> {
        let responses = operation.responses();
        let status = answer.status.to_string();
        let (key, bodies) = match (responses.get(&status), responses.get("default")) {
            (Some(bodies), _) => (status.as_str(), bodies.clone()),
            (None, Some(bodies)) => ("default", bodies.clone()),
            // The files list the errors of an operation sparingly; every error has the same envelope.
            (None, None) if answer.status >= 400 => ("error", error_envelope()),
            (None, None) => return vec![whole("status", format!("{status} is not among {}", names(&responses)))],
        };
        self.body_differences(operation, key, &bodies, answer)
    }

    fn body_differences(
        &self,
        operation: &OperationLine,
        key: &str,
        bodies: &Value,
        answer: &Answer<'_>,
    ) -> Vec<Difference> {
        let Some(bodies) = bodies.as_object().filter(|bodies| !bodies.is_empty()) else {
            return Vec::new();
        };
        let media = answer.content_type.and_then(|text| text.split(';').next()).map_or("", str::trim);
        let Some(schema) = bodies.get(media) else {
            return vec![whole("content-type", format!("{media:?} is not among {}", names(&json!(bodies))))];
        };
        if media != "application/json" {
            return Vec::new();
        }
        match serde_json::from_slice::<Value>(answer.body) {
            Ok(body) => {
                let validator = self.validator(operation, key, schema);
                validator.iter_errors(&body).flat_map(|error| closest(&error)).collect()
            }
            Err(e) => vec![whole("", format!("the body is not JSON: {e}"))],
        }
    }

    fn validator(&self, operation: &OperationLine, key: &str, schema: &Value) -> Arc<Validator> {
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = validators.entry((operation.id.clone(), key.to_owned()));
        let validator = slot.or_insert_with(|| {
            let options = jsonschema::options().with_draft(jsonschema::Draft::Draft7).should_validate_formats(false);
            let built = options.build(&self.bundle(schema));
            Arc::new(built.unwrap_or_else(|e| panic!("the schema of {} {key} does not compile: {e}", operation.id)))
        });
        Arc::clone(validator)
    }

    /// `schema` made lenient, with the named schemas it reaches beside it, where its references look for them.
    fn bundle(&self, schema: &Value) -> Value {
        let mut reached = BTreeMap::new();
        let mut open = Vec::new();
        references(schema, &mut open);
        while let Some(name) = open.pop() {
            if reached.contains_key(&name) {
                continue;
            }
            let Some(named) = self.lines.schema(&name) else {
                continue;
            };
            references(&named, &mut open);
            reached.insert(name, lenient(&named));
        }
        json!({"allOf": [lenient(schema)], "components": {"schemas": reached}})
    }

    fn describe(&self, operation: &OperationLine, answer: &Answer<'_>, unlisted: &[Difference]) -> String {
        let OperationLine { method, path, id, .. } = operation;
        let api = self.api.name();
        let mut text = format!("{api} {method} {path} ({id}) answered {} unlike the specification:", answer.status);
        for Difference { pointer, message } in unlisted.iter().take(SHOWN) {
            text.push_str(&format!("\n  {}: {message}", if pointer.is_empty() { "(whole body)" } else { pointer }));
        }
        if unlisted.len() > SHOWN {
            text.push_str(&format!("\n  and {} more", unlisted.len() - SHOWN));
        }
        text.push_str("\n  (an intended difference belongs into tests/spec_deviations.toml with its evidence)");
        text
    }
}

fn whole(pointer: &str, message: String) -> Difference {
    Difference { pointer: pointer.to_owned(), message }
}

fn names(map: &Value) -> String {
    let names: Vec<_> = map.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    names.join(", ")
}

fn error_envelope() -> Value {
    json!({"application/json": {"$ref": "#/components/schemas/ClerkErrors"}})
}

/// Browsers can send only GET and POST, so clerk-js names the method in the query.
/// `_method` in the query counts on POST alone.
fn effective_method(answer: &Answer<'_>) -> String {
    let query = answer.path.split_once('?').map_or("", |(_, query)| query);
    let named = query.split('&').find_map(|pair| pair.strip_prefix("_method="));
    named.filter(|_| answer.method == "POST").unwrap_or(answer.method).to_uppercase()
}

/// The differences behind a validation error: of alternatives, those of the branch that the answer comes closest to.
fn closest(error: &ValidationError<'_>) -> Vec<Difference> {
    let pointer = error.instance_path().as_str().to_owned();
    match error.kind() {
        ValidationErrorKind::AnyOf { context } => {
            let branches = context.iter().map(|errors| errors.iter().flat_map(closest).collect::<Vec<_>>());
            branches.min_by_key(Vec::len).unwrap_or_default()
        }
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![Difference { pointer: format!("{pointer}/{name}"), message: "is required and missing".to_owned() }]
        }
        _ => vec![Difference { pointer, message: shortened(&error.to_string()) }],
    }
}

/// Error texts repeat the value; a whole object helps nobody.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 240;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let tail: Vec<char> = text.chars().rev().take(LONGEST / 2).collect();
    let head: String = text.chars().take(LONGEST / 2).collect();
    format!("{head} … {}", tail.iter().rev().collect::<String>())
}
