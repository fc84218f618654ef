//! The list of users with its many filters, put together at run time from static pieces. Texts are searched in lower case.

use verger_model::identification::IdentificationKind;
use verger_model::{InstanceId, Millis, UserId};

use super::row::select_users;
use crate::sql::Dynamic;

/// Values to look for, and values to leave out. Empty: no condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdFilter<T> {
    /// One of these.
    pub include: Vec<T>,
    /// None of these.
    pub exclude: Vec<T>,
}

impl<T> Default for IdFilter<T> {
    fn default() -> Self {
        Self { include: Vec::new(), exclude: Vec::new() }
    }
}

/// What a list of users is ordered by. Users without the value come last, in either direction; ids break ties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserOrder {
    /// When the account was made.
    #[default]
    CreatedAt,
    /// When it last changed.
    UpdatedAt,
    /// The primary email address.
    EmailAddress,
    /// First name, without regard to case.
    FirstName,
    /// Last name, without regard to case.
    LastName,
    /// The primary phone number.
    PhoneNumber,
    /// Username, without regard to case.
    Username,
    /// When the user was last seen.
    LastActiveAt,
    /// When the user last signed in.
    LastSignInAt,
}

/// Which users of an instance, in which order. Conditions of different fields must all hold; of the values within one, any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Exact email addresses, proved or not.
    pub email_addresses: Vec<String>,
    /// Exact phone numbers, proved or not.
    pub phone_numbers: Vec<String>,
    /// Exact usernames, without regard to case.
    pub usernames: Vec<String>,
    /// Exact ids of the application's own database.
    pub external_ids: IdFilter<String>,
    /// Exact ids.
    pub user_ids: IdFilter<UserId>,
    /// Part of an email address, phone number, username, id or name.
    pub query: Option<String>,
    /// Part of an email address.
    pub email_address_query: Option<String>,
    /// Part of a phone number.
    pub phone_number_query: Option<String>,
    /// Part of a username.
    pub username_query: Option<String>,
    /// Part of a first name, a last name, or both with a space between.
    pub name_query: Option<String>,
    /// Banned or not.
    pub banned: Option<bool>,
    /// Made before.
    pub created_at_before: Option<Millis>,
    /// Made after.
    pub created_at_after: Option<Millis>,
    /// Last seen before.
    pub last_active_at_before: Option<Millis>,
    /// Last seen after.
    pub last_active_at_after: Option<Millis>,
    /// Last seen then or later.
    pub last_active_at_since: Option<Millis>,
    /// Last signed in before.
    pub last_sign_in_at_before: Option<Millis>,
    /// Last signed in after.
    pub last_sign_in_at_after: Option<Millis>,
    /// By what to order.
    pub order: UserOrder,
    /// Greatest first.
    pub descending: bool,
    /// Only those behind this user in the order of creation; goes with [`UserOrder::CreatedAt`] alone.
    pub starting_after: Option<UserId>,
    /// At most so many; `None`: all.
    pub limit: Option<i64>,
    /// After so many.
    pub offset: i64,
}

/// The statement of the list.
pub(super) fn select(instance: &InstanceId, filter: &UserFilter) -> Dynamic {
    let mut text = Dynamic::new(select_users!(""));
    text.bind(instance.as_str());
    narrow(&mut text, filter);
    if let Some(cursor) = &filter.starting_after {
        text.push(if filter.descending { " AND (created_at, id) < " } else { " AND (created_at, id) > " });
        text.push("(SELECT c.created_at, c.id FROM users c WHERE c.instance_id = users.instance_id AND c.id = ");
        text.bind(cursor.as_str()).push(")");
    }
    text.push(order_by(filter.order, filter.descending));
    text.push(" LIMIT ").bind(filter.limit.unwrap_or(i64::MAX));
    text.push(" OFFSET ").bind(filter.offset);
    text
}

/// The statement of the count.
pub(super) fn count(instance: &InstanceId, filter: &UserFilter) -> Dynamic {
    let mut text = Dynamic::new("SELECT COUNT(*) AS count FROM users WHERE instance_id = ");
    text.bind(instance.as_str());
    narrow(&mut text, filter);
    text
}

