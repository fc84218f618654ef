//! Reading a body: one content type, no compression, a size limit that holds before anything is parsed.

use crate::failure::Failure;
use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use verger_model::{Code, Refusal};

/// Reads a whole body of at most `limit` bytes and of this media type. A body that is empty needs no type.
///
/// # Errors
/// `unsupported_content_type` for another type or any content encoding, `request_body_too_large`, `request_body_invalid` when
/// the connection broke.
pub async fn read_body(headers: &HeaderMap, body: Body, media: &str, limit: usize) -> Result<Bytes, Failure> {
    check_encoding(headers)?;
    let declared = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > limit as u64) {
        return Err(Code::RequestBodyTooLarge.into());
    }
    let typed = headers.get(CONTENT_TYPE).map(|value| value.to_str().is_ok_and(|text| is_media(text, media)));
    if typed == Some(false) {
        return Err(Code::UnsupportedContentType.into());
    }
    let bytes = Limited::new(body, limit).collect().await.map_err(|err| {
        let too_large = err.downcast_ref::<LengthLimitError>().is_some();
        if too_large { Code::RequestBodyTooLarge } else { Code::RequestBodyInvalid }
    })?;
    let bytes = bytes.to_bytes();
    if typed.is_none() && !bytes.is_empty() {
        return Err(Code::UnsupportedContentType.into());
    }
    Ok(bytes)
}

fn check_encoding(headers: &HeaderMap) -> Result<(), Refusal> {
    let plain =
        headers.get_all(CONTENT_ENCODING).iter().all(|value| value.as_bytes().eq_ignore_ascii_case(b"identity"));
    if plain { Ok(()) } else { Err(Code::UnsupportedContentType.into()) }
}

fn is_media(content_type: &str, media: &str) -> bool {
    content_type.split(';').next().is_some_and(|name| name.trim().eq_ignore_ascii_case(media))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_a_media_type_do_not_matter() {
        assert!(is_media("application/x-www-form-urlencoded;charset=UTF-8", "application/x-www-form-urlencoded"));
        assert!(is_media("Application/JSON", "application/json"));
        assert!(!is_media("application/jsonp", "application/json"));
    }
}
