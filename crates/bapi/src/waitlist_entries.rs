//! The waitlist.

use crate::answer::{Answer, deleted, json, list};
use crate::body::{JsonBody, JsonList};
use crate::caller::Caller;
use crate::fields::Fields;
use crate::query::Query;
use std::ops::RangeInclusive;
use verger_http::Segments;
use verger_model::waitlist::WaitlistStatus;
use verger_model::{Code, Refusal};
use verger_service::{WaitlistFilter, WaitlistOrder};

/// How many are added in one request.
const BULK: RangeInclusive<usize> = 1..=50;

/// The entries, newest first unless said otherwise, with their number.
pub(crate) async fn get_list(Caller { service, ctx }: Caller, mut query: Query) -> Answer {
    let page = query.page();
    let status = query.text("status").map(|text| WaitlistStatus::parse(&text));
    if status == Some(None) {
        query.refuse(Code::FormParamValueInvalid, "status");
    }
    let (order, ascending) = order(&mut query);
    let text = query.text("query").map(|text| text.to_lowercase());
    // The newest SDKs always say so; the answer has no other shape.
    query.flag("paginated");
    query.finish()?;
    let (limit, offset) = (page.limit, page.offset);
    let filter = WaitlistFilter { status: status.flatten(), query: text, order, ascending, limit, offset };
    let (found, total) = service.list_waitlist(&ctx, &filter).await?;
    let data =
        found.iter().map(|(entry, sent)| verger_views::waitlist_entry(ctx.lens(), entry, sent.as_ref())).collect();
    Ok(list::<verger_wire::WaitlistEntry>(data, total, true))
}

fn order(query: &mut Query) -> (WaitlistOrder, bool) {
    let text = query.text("order_by").unwrap_or_else(|| "-created_at".into());
    let (ascending, name) = match text.strip_prefix('-') {
        Some(name) => (false, name),
        None => (true, text.trim_start_matches(['+', ' '])),
    };
    let order = match name {
        "created_at" => WaitlistOrder::CreatedAt,
        "email_address" => WaitlistOrder::EmailAddress,
        "invited_at" => WaitlistOrder::UpdatedAt,
        _ => {
            query.refuse(Code::FormParamValueInvalid, "order_by");
            WaitlistOrder::default()
        }
    };
    (order, ascending)
}

/// Puts an address on the waitlist.
pub(crate) async fn create(Caller { service, ctx }: Caller, JsonBody(fields): JsonBody) -> Answer {
    let made = service.create_waitlist_entries(&ctx, &[read(fields)?]).await?;
    let entry = made.first().ok_or_else(|| Refusal::from(Code::ResourceNotFound))?;
    Ok(json(&verger_views::waitlist_entry(ctx.lens(), entry, None)))
}

/// Puts up to fifty addresses on the waitlist.
pub(crate) async fn create_bulk(Caller { service, ctx }: Caller, JsonList(items): JsonList) -> Answer {
    if !BULK.contains(&items.len()) {
        return Err(Refusal::param(Code::FormParamArraySizeExceeded, "waitlist_entries").into());
    }
    let new = items.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let made = service.create_waitlist_entries(&ctx, &new).await?;
    let shown: Vec<_> = made.iter().map(|it| verger_views::waitlist_entry(ctx.lens(), it, None)).collect();
    Ok(json(&shown))
}

/// Invites somebody who waits.
pub(crate) async fn invite(
    Caller { service, ctx }: Caller,
    Segments(id): Segments<String>,
    JsonBody(mut fields): JsonBody,
) -> Answer {
    let ignore_existing = fields.flag("ignore_existing").unwrap_or_default();
    fields.finish()?;
    let (entry, sent) = service.invite_from_waitlist(&ctx, &id, ignore_existing).await?;
    Ok(json(&verger_views::waitlist_entry(ctx.lens(), &entry, Some(&sent))))
}

/// Turns somebody down.
pub(crate) async fn reject(Caller { service, ctx }: Caller, Segments(id): Segments<String>) -> Answer {
    let entry = service.reject_from_waitlist(&ctx, &id).await?;
    Ok(json(&verger_views::waitlist_entry(ctx.lens(), &entry, None)))
}

/// Takes somebody who waits off the list.
pub(crate) async fn delete(Caller { service, ctx }: Caller, Segments(id): Segments<String>) -> Answer {
    let id = service.delete_waitlist_entry(&ctx, &id).await?;
    Ok(deleted("waitlist_entry", id.as_str()))
}

/// An address, and whether it gets a mail.
fn read(mut fields: Fields) -> Result<(String, bool), Refusal> {
    let address = fields.required_text("email_address");
    let notify = fields.flag("notify").unwrap_or(true);
    fields.finish()?;
    Ok((address, notify))
}
