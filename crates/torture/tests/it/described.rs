//! What server processes answer is held against the published descriptions of both APIs, as in the tests of the doors.

use std::sync::LazyLock;
use verger_testkit::spec::{self, Api, SpecChecker};
use verger_torture::{Answer, Request, Witness};

type Checker = LazyLock<Option<SpecChecker>>;

static FRONTEND: Checker = LazyLock::new(|| SpecChecker::of_source(Api::Fapi, "processes"));
static BACKEND: Checker = LazyLock::new(|| SpecChecker::of_source(Api::Bapi, "processes"));

/// Fails the test at an answer that its description does not allow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Described(&'static Checker);

impl Described {
    pub(crate) const FRONTEND: Self = Self(&FRONTEND);
    pub(crate) const BACKEND: Self = Self(&BACKEND);
}

impl Witness for Described {
    fn answered(&self, request: &Request, answer: &Answer) {
        let Some(checker) = &**self.0 else { return };
        let (method, path) = request.target();
        let content_type = Some(answer.header("content-type")).filter(|text| !text.is_empty());
        let told = spec::Answer { method, path, status: answer.status, content_type, body: &answer.body };
        checker.check(&told).unwrap_or_else(|difference| panic!("{difference}"));
    }
}
