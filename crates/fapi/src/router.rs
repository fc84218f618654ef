//! The table of contents: method, path, the operation's name in Clerk's description, and the handler.

use crate::client::{self, handshake, redirects, reverifications, sessions, sign_ins, sign_ups};
use crate::{
    account_portal, avatars, captcha, clear_site_data, dev_browser, environment, health, me, oauth, proxy_health,
    tickets, verify, waitlist, well_known,
};
use axum::{Router, routing};
use verger_http::AppState;

macro_rules! verb {
    (get) => {
        "GET"
    };
    (post) => {
        "POST"
    };
    (put) => {
        "PUT"
    };
    (patch) => {
        "PATCH"
    };
    (delete) => {
        "DELETE"
    };
}

macro_rules! table {
    ($($method:ident $path:literal $operation:literal $handler:path;)*) => {
        /// Every operation that is mounted: method, path, operationId.
        pub const ROUTES: &[(&str, &str, &str)] = &[$((verb!($method), $path, $operation)),*];

        fn operations() -> Router<AppState> {
            Router::new()$(.route($path, routing::$method($handler)))*
        }
    };
}

table! {
    get "/.well-known/jwks.json" "getJWKS" well_known::jwks;
    get "/.well-known/openid-configuration" "getOpenIDConfiguration" well_known::openid_configuration;
    get "/.well-known/assetlinks.json" "getAndroidAssetLinks" well_known::assetlinks;
    get "/.well-known/apple-app-site-association" "getAppleAppSiteAssociation" well_known::apple_app_site_association;
    get "/v1/health" "getHealth" health::get;
    get "/v1/proxy-health" "getProxyHealth" proxy_health::get;
    get "/v1/clear-site-data" "clearSiteData" clear_site_data::get;
    get "/v1/account_portal" "getAccountPortal" account_portal::get;
    get "/v1/redirect" "redirectToUrl" redirects::redirect_to_url;
    get "/v1/environment" "getEnvironment" environment::get;
    patch "/v1/environment" "updateEnvironment" environment::update;
    post "/v1/dev_browser" "createDevBrowser" dev_browser::create;

    post "/v1/waitlist" "joinWaitlist" waitlist::join;
    get "/v1/tickets/accept" "acceptTicket" tickets::accept;
    get "/v1/verify" "verify" verify::get;
    get "/v1/oauth_callback" "getOauthCallback" oauth::callback;
    post "/v1/oauth_callback" "postOauthCallback" oauth::posted_callback;

    get "/v1/client" "getClient" client::get;
    put "/v1/client" "putClient" client::put;
    post "/v1/client" "postClient" client::put;
    delete "/v1/client" "deleteClientSessions" client::delete;
    get "/v1/client/handshake" "handshakeClient" handshake::handshake;
    get "/v1/client/touch" "touchClient" redirects::touch;
    post "/v1/client/verify" "verifyClient" captcha::verify;
    get "/v1/client/sync" "syncClient" redirects::sync;

    post "/v1/client/sign_ups" "createSignUps" sign_ups::create;
    get "/v1/client/sign_ups/{sign_up_id}" "getSignUps" sign_ups::get;
    patch "/v1/client/sign_ups/{sign_up_id}" "updateSignUps" sign_ups::update;
    post "/v1/client/sign_ups/{sign_up_id}/prepare_verification" "prepareSignUpsVerification" sign_ups::prepare_verification;
    post "/v1/client/sign_ups/{sign_up_id}/attempt_verification" "attemptSignUpsVerification" sign_ups::attempt_verification;

    post "/v1/client/sign_ins" "createSignIn" sign_ins::create;
    get "/v1/client/sign_ins/{sign_in_id}" "getSignIn" sign_ins::get;
    post "/v1/client/sign_ins/{sign_in_id}/prepare_first_factor" "prepareSignInFactorOne" sign_ins::prepare_first_factor;
    post "/v1/client/sign_ins/{sign_in_id}/attempt_first_factor" "attemptSignInFactorOne" sign_ins::attempt_first_factor;
    post "/v1/client/sign_ins/{sign_in_id}/prepare_second_factor" "prepareSignInFactorTwo" sign_ins::prepare_second_factor;
    post "/v1/client/sign_ins/{sign_in_id}/attempt_second_factor" "attemptSignInFactorTwo" sign_ins::attempt_second_factor;
    post "/v1/client/sign_ins/{sign_in_id}/reset_password" "resetPassword" sign_ins::reset_password;

    delete "/v1/client/sessions" "removeClientSessionsAndRetainCookie" sessions::remove_all;
    get "/v1/client/sessions/{session_id}" "getSession" sessions::get;
    post "/v1/client/sessions/{session_id}/touch" "touchSession" sessions::touch;
    post "/v1/client/sessions/{session_id}/end" "endSession" sessions::end;
    post "/v1/client/sessions/{session_id}/remove" "removeSession" sessions::remove;
    post "/v1/client/sessions/{session_id}/tokens" "createSessionToken" sessions::create_token;
    post "/v1/client/sessions/{session_id}/tokens/{template_name}" "createSessionTokenWithTemplate" sessions::create_template_token;

    post "/v1/client/sessions/{session_id}/verify" "startSessionReverification" reverifications::start;
    post "/v1/client/sessions/{session_id}/verify/prepare_first_factor" "prepareSessionReverificationFirstFactor" reverifications::prepare_first_factor;
    post "/v1/client/sessions/{session_id}/verify/attempt_first_factor" "attemptSessionReverificationFirstFactor" reverifications::attempt_first_factor;
    post "/v1/client/sessions/{session_id}/verify/prepare_second_factor" "prepareSessionReverificationSecondFactor" reverifications::prepare_second_factor;
    post "/v1/client/sessions/{session_id}/verify/attempt_second_factor" "attemptSessionReverificationSecondFactor" reverifications::attempt_second_factor;

    get "/v1/me" "getUser" me::get;
    patch "/v1/me" "patchUser" me::update;
    delete "/v1/me" "deleteUser" me::delete;
    patch "/v1/me/metadata" "patchUserMetadata" me::patch_metadata;
    post "/v1/me/change_password" "changePassword" me::change_password;
    post "/v1/me/remove_password" "removePassword" me::remove_password;
    get "/v1/me/email_addresses" "getEmailAddresses" me::email_addresses;
    post "/v1/me/email_addresses" "createEmailAddresses" me::create_email_address;
    get "/v1/me/email_addresses/{email_id}" "getEmailAddress" me::email_address;
    delete "/v1/me/email_addresses/{email_id}" "DeleteEmailAddress" me::delete_email_address;
    post "/v1/me/email_addresses/{email_id}/prepare_verification" "sendVerificationEmail" me::prepare_email_address;
    post "/v1/me/email_addresses/{email_id}/attempt_verification" "verifyEmailAddress" me::attempt_email_address;
    post "/v1/me/totp" "postTOTP" me::create_totp;
    delete "/v1/me/totp" "deleteTOTP" me::delete_totp;
    post "/v1/me/totp/attempt_verification" "verifyTOTP" me::attempt_totp;
    post "/v1/me/passkeys" "postPasskey" me::create_passkey;
    get "/v1/me/passkeys/{passkey_id}" "readPasskey" me::get_passkey;
    patch "/v1/me/passkeys/{passkey_id}" "patchPasskey" me::rename_passkey;
    delete "/v1/me/passkeys/{passkey_id}" "deletePasskey" me::delete_passkey;
    post "/v1/me/passkeys/{passkey_id}/attempt_verification" "attemptPasskeyVerification" me::attempt_passkey_verification;
    post "/v1/me/backup_codes" "createBackupCodes" me::create_backup_codes;
    get "/v1/me/phone_numbers" "getPhoneNumbers" me::list_phone_numbers;
    post "/v1/me/phone_numbers" "postPhoneNumbers" me::create_phone_number;
    get "/v1/me/phone_numbers/{phone_number_id}" "ReadPhoneNumber" me::get_phone_number;
    patch "/v1/me/phone_numbers/{phone_number_id}" "UpdatePhoneNumber" me::update_phone_number;
    delete "/v1/me/phone_numbers/{phone_number_id}" "DeletePhoneNumber" me::delete_phone_number;
    post "/v1/me/phone_numbers/{phone_number_id}/prepare_verification" "sendVerificationSMS" me::prepare_phone_number;
    post "/v1/me/phone_numbers/{phone_number_id}/attempt_verification" "verifyPhoneNumber" me::attempt_phone_number;
    post "/v1/me/external_accounts" "postOAuthAccounts" me::connect_account;
    patch "/v1/me/external_accounts/{external_account_id}/reauthorize" "reauthorizeExternalAccount" me::reauthorize_account;
    delete "/v1/me/external_accounts/{external_account_id}" "deleteExternalAccount" me::disconnect_account;
    delete "/v1/me/external_accounts/{external_account_id}/tokens" "revokeExternalAccountTokens" me::forget_account_tokens;
    get "/v1/me/sessions" "getUsersSessions" me::sessions;
    get "/v1/me/sessions/active" "getSessions" me::active_sessions;
    post "/v1/me/sessions/{session_id}/revoke" "revokeSession" me::revoke_session;
    get "/v1/me/organization_memberships" "getOrganizationMemberships" me::no_organizations;
    get "/v1/me/organization_invitations" "getUsersOrganizationInvitations" me::no_organizations;
    get "/v1/me/organization_suggestions" "getOrganizationSuggestions" me::no_organizations;
}

/// The Frontend API with everything that happens before and after a handler.
pub fn router(state: AppState) -> Router {
    // Pictures and the captcha widget are no operations of Clerk's description: there they lie on hosts of their own.
    let routes = operations()
        .route("/v1/avatars/{file}", routing::get(avatars::get))
        .route("/v1/captcha/challenge", routing::get(captcha::challenge))
        .route("/v1/captcha/proof_of_work.js", routing::get(captcha::script))
        .route("/v1/provider_icons/{file}", routing::get(oauth::icon));
    verger_http::frontend(state, routes)
}
