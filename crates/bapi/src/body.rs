//! JSON bodies of requests.

use crate::fields::Fields;
use crate::strict_json::{Unreadable, parse};
use axum::extract::{FromRequest, Request};
use serde_json::Value;
use verger_http::{Failure, read_body};
use verger_model::metadata::Metadata;
use verger_model::{Code, Refusal};

/// The largest body, in bytes.
const LIMIT: usize = 1024 * 1024;

/// The members of a JSON body; an empty one, or `null`, has none.
pub(crate) struct JsonBody(pub(crate) Fields);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let bytes = read_body(&parts.headers, body, "application/json", LIMIT).await?;
        Ok(Self(Fields::new(members(&bytes)?)))
    }
}

/// The members of each object of a JSON list.
pub(crate) struct JsonList(pub(crate) Vec<Fields>);

impl<S: Send + Sync> FromRequest<S> for JsonList {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let bytes = read_body(&parts.headers, body, "application/json", LIMIT).await?;
        let Value::Array(items) = parse(&bytes).map_err(refusal)? else {
            return Err(Refusal::from(Code::RequestBodyInvalid).into());
        };
        let fields = items.into_iter().map(|item| match item {
            Value::Object(members) => Ok(Fields::new(members)),
            _ => Err(Refusal::from(Code::RequestBodyInvalid)),
        });
        Ok(Self(fields.collect::<Result<_, _>>()?))
    }
}

fn members(text: &[u8]) -> Result<Metadata, Refusal> {
    if text.is_empty() {
        return Ok(Metadata::new());
    }
    match parse(text) {
        Ok(Value::Object(members)) => Ok(members),
        // What clients generated from the description send where the body may be left out.
        Ok(Value::Null) => Ok(Metadata::new()),
        Ok(_) => Err(Code::RequestBodyInvalid.into()),
        Err(unreadable) => Err(refusal(unreadable)),
    }
}

fn refusal(unreadable: Unreadable) -> Refusal {
    match unreadable {
        Unreadable::Malformed => Code::RequestBodyInvalid.into(),
        Unreadable::DuplicateKey(name) => Refusal::param(Code::FormParamDuplicate, &name),
        Unreadable::LongString(name) => Refusal::param(Code::FormParamMaxLengthExceeded, &name),
    }
}
