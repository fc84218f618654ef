//! The table of contents of the Backend API.

use crate::{
    access_identifiers, actor_tokens, clients, email_addresses, invitations, jwks, phone_numbers, sessions,
    sign_in_tokens, testing_tokens, users, waitlist_entries,
};
use axum::Router;
use axum::routing::{delete, get, patch, post, put};
use verger_http::AppState;

/// Every operation that is mounted: method, path and `operationId`. A request may leave out `/v1`.
pub const ROUTES: &[(&str, &str, &str)] = &[
    ("POST", "/v1/actor_tokens", "CreateActorToken"),
    ("POST", "/v1/actor_tokens/{actor_token_id}/revoke", "RevokeActorToken"),
    ("POST", "/v1/clients/verify", "VerifyClient"),
    ("GET", "/v1/clients/handshake_payload", "GetHandshakePayload"),
    ("GET", "/v1/clients/{client_id}", "GetClient"),
    ("POST", "/v1/email_addresses", "CreateEmailAddress"),
    ("GET", "/v1/email_addresses/{email_address_id}", "GetEmailAddress"),
    ("PATCH", "/v1/email_addresses/{email_address_id}", "UpdateEmailAddress"),
    ("DELETE", "/v1/email_addresses/{email_address_id}", "DeleteEmailAddress"),
    ("GET", "/v1/jwks", "GetJWKS"),
    ("POST", "/v1/phone_numbers", "CreatePhoneNumber"),
    ("GET", "/v1/phone_numbers/{phone_number_id}", "GetPhoneNumber"),
    ("PATCH", "/v1/phone_numbers/{phone_number_id}", "UpdatePhoneNumber"),
    ("DELETE", "/v1/phone_numbers/{phone_number_id}", "DeletePhoneNumber"),
    ("GET", "/v1/sessions", "GetSessionList"),
    ("POST", "/v1/sessions", "createSession"),
    ("GET", "/v1/sessions/{session_id}", "GetSession"),
    ("POST", "/v1/sessions/{session_id}/revoke", "RevokeSession"),
    ("POST", "/v1/sessions/{session_id}/tokens", "CreateSessionToken"),
    ("POST", "/v1/sessions/{session_id}/tokens/{template_name}", "CreateSessionTokenFromTemplate"),
    ("POST", "/v1/sessions/{session_id}/verify", "VerifySession"),
    ("POST", "/v1/sign_in_tokens", "CreateSignInToken"),
    ("POST", "/v1/sign_in_tokens/{sign_in_token_id}/revoke", "RevokeSignInToken"),
    ("POST", "/v1/testing_tokens", "CreateTestingToken"),
    ("GET", "/v1/users", "GetUserList"),
    ("POST", "/v1/users", "CreateUser"),
    ("GET", "/v1/users/count", "GetUsersCount"),
    ("POST", "/v1/users/ban", "UsersBan"),
    ("POST", "/v1/users/unban", "UsersUnban"),
    ("GET", "/v1/users/{user_id}", "GetUser"),
    ("PATCH", "/v1/users/{user_id}", "UpdateUser"),
    ("DELETE", "/v1/users/{user_id}", "DeleteUser"),
    ("PATCH", "/v1/users/{user_id}/metadata", "UpdateUserMetadata"),
    ("PUT", "/v1/users/{user_id}/metadata", "ReplaceUserMetadata"),
    ("POST", "/v1/users/{user_id}/ban", "BanUser"),
    ("POST", "/v1/users/{user_id}/unban", "UnbanUser"),
    ("POST", "/v1/users/{user_id}/lock", "LockUser"),
    ("POST", "/v1/users/{user_id}/unlock", "UnlockUser"),
    ("POST", "/v1/users/{user_id}/verify_password", "VerifyPassword"),
    ("POST", "/v1/users/{user_id}/remove_password", "RemoveUserPassword"),
    ("POST", "/v1/users/{user_id}/password/set_compromised", "SetUserPasswordCompromised"),
    ("POST", "/v1/users/{user_id}/password/unset_compromised", "UnsetUserPasswordCompromised"),
    ("GET", "/v1/waitlist_entries", "ListWaitlistEntries"),
    ("POST", "/v1/waitlist_entries", "CreateWaitlistEntry"),
    ("POST", "/v1/waitlist_entries/bulk", "CreateBulkWaitlistEntries"),
    ("DELETE", "/v1/waitlist_entries/{waitlist_entry_id}", "DeleteWaitlistEntry"),
    ("POST", "/v1/waitlist_entries/{waitlist_entry_id}/invite", "InviteWaitlistEntry"),
    ("POST", "/v1/waitlist_entries/{waitlist_entry_id}/reject", "RejectWaitlistEntry"),
    ("POST", "/v1/invitations", "CreateInvitation"),
    ("GET", "/v1/invitations", "ListInvitations"),
    ("POST", "/v1/invitations/bulk", "CreateBulkInvitations"),
    ("POST", "/v1/invitations/{invitation_id}/revoke", "RevokeInvitation"),
    ("GET", "/v1/allowlist_identifiers", "ListAllowlistIdentifiers"),
    ("POST", "/v1/allowlist_identifiers", "CreateAllowlistIdentifier"),
    ("DELETE", "/v1/allowlist_identifiers/{identifier_id}", "DeleteAllowlistIdentifier"),
    ("GET", "/v1/blocklist_identifiers", "ListBlocklistIdentifiers"),
    ("POST", "/v1/blocklist_identifiers", "CreateBlocklistIdentifier"),
    ("DELETE", "/v1/blocklist_identifiers/{identifier_id}", "DeleteBlocklistIdentifier"),
    ("POST", "/v1/users/{user_id}/verify_totp", "VerifyTOTP"),
    ("DELETE", "/v1/users/{user_id}/mfa", "DisableMFA"),
    ("DELETE", "/v1/users/{user_id}/totp", "DeleteTOTP"),
    ("DELETE", "/v1/users/{user_id}/backup_code", "DeleteBackupCode"),
    ("GET", "/v1/users/{user_id}/oauth_access_tokens/{provider}", "GetOAuthAccessToken"),
    ("DELETE", "/v1/users/{user_id}/external_accounts/{external_account_id}", "DeleteExternalAccount"),
    ("DELETE", "/v1/users/{user_id}/passkeys/{passkey_identification_id}", "UserPasskeyDelete"),
];

