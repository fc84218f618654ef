//! `GET /users` and `GET /users/count`: the same filters. The list is always a bare array; SDKs ask for the count beside it.

use super::filter;
use crate::answer::{Answer, json};
use crate::caller::Caller;
use crate::query::Query;
use verger_wire::{TotalCount, Word};

/// The users that pass every filter, newest first where no order is asked for.
pub(crate) async fn get_user_list(Caller { service, ctx }: Caller, query: Query) -> Answer {
    let profiles = match filter::of_list(query)? {
        Some(filter) => service.list_users(&ctx, &filter).await?,
        None => Vec::new(),
    };
    let users: Vec<_> = profiles.iter().map(|profile| verger_views::bapi_user(ctx.lens(), profile)).collect();
    Ok(json(&users))
}

/// How many users pass every filter.
pub(crate) async fn get_users_count(Caller { service, ctx }: Caller, query: Query) -> Answer {
    let total_count = match filter::of_count(query)? {
        Some(filter) => service.count_users(&ctx, &filter).await?,
        None => 0,
    };
    Ok(json(&TotalCount { object: Word::Borrowed("total_count"), total_count }))
}
