//! Reads the filters of a list of users.

use crate::query::Query;
use verger_model::{Code, Refusal};
use verger_service::{UserFilter, UserOrder};

/// What a list of users may be ordered by.
const ORDERS: &[(&str, UserOrder)] = &[
    ("created_at", UserOrder::CreatedAt),
    ("updated_at", UserOrder::UpdatedAt),
    ("email_address", UserOrder::EmailAddress),
    ("first_name", UserOrder::FirstName),
    ("last_name", UserOrder::LastName),
    ("phone_number", UserOrder::PhoneNumber),
    ("username", UserOrder::Username),
    ("last_active_at", UserOrder::LastActiveAt),
    ("last_sign_in_at", UserOrder::LastSignInAt),
];

/// Which users are asked for. `None`: the ids that were given name nobody, whatever the other filters say.
pub(super) type Asked = Option<UserFilter>;

/// The filters of `GET /users`, with order and page.
///
/// # Errors
/// `form_param_unknown`, `form_param_type_invalid`, `form_param_value_invalid`, `form_param_value_too_large`,
/// `form_param_array_size_exceeded`.
pub(super) fn of_list(mut query: Query) -> Result<Asked, Refusal> {
    let page = query.page();
    let (order, descending) = take_order(&mut query);
    let cursor = query.text("starting_after").map(|text| text.parse());
    let goes_with_cursor = order == UserOrder::CreatedAt && page.offset == 0;
    if cursor.as_ref().is_some_and(|id| id.is_err() || !goes_with_cursor) {
        query.refuse(Code::FormParamValueInvalid, "starting_after");
    }
    let filter = UserFilter {
        order,
        descending,
        starting_after: cursor.and_then(Result::ok),
        limit: Some(page.limit),
        offset: page.offset,
        ..UserFilter::default()
    };
    narrow(query, filter)
}

/// The filters of `GET /users/count`. Order and page change no count, so they are read and left at that.
///
/// # Errors
/// As [`of_list`].
pub(super) fn of_count(mut query: Query) -> Result<Asked, Refusal> {
    query.page();
    take_order(&mut query);
    narrow(query, UserFilter::default())
}

fn narrow(mut query: Query, mut filter: UserFilter) -> Result<Asked, Refusal> {
    let q = &mut query;
    filter.email_addresses = lower(q.texts("email_address"));
    filter.phone_numbers = q.texts("phone_number");
    filter.usernames = lower(q.texts("username"));
    filter.query = q.text("query");
    filter.email_address_query = q.text("email_address_query");
    filter.phone_number_query = q.text("phone_number_query");
    filter.username_query = q.text("username_query");
    filter.name_query = q.text("name_query");
    filter.banned = q.flag("banned");
    filter.created_at_before = q.millis("created_at_before");
    filter.created_at_after = q.millis("created_at_after");
    filter.last_active_at_before = q.millis("last_active_at_before");
    filter.last_active_at_after = q.millis("last_active_at_after");
    filter.last_active_at_since = q.millis("last_active_at_since");
    filter.last_sign_in_at_before = q.millis("last_sign_in_at_before");
    filter.last_sign_in_at_after = q.millis("last_sign_in_at_after");
    (filter.external_ids.include, filter.external_ids.exclude) = signed(q.texts("external_id"));
    let (include, exclude) = signed(q.texts("user_id"));
    let asks_for_ids = !include.is_empty();
    filter.user_ids.include = include.iter().filter_map(|text| text.parse().ok()).collect();
    filter.user_ids.exclude = exclude.iter().filter_map(|text| text.parse().ok()).collect();
    let names_nobody = asks_for_ids && filter.user_ids.include.is_empty();
    query.finish()?;
    Ok((!names_nobody).then_some(filter))
}

fn lower(texts: Vec<String>) -> Vec<String> {
    texts.into_iter().map(|text| text.to_lowercase()).collect()
}

/// Values to look for (plain, or behind a `+`) and values to leave out (behind a `-`).
fn signed(texts: Vec<String>) -> (Vec<String>, Vec<String>) {
    let (mut include, mut exclude) = (Vec::new(), Vec::new());
    for text in texts {
        match text.strip_prefix('-') {
            Some(rest) => exclude.push(rest.to_owned()),
            None => include.push(without_plus(&text).to_owned()),
        }
    }
    (include, exclude)
}

