//! `PATCH` and `PUT /users/{user_id}/metadata`: merge, and replace.

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::Caller;
use crate::fields::Fields;
use verger_http::Segments;
use verger_service::MetadataPatch;

/// Merges into the documents that are given: objects key by key at any depth, `null` removes a key.
pub(crate) async fn update_user_metadata(
    Caller { service, ctx }: Caller,
    Segments(user_id): Segments<String>,
    JsonBody(mut fields): JsonBody,
) -> Answer {
    let patch = documents(&mut fields);
    fields.finish()?;
    let profile = service.merge_user_metadata(&ctx, &user_id, patch).await?;
    Ok(json(&verger_views::bapi_user(ctx.lens(), &profile)))
}

/// Puts the documents that are given in the place of those that were there.
pub(crate) async fn replace_user_metadata(
    Caller { service, ctx }: Caller,
    Segments(user_id): Segments<String>,
    JsonBody(mut fields): JsonBody,
) -> Answer {
    let patch = documents(&mut fields);
    fields.finish()?;
    let profile = service.replace_user_metadata(&ctx, &user_id, patch).await?;
    Ok(json(&verger_views::bapi_user(ctx.lens(), &profile)))
}

/// The three documents, each if it was given.
pub(super) fn documents(fields: &mut Fields) -> MetadataPatch {
    MetadataPatch {
        public: fields.metadata("public_metadata"),
        private: fields.metadata("private_metadata"),
        unsafe_: fields.metadata("unsafe_metadata"),
    }
}