fn narrow(text: &mut Dynamic, filter: &UserFilter) {
    has_value(text, IdentificationKind::EmailAddress, &filter.email_addresses);
    has_value(text, IdentificationKind::PhoneNumber, &filter.phone_numbers);
    one_of(text, " AND username_lower IN ", filter.usernames.iter().map(|name| name.to_lowercase()));
    one_of(text, " AND external_id IN ", filter.external_ids.include.iter().map(String::as_str));
    if !filter.external_ids.exclude.is_empty() {
        text.push(" AND (external_id IS NULL OR external_id NOT IN ");
        text.bind_list(filter.external_ids.exclude.iter().map(String::as_str)).push(")");
    }
    one_of(text, " AND id IN ", filter.user_ids.include.iter().map(UserId::as_str));
    one_of(text, " AND id NOT IN ", filter.user_ids.exclude.iter().map(UserId::as_str));
    search(text, filter);
    if let Some(banned) = filter.banned {
        text.push(" AND banned = ").bind(banned);
    }
    for (condition, bound) in [
        (" AND created_at < ", filter.created_at_before),
        (" AND created_at > ", filter.created_at_after),
        (" AND last_active_at < ", filter.last_active_at_before),
        (" AND last_active_at > ", filter.last_active_at_after),
        (" AND last_active_at >= ", filter.last_active_at_since),
        (" AND last_sign_in_at < ", filter.last_sign_in_at_before),
        (" AND last_sign_in_at > ", filter.last_sign_in_at_after),
    ] {
        if let Some(at) = bound {
            text.push(condition).bind(at.0);
        }
    }
}

fn one_of(
    text: &mut Dynamic,
    condition: &'static str,
    values: impl ExactSizeIterator<Item = impl Into<crate::sql::Bind>>,
) {
    if values.len() > 0 {
        text.push(condition).bind_list(values);
    }
}

const IDENTIFIED_BY: &str =
    "EXISTS (SELECT 1 FROM identifications i WHERE i.instance_id = users.instance_id AND i.user_id = users.id AND ";

fn has_value(text: &mut Dynamic, kind: IdentificationKind, values: &[String]) {
    if values.is_empty() {
        return;
    }
    text.push(" AND ").push(IDENTIFIED_BY).push("i.kind = ").bind(kind.as_str());
    text.push(" AND i.value IN ").bind_list(values.iter().map(|value| value.to_lowercase())).push(")");
}

fn search(text: &mut Dynamic, filter: &UserFilter) {
    for (kind, query) in [
        (IdentificationKind::EmailAddress, &filter.email_address_query),
        (IdentificationKind::PhoneNumber, &filter.phone_number_query),
    ] {
        if let Some(query) = query {
            text.push(" AND ").push(IDENTIFIED_BY).push("i.kind = ").bind(kind.as_str());
            contains(text.push(" AND i.value"), query).push(")");
        }
    }
    if let Some(query) = &filter.username_query {
        contains(text.push(" AND username_lower"), query);
    }
    if let Some(query) = &filter.name_query {
        contains(text.push(" AND ").push(FULL_NAME), query);
    }
    if let Some(query) = &filter.query {
        text.push(" AND (").push(IDENTIFIED_BY);
        contains(text.push("i.value"), query).push(")");
        contains(text.push(" OR username_lower"), query);
        contains(text.push(" OR lower(id)"), query);
        contains(text.push(" OR ").push(FULL_NAME), query).push(")");
    }
}

const FULL_NAME: &str = "(COALESCE(first_name_lower, '') || ' ' || COALESCE(last_name_lower, ''))";

/// `LIKE` with the query as it stands: its own `%` and `_` are no wildcards.
fn contains<'a>(text: &'a mut Dynamic, query: &str) -> &'a mut Dynamic {
    let mut pattern = String::from("%");
    for c in query.trim().to_lowercase().chars() {
        if matches!(c, '\\' | '%' | '_') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    text.push(" LIKE ").bind(pattern).push(" ESCAPE '\\'")
}

macro_rules! order {
    ($descending:expr, $key:literal, $nulls:literal) => {
        if $descending {
            concat!(" ORDER BY ", $key, " DESC", $nulls, ", id DESC")
        } else {
            concat!(" ORDER BY ", $key, $nulls, ", id")
        }
    };
}

fn order_by(order: UserOrder, descending: bool) -> &'static str {
    match order {
        UserOrder::CreatedAt => order!(descending, "created_at", ""),
        UserOrder::UpdatedAt => order!(descending, "updated_at", ""),
        UserOrder::FirstName => order!(descending, "first_name_lower", " NULLS LAST"),
        UserOrder::LastName => order!(descending, "last_name_lower", " NULLS LAST"),
        UserOrder::Username => order!(descending, "username_lower", " NULLS LAST"),
        UserOrder::LastActiveAt => order!(descending, "last_active_at", " NULLS LAST"),
        UserOrder::LastSignInAt => order!(descending, "last_sign_in_at", " NULLS LAST"),
        UserOrder::EmailAddress => order!(
            descending,
            "(SELECT p.value FROM identifications p \
               WHERE p.instance_id = users.instance_id AND p.id = users.primary_email_address_id)",
            " NULLS LAST"
        ),
        UserOrder::PhoneNumber => order!(
            descending,
            "(SELECT p.value FROM identifications p \
               WHERE p.instance_id = users.instance_id AND p.id = users.primary_phone_number_id)",
            " NULLS LAST"
        ),
    }
}