/// The Backend API.
pub fn router(state: AppState) -> Router {
    let table = Router::<AppState>::new()
        .route("/v1/clients/verify", post(clients::verify_client))
        .route("/v1/clients/handshake_payload", get(clients::get_handshake_payload))
        .route("/v1/clients/{client_id}", get(clients::get_client))
        .route("/v1/email_addresses", post(email_addresses::create_email_address))
        .route("/v1/email_addresses/{email_address_id}", get(email_addresses::get_email_address))
        .route("/v1/email_addresses/{email_address_id}", patch(email_addresses::update_email_address))
        .route("/v1/email_addresses/{email_address_id}", delete(email_addresses::delete_email_address))
        .route("/v1/jwks", get(jwks::get_jwks))
        .route("/v1/phone_numbers", post(phone_numbers::create_phone_number))
        .route("/v1/phone_numbers/{phone_number_id}", get(phone_numbers::get_phone_number))
        .route("/v1/phone_numbers/{phone_number_id}", patch(phone_numbers::update_phone_number))
        .route("/v1/phone_numbers/{phone_number_id}", delete(phone_numbers::delete_phone_number))
        .route("/v1/sessions", get(sessions::get_session_list))
        .route("/v1/sessions", post(sessions::create_session))
        .route("/v1/sessions/{session_id}", get(sessions::get_session))
        .route("/v1/sessions/{session_id}/revoke", post(sessions::revoke_session))
        .route("/v1/sessions/{session_id}/tokens", post(sessions::create_session_token))
        .route("/v1/sessions/{session_id}/tokens/{template_name}", post(sessions::create_session_token_from_template))
        .route("/v1/sessions/{session_id}/verify", post(sessions::verify_session))
        .route("/v1/actor_tokens", post(actor_tokens::create_actor_token))
        .route("/v1/actor_tokens/{actor_token_id}/revoke", post(actor_tokens::revoke_actor_token))
        .route("/v1/sign_in_tokens", post(sign_in_tokens::create_sign_in_token))
        .route("/v1/sign_in_tokens/{sign_in_token_id}/revoke", post(sign_in_tokens::revoke_sign_in_token))
        .route("/v1/testing_tokens", post(testing_tokens::create_testing_token))
        .route("/v1/users", get(users::get_user_list))
        .route("/v1/users", post(users::create_user))
        .route("/v1/users/count", get(users::get_users_count))
        .route("/v1/users/ban", post(users::users_ban))
        .route("/v1/users/unban", post(users::users_unban))
        .route("/v1/users/{user_id}", get(users::get_user))
        .route("/v1/users/{user_id}", patch(users::update_user))
        .route("/v1/users/{user_id}", delete(users::delete_user))
        .route("/v1/users/{user_id}/metadata", patch(users::update_user_metadata))
        .route("/v1/users/{user_id}/metadata", put(users::replace_user_metadata))
        .route("/v1/users/{user_id}/ban", post(users::ban_user))
        .route("/v1/users/{user_id}/unban", post(users::unban_user))
        .route("/v1/users/{user_id}/lock", post(users::lock_user))
        .route("/v1/users/{user_id}/unlock", post(users::unlock_user))
        .route("/v1/users/{user_id}/verify_password", post(users::verify_password))
        .route("/v1/users/{user_id}/remove_password", post(users::remove_user_password))
        .route("/v1/users/{user_id}/password/set_compromised", post(users::set_user_password_compromised))
        .route("/v1/users/{user_id}/password/unset_compromised", post(users::unset_user_password_compromised))
        .route("/v1/waitlist_entries", get(waitlist_entries::get_list).post(waitlist_entries::create))
        .route("/v1/waitlist_entries/bulk", post(waitlist_entries::create_bulk))
        .route("/v1/waitlist_entries/{waitlist_entry_id}", delete(waitlist_entries::delete))
        .route("/v1/waitlist_entries/{waitlist_entry_id}/invite", post(waitlist_entries::invite))
        .route("/v1/waitlist_entries/{waitlist_entry_id}/reject", post(waitlist_entries::reject))
        .route("/v1/invitations", get(invitations::get_list).post(invitations::create))
        .route("/v1/invitations/bulk", post(invitations::create_bulk))
        .route("/v1/invitations/{invitation_id}/revoke", post(invitations::revoke))
        .route("/v1/allowlist_identifiers", get(access_identifiers::list_allowed).post(access_identifiers::allow))
        .route("/v1/allowlist_identifiers/{identifier_id}", delete(access_identifiers::unlist_allowed))
        .route("/v1/blocklist_identifiers", get(access_identifiers::list_blocked).post(access_identifiers::block))
        .route("/v1/blocklist_identifiers/{identifier_id}", delete(access_identifiers::unlist_blocked))
        .route("/v1/users/{user_id}/verify_totp", post(users::verify_totp))
        .route("/v1/users/{user_id}/mfa", delete(users::disable_mfa))
        .route("/v1/users/{user_id}/totp", delete(users::delete_totp))
        .route("/v1/users/{user_id}/backup_code", delete(users::delete_backup_code))
        .route("/v1/users/{user_id}/oauth_access_tokens/{provider}", get(users::get_oauth_access_token))
        .route("/v1/users/{user_id}/external_accounts/{external_account_id}", delete(users::delete_external_account))
        .route("/v1/users/{user_id}/passkeys/{passkey_identification_id}", delete(users::delete_passkey));
    verger_http::backend(state, table)
}
