//! `clerk-rs` through the Backend API: users, their addresses, sessions and tokens.

use crate::report::{Report, Stopped};
use crate::server::Ready;
use clerk_rs::apis::{email_addresses_api, sessions_api, sign_in_tokens_api, testing_tokens_api, users_api};
use clerk_rs::models;
use clerk_rs::validators::authorizer::validate_jwt;
use clerk_rs::validators::jwks::MemoryCacheJwksProvider;
use clerk_rs::{Clerk, ClerkConfiguration};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

const EMAIL: &str = "rust.backend@example.com";
const PASSWORD: &str = "a long enough pass phrase";

pub async fn run(report: &mut Report, ready: &Ready) -> Result<(), Stopped> {
    let config =
        ClerkConfiguration::new(ready.secret_key.clone()).with_base_path(format!("{}/v1", ready.backend_api_url));
    let user = create(report, &config).await?;
    lists(report, &config, &user.id).await?;
    changes(report, &config, &user.id).await?;
    addresses(report, &config, &user.id).await?;
    sessions(report, &config, &user.id).await?;
    deletes(report, &config, &user.id).await
}

fn document(value: Value) -> HashMap<String, Value> {
    value.as_object().cloned().unwrap_or_default().into_iter().collect()
}

async fn create(report: &mut Report, config: &ClerkConfiguration) -> Result<models::User, Stopped> {
    let wrong = ClerkConfiguration::new("sk_test_wrong").with_base_path(config.base_path.clone());
    report.refused(
        "clerk-rs: a wrong key is refused",
        users_api::get_user(&wrong, "user_1").await,
        "clerk_key_invalid",
    );

    let mut new = models::CreateUserRequest::new();
    new.external_id = Some(Some("customer-1".into()));
    new.first_name = Some(Some("Jane".into()));
    new.last_name = Some(Some("Doe".into()));
    new.email_address = Some(vec![EMAIL.into()]);
    new.password = Some(Some(PASSWORD.into()));
    new.public_metadata = Some(document(json!({ "plan": "free", "limits": { "seats": 1 } })));
    let user = report.ok("clerk-rs: create a user", users_api::create_user(config, new.clone()).await)?;
    report.equal("clerk-rs: the name comes back", user.first_name.as_deref(), Some("Jane"));
    report.equal("clerk-rs: the external id comes back", user.external_id.as_deref(), Some("customer-1"));
    report.equal("clerk-rs: the password is known", user.password_enabled, true);
    let first = user.email_addresses.first();
    report.equal("clerk-rs: the address comes back", first.map(|it| it.email_address.as_str()), Some(EMAIL));
    report.equal(
        "clerk-rs: the address is primary",
        user.primary_email_address_id.clone(),
        first.and_then(|it| it.id.clone()),
    );

    let twice = users_api::create_user(config, new).await;
    report.refused("clerk-rs: a taken address is refused", twice, "form_identifier_exists");
    let read = report.ok("clerk-rs: get a user", users_api::get_user(config, &user.id).await)?;
    report.equal("clerk-rs: what is read is what was made", read.created_at, user.created_at);
    let unknown = users_api::get_user(config, "user_2abcdefghijklmnopqrstuvwxyz").await;
    report.refused("clerk-rs: an unknown user is not found", unknown, "resource_not_found");
    Ok(user)
}

async fn lists(report: &mut Report, config: &ClerkConfiguration, id: &str) -> Result<(), Stopped> {
    let mut other = models::CreateUserRequest::new();
    other.email_address = Some(vec!["rust.other@example.com".into()]);
    other.password = Some(Some(PASSWORD.into()));
    report.ok("clerk-rs: create another user", users_api::create_user(config, other).await)?;

    let by_address = report.ok("clerk-rs: list by address", list(config, Some(EMAIL), None).await)?;
    let ids: Vec<&str> = by_address.iter().map(|user| user.id.as_str()).collect();
    report.equal("clerk-rs: one user has the address", ids, vec![id]);
    let ascending = report.ok("clerk-rs: list in order", list(config, None, Some("+created_at")).await)?;
    report.equal("clerk-rs: the first made comes first", ascending.first().map(|user| user.id.as_str()), Some(id));
    let count = users_api::get_users_count(
        config, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None,
        None, None, None, None, None,
    );
    let count = report.ok("clerk-rs: count users", count.await)?;
    report.equal("clerk-rs: two users are counted", count.total_count, 2);
    Ok(())
}

async fn list(
    config: &ClerkConfiguration,
    address: Option<&str>,
    order_by: Option<&str>,
) -> Result<Vec<models::User>, clerk_rs::apis::Error<users_api::GetUserListError>> {
    let address = address.map(|text| vec![text.to_owned()]);
    users_api::get_user_list(
        config,
        address,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        Some(50),
        Some(0),
        None,
        order_by,
    )
    .await
}

