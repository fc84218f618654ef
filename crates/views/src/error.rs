//! The error body.

use crate::word;
use verger_model::Refusal;
use verger_model::external_account::VerificationError;
use verger_model::refusal::RefusalItem;
use verger_wire as wire;

/// A refusal as every door answers it. `trace_id` names the request in the log.
pub fn errors(refusal: &Refusal, trace_id: &str) -> wire::Errors {
    wire::Errors { errors: refusal.items().map(item).collect(), meta: None, clerk_trace_id: trace_id.to_owned() }
}

fn item(item: &RefusalItem) -> wire::ErrorItem {
    let message = item.code.message();
    wire::ErrorItem {
        code: word(item.code.as_str()),
        message: message.to_owned(),
        long_message: item.long_message.as_deref().unwrap_or(message).to_owned(),
        meta: item.meta.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect(),
    }
}

/// An error inside a resource.
pub(crate) fn code_item(error: &VerificationError) -> wire::ErrorItem {
    let refusal = Refusal::new(error.code);
    let refusal = match &error.session_id {
        Some(id) => refusal.with("session_id", id.as_str()),
        None => refusal,
    };
    refusal.items().map(item).next().expect("a refusal has a first item")
}
