//! `_method`: clerk-js sends every write as POST, because a simple request needs no preflight, and names the real method in the
//! query.

use axum::http::Method;
use verger_model::{Code, Refusal};

/// The method that a request means. `_method` counts on POST only.
///
/// # Errors
/// `malformed_request_parameters` for a name other than GET, PATCH, PUT, DELETE and POST itself.
pub(crate) fn effective(sent: &Method, named: Option<&str>) -> Result<Method, Refusal> {
    let Some(named) = named.filter(|_| sent == Method::POST) else { return Ok(sent.clone()) };
    match named {
        "GET" => Ok(Method::GET),
        "PATCH" => Ok(Method::PATCH),
        "PUT" => Ok(Method::PUT),
        "DELETE" => Ok(Method::DELETE),
        "POST" => Ok(Method::POST),
        _ => Err(Refusal::param(Code::MalformedRequestParameters, "_method")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_post_can_mean_something_else() {
        assert_eq!(effective(&Method::POST, Some("DELETE")), Ok(Method::DELETE));
        assert_eq!(effective(&Method::GET, Some("DELETE")), Ok(Method::GET));
        assert_eq!(effective(&Method::POST, None), Ok(Method::POST));
    }

    #[test]
    fn an_unknown_method_is_refused() {
        for name in ["TRACE", "delete", "", "CONNECT"] {
            assert!(effective(&Method::POST, Some(name)).is_err(), "{name}");
        }
    }
}
