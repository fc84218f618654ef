//! Allowlist and blocklist: `/allowlist_identifiers` and `/blocklist_identifiers`.

use crate::answer::{Answer, deleted, json, list};
use crate::body::JsonBody;
use crate::caller::Caller;
use crate::query::Query;
use verger_http::Segments;
use verger_model::restriction::AccessList;

/// The entries of the allowlist, newest first.
pub(crate) async fn list_allowed(caller: Caller, query: Query) -> Answer {
    entries(caller, query, AccessList::Allowlist).await
}

/// The entries of the blocklist, newest first, with their number.
pub(crate) async fn list_blocked(caller: Caller, query: Query) -> Answer {
    entries(caller, query, AccessList::Blocklist).await
}

/// Adds an entry to the allowlist.
pub(crate) async fn allow(caller: Caller, JsonBody(mut fields): JsonBody) -> Answer {
    // An invitation beside the entry has an address of its own.
    fields.ignore_if_empty("notify");
    add(caller, JsonBody(fields), AccessList::Allowlist).await
}

/// Adds an entry to the blocklist.
pub(crate) async fn block(caller: Caller, body: JsonBody) -> Answer {
    add(caller, body, AccessList::Blocklist).await
}

/// Takes an entry off the allowlist.
pub(crate) async fn unlist_allowed(caller: Caller, Segments(id): Segments<String>) -> Answer {
    remove(caller, &id, AccessList::Allowlist).await
}

/// Takes an entry off the blocklist.
pub(crate) async fn unlist_blocked(caller: Caller, Segments(id): Segments<String>) -> Answer {
    remove(caller, &id, AccessList::Blocklist).await
}

async fn entries(Caller { service, ctx }: Caller, mut query: Query, which: AccessList) -> Answer {
    let page = query.page();
    let paginated = query.flag("paginated").unwrap_or_default() || which == AccessList::Blocklist;
    query.finish()?;
    let (entries, total) = service.list_access_identifiers(&ctx, which, page.limit, page.offset).await?;
    let data = entries.iter().map(|entry| verger_views::access_identifier(ctx.lens(), which, entry)).collect();
    Ok(list::<verger_wire::AccessIdentifier>(data, total, paginated))
}

async fn add(Caller { service, ctx }: Caller, JsonBody(mut fields): JsonBody, which: AccessList) -> Answer {
    let identifier = fields.required_text("identifier");
    fields.finish()?;
    let entry = service.create_access_identifier(&ctx, which, &identifier).await?;
    Ok(json(&verger_views::access_identifier(ctx.lens(), which, &entry)))
}

async fn remove(Caller { service, ctx }: Caller, id: &str, which: AccessList) -> Answer {
    let id = service.delete_access_identifier(&ctx, which, id).await?;
    Ok(deleted(verger_views::access_object(which), id.as_str()))
}