/// A plus sign that nobody encoded arrives as a space.
fn without_plus(text: &str) -> &str {
    text.strip_prefix(['+', ' ']).unwrap_or(text)
}

/// What to order by, and whether the greatest comes first. Of several the first counts.
fn take_order(query: &mut Query) -> (UserOrder, bool) {
    let Some(text) = query.text("order_by") else { return (UserOrder::CreatedAt, true) };
    let (name, descending) = match text.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (without_plus(&text), false),
    };
    let found = ORDERS.iter().find(|(known, _)| *known == name);
    if found.is_none() {
        query.refuse(Code::FormParamValueInvalid, "order_by");
    }
    (found.map_or(UserOrder::CreatedAt, |(_, order)| *order), descending)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> UserFilter {
        of_list(Query::parse(text)).expect("a good query").expect("somebody is named")
    }

    fn code(text: &str) -> Option<Code> {
        of_list(Query::parse(text)).err().map(|refusal| refusal.code())
    }

    #[test]
    fn the_newest_ten_come_first_where_nothing_is_said() {
        let filter = list("");
        assert_eq!(
            (filter.order, filter.descending, filter.limit, filter.offset),
            (UserOrder::CreatedAt, true, Some(10), 0)
        );
    }

    #[test]
    fn an_order_has_a_sign_and_the_first_counts() {
        for (text, order, descending) in [
            ("order_by=%2Blast_name&order_by=-username", UserOrder::LastName, false),
            ("order_by=+last_name", UserOrder::LastName, false),
            ("order_by=last_name", UserOrder::LastName, false),
            ("order_by=-last_sign_in_at", UserOrder::LastSignInAt, true),
        ] {
            let filter = list(text);
            assert_eq!((filter.order, filter.descending), (order, descending), "{text}");
        }
        for text in ["order_by=password_digest", "order_by=web3wallet", "order_by=--username", "order_by=-"] {
            assert_eq!(code(text), Some(Code::FormParamValueInvalid), "{text}");
        }
    }

    #[test]
    fn ids_can_be_left_out() {
        let filter = list("user_id=%2Buser_1&user_id=-user_2&user_id=user_3&external_id=-a&external_id=b");
        let ids = |ids: &[verger_model::UserId]| ids.iter().map(|id| id.as_str().to_owned()).collect::<Vec<_>>();
        assert_eq!(ids(&filter.user_ids.include), ["user_1", "user_3"]);
        assert_eq!(ids(&filter.user_ids.exclude), ["user_2"]);
        assert_eq!(filter.external_ids.include, ["b"]);
        assert_eq!(filter.external_ids.exclude, ["a"]);
    }

    #[test]
    fn ids_that_are_none_name_nobody() {
        assert_eq!(of_list(Query::parse("user_id=nobody")), Ok(None));
        assert!(of_list(Query::parse("user_id=-nobody")).is_ok_and(|asked| asked.is_some()));
    }

    #[test]
    fn a_cursor_goes_with_the_order_of_creation_alone() {
        assert!(list("starting_after=user_1").starting_after.is_some());
        assert!(list("starting_after=user_1&order_by=created_at").starting_after.is_some());
        for text in ["starting_after=x", "starting_after=user_1&offset=1", "starting_after=user_1&order_by=username"] {
            assert_eq!(code(text), Some(Code::FormParamValueInvalid), "{text}");
        }
    }

    #[test]
    fn filters_of_features_that_are_not_there_are_refused() {
        for text in ["organization_id=org_1", "web3_wallet=0x1", "provider=google", "paginated=true"] {
            assert_eq!(code(text), Some(Code::FormParamUnknown), "{text}");
        }
    }

    #[test]
    fn times_are_milliseconds() {
        assert_eq!(
            list("created_at_before=1700000000000").created_at_before,
            Some(verger_model::Millis(1_700_000_000_000))
        );
        assert_eq!(code("created_at_before=2023-01-01"), Some(Code::FormParamTypeInvalid));
    }
}
