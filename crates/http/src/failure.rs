//! What a handler returns when it did not succeed. It travels through axum as a marker on an empty response; the door turns it
//! into the error body, because only the door knows the trace id and how faults are answered on this path.

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::any::Any;
use std::sync::Arc;
use verger_model::{Code, Refusal};
use verger_service::Error;

/// Why a request did not succeed: a refusal or a fault.
#[derive(Clone, Debug)]
pub struct Failure(Arc<Error>);

/// What handlers return.
pub type Reply = Result<Response, Failure>;

impl Failure {
    /// The error itself.
    pub fn error(&self) -> &Error {
        &self.0
    }

    /// A handler that panicked.
    pub(crate) fn panicked(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Self::from(Error::internal(format!("panic: {}", text.unwrap_or_default())))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(Arc::new(error))
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Error::from(refusal).into()
    }
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Error::from(code).into()
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response.extensions_mut().insert(self);
        response
    }
}
