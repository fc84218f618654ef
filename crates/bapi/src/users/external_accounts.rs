//! Accounts of users at other providers, and what these gave to act in a user's name.

use crate::answer::{Answer, deleted, list};
use crate::caller::Caller;
use crate::query::Query;
use verger_http::Segments;

/// The tokens of a user's accounts at a provider.
pub(crate) async fn get_oauth_access_token(
    Caller { service, ctx }: Caller,
    Segments((user_id, provider)): Segments<(String, String)>,
    mut query: Query,
) -> Answer {
    let page = query.page();
    let paginated = query.flag("paginated").unwrap_or_default();
    query.finish()?;
    let found = service.oauth_access_tokens(&ctx, &user_id, &provider).await?;
    let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let (skip, take) =
        (usize::try_from(page.offset).unwrap_or_default(), usize::try_from(page.limit).unwrap_or_default());
    let shown = found.iter().skip(skip).take(take);
    let data = shown.map(|(account, tokens)| verger_views::oauth_access_token(account, tokens)).collect();
    Ok(list::<verger_wire::OAuthAccessToken>(data, total, paginated))
}

/// Takes an account away from a user.
pub(crate) async fn delete_external_account(
    Caller { service, ctx }: Caller,
    Segments((user_id, id)): Segments<(String, String)>,
) -> Answer {
    let id = service.delete_external_account(&ctx, &user_id, &id).await?;
    Ok(deleted("external_account", id.as_str()))
}