async fn changes(report: &mut Report, config: &ClerkConfiguration, id: &str) -> Result<(), Stopped> {
    let mut patch = models::UpdateUserRequest::new();
    patch.first_name = Some(Some("Janet".into()));
    patch.last_name = Some(None);
    let user = report.ok("clerk-rs: update a user", users_api::update_user(config, id, patch).await)?;
    report.equal("clerk-rs: the new name is kept", user.first_name.as_deref(), Some("Janet"));
    report.equal("clerk-rs: null clears", user.last_name, None);

    let mut merge = models::UpdateUserMetadataRequest::new();
    merge.public_metadata = Some(document(json!({ "plan": null, "limits": { "projects": 3 } })));
    let user = users_api::update_user_metadata(config, id, Some(merge)).await;
    let user = report.ok("clerk-rs: merge metadata", user)?;
    let wanted = document(json!({ "limits": { "seats": 1, "projects": 3 } }));
    report.equal("clerk-rs: metadata merges in depth", user.public_metadata, wanted);

    let right = models::VerifyPasswordRequest::new(PASSWORD.into());
    report.ok("clerk-rs: the right password", users_api::verify_password(config, id, Some(right)).await)?;
    let wrong = models::VerifyPasswordRequest::new("another pass phrase".into());
    let wrong = users_api::verify_password(config, id, Some(wrong)).await;
    report.refused("clerk-rs: a wrong password", wrong, "incorrect_password");

    let locked = report.ok("clerk-rs: lock a user", users_api::lock_user(config, id).await)?;
    report.equal("clerk-rs: the lock shows", locked.locked, true);
    let unlocked = report.ok("clerk-rs: unlock a user", users_api::unlock_user(config, id).await)?;
    report.equal("clerk-rs: the lock is gone", unlocked.locked, false);
    let banned = report.ok("clerk-rs: ban a user", users_api::ban_user(config, id).await)?;
    report.equal("clerk-rs: the ban shows", banned.banned, true);
    let unbanned = report.ok("clerk-rs: unban a user", users_api::unban_user(config, id).await)?;
    report.equal("clerk-rs: the ban is gone", unbanned.banned, false);
    Ok(())
}

async fn addresses(report: &mut Report, config: &ClerkConfiguration, id: &str) -> Result<(), Stopped> {
    let mut new = models::CreateEmailAddressRequest::new(id.into(), "rust.second@example.com".into());
    new.verified = Some(Some(true));
    let made = email_addresses_api::create_email_address(config, Some(new)).await;
    let address = report.ok("clerk-rs: add an address", made)?;
    let address_id = address.id.unwrap_or_default();
    let read = email_addresses_api::get_email_address(config, &address_id).await;
    let read = report.ok("clerk-rs: get an address", read)?;
    report.equal("clerk-rs: the address is the one", read.email_address.as_str(), "rust.second@example.com");
    let gone = email_addresses_api::delete_email_address(config, &address_id).await;
    let gone = report.ok("clerk-rs: delete an address", gone)?;
    report.equal("clerk-rs: the address is gone", gone.deleted, true);
    Ok(())
}

async fn sessions(report: &mut Report, config: &ClerkConfiguration, id: &str) -> Result<(), Stopped> {
    let new = models::CreateSessionRequest::new(id.into());
    let session = report.ok("clerk-rs: make a session", sessions_api::create_session(config, Some(new)).await)?;
    let list = sessions_api::get_session_list(config, None, Some(id), Some("active"), None, None, None).await;
    let list = report.ok("clerk-rs: list sessions", list)?;
    let ids: Vec<&str> = list.iter().map(|it| it.id.as_str()).collect();
    report.equal("clerk-rs: the session is listed", ids, vec![session.id.as_str()]);

    let token = sessions_api::create_session_token(config, &session.id, None).await;
    let token = report.ok("clerk-rs: mint a token", token)?.jwt.unwrap_or_default();
    let jwks = Arc::new(MemoryCacheJwksProvider::new(Clerk::new(config.clone())));
    let claims = report.ok("clerk-rs: the token verifies", validate_jwt(&token, jwks).await)?;
    report.equal("clerk-rs: the token names the user", claims.sub.as_str(), id);
    report.equal("clerk-rs: the token names the session", claims.sid.as_deref(), Some(session.id.as_str()));

    let revoked = report.ok("clerk-rs: revoke a session", sessions_api::revoke_session(config, &session.id).await)?;
    report.equal("clerk-rs: the session is revoked", revoked.status, models::session::Status::Revoked);

    let new = models::CreateSignInTokenRequest::new(id.into());
    let made = sign_in_tokens_api::create_sign_in_token(config, Some(new)).await;
    let made = report.ok("clerk-rs: make a sign-in token", made)?;
    report.equal("clerk-rs: the sign-in token shows", made.token.is_some_and(|token| !token.is_empty()), true);
    let revoked = sign_in_tokens_api::revoke_sign_in_token(config, &made.id).await;
    report.ok("clerk-rs: revoke a sign-in token", revoked)?;
    report.ok("clerk-rs: make a testing token", testing_tokens_api::create_testing_token(config).await)?;
    Ok(())
}

async fn deletes(report: &mut Report, config: &ClerkConfiguration, id: &str) -> Result<(), Stopped> {
    let gone = report.ok("clerk-rs: delete a user", users_api::delete_user(config, id).await)?;
    report.equal("clerk-rs: the user is deleted", (gone.deleted, gone.id.as_deref()), (true, Some(id)));
    report.refused(
        "clerk-rs: a deleted user is not found",
        users_api::get_user(config, id).await,
        "resource_not_found",
    );
    Ok(())
}
