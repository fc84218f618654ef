//! Invitations to the application.

use crate::answer::{Answer, json, list};
use crate::body::{JsonBody, JsonList};
use crate::caller::Caller;
use crate::fields::Fields;
use crate::query::Query;
use std::ops::RangeInclusive;
use verger_http::{Failure, Segments};
use verger_model::invitation::{Invitation, InvitationStatus};
use verger_model::{Code, Refusal};
use verger_service::{Ctx, InvitationFilter, NewInvitation, Service};

/// For how many days an invitation can be accepted.
const DAYS: RangeInclusive<i64> = 1..=365;
/// How many are made in one request.
const BULK: RangeInclusive<usize> = 1..=10;

/// Invites one address.
pub(crate) async fn create(Caller { service, ctx }: Caller, JsonBody(fields): JsonBody) -> Answer {
    let made = service.create_invitations(&ctx, vec![read(fields)?]).await?;
    let made = made.first().ok_or(Code::InternalClerkError).map_err(Refusal::from)?;
    Ok(json(&shown(&service, &ctx, made)?))
}

/// Invites up to ten addresses, all or none.
pub(crate) async fn create_bulk(Caller { service, ctx }: Caller, JsonList(items): JsonList) -> Answer {
    if !BULK.contains(&items.len()) {
        return Err(Refusal::param(Code::FormParamArraySizeExceeded, "invitations").into());
    }
    let new = items.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let made = service.create_invitations(&ctx, new).await?;
    let shown = made.iter().map(|it| shown(&service, &ctx, it)).collect::<Result<Vec<_>, _>>()?;
    Ok(json(&shown))
}

/// The invitations, newest first.
pub(crate) async fn get_list(Caller { service, ctx }: Caller, mut query: Query) -> Answer {
    let page = query.page();
    let status = query.text("status").map(|text| InvitationStatus::parse(&text));
    if status == Some(None) {
        query.refuse(Code::FormParamValueInvalid, "status");
    }
    let ascending = match query.text("order_by").as_deref() {
        None | Some("-created_at") => false,
        Some("created_at" | "+created_at") => true,
        Some(_) => {
            query.refuse(Code::FormParamValueInvalid, "order_by");
            false
        }
    };
    let text = query.text("query").map(|text| text.to_lowercase());
    let paginated = query.flag("paginated").unwrap_or_default();
    query.finish()?;
    let (limit, offset) = (page.limit, page.offset);
    let filter = InvitationFilter { status: status.flatten(), query: text, now: ctx.now, ascending, limit, offset };
    let (found, total) = service.list_invitations(&ctx, &filter).await?;
    let data = found.iter().map(|it| shown(&service, &ctx, it)).collect::<Result<Vec<_>, _>>()?;
    Ok(list::<verger_wire::Invitation>(data, total, paginated))
}

/// Takes an invitation back.
pub(crate) async fn revoke(Caller { service, ctx }: Caller, Segments(id): Segments<String>) -> Answer {
    let revoked = service.revoke_invitation(&ctx, &id).await?;
    Ok(json(&shown(&service, &ctx, &revoked)?))
}

fn shown(service: &Service, ctx: &Ctx, invitation: &Invitation) -> Result<verger_wire::Invitation, Failure> {
    // A ticket costs a signature, and only one that can still be accepted is shown.
    let is_pending = invitation.status_at(ctx.now) == InvitationStatus::Pending;
    let url = is_pending.then(|| service.invitation_url(ctx, invitation)).transpose()?;
    Ok(verger_views::invitation(ctx.lens(), invitation, url))
}

fn read(mut fields: Fields) -> Result<NewInvitation, Refusal> {
    let f = &mut fields;
    let new = NewInvitation {
        email_address: f.required_text("email_address"),
        public_metadata: f.metadata("public_metadata"),
        redirect_url: f.text("redirect_url"),
        is_silent: f.flag("notify") == Some(false),
        ignore_existing: f.flag("ignore_existing").unwrap_or_default(),
        expires_in_days: f.integer("expires_in_days", &DAYS),
    };
    let slug = f.text("template_slug");
    if slug.is_some_and(|slug| !matches!(slug.as_str(), "invitation" | "waitlist_invitation")) {
        f.refuse(Code::FormParamValueInvalid, "template_slug");
    }
    fields.finish()?;
    Ok(new)
}
