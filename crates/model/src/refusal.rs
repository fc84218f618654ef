//! The catalogue of refusals: what a caller can cause, with Clerk's codes, statuses and meta keys, in our own words.

use serde_json::Value;
use std::fmt;

macro_rules! codes {
    ($($name:ident = $code:literal, $status:literal, $message:literal;)*) => {
        /// A code of the catalogue (`wire.md` Appendix A of the project's references; the names are Clerk's).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $(
                #[doc = $message]
                $name,
            )*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// The sentence shown when nothing more precise is known.
            pub const fn message(self) -> &'static str {
                match self { $(Self::$name => $message,)* }
            }
        }
    };
}

codes! {
    // Who is asking
    AuthenticationInvalid = "authentication_invalid", 401, "This request is not authenticated.";
    AuthorizationHeaderFormatInvalid = "authorization_header_format_invalid", 401, "The Authorization header must read: Bearer, a space, the key.";
    ClerkKeyInvalid = "clerk_key_invalid", 401, "The secret key is not one of this server's.";
    DevBrowserUnauthenticated = "dev_browser_unauthenticated", 401, "This browser is not known to the development instance.";
    SignedOut = "signed_out", 401, "Nobody is signed in here.";
    AuthorizationInvalid = "authorization_invalid", 403, "You may not do this.";
    ResourceForbidden = "resource_forbidden", 403, "This attempt was replaced by a newer one.";
    CookieInvalid = "cookie_invalid", 400, "The client token is not good.";
    RequestInvalidForEnvironment = "request_invalid_for_environment", 400, "This kind of instance does not offer that.";
    HostInvalid = "host_invalid", 400, "No instance answers at this host.";
    NativeApiDisabled = "native_api_disabled", 400, "Native clients are switched off for this instance.";
    // Where it comes from
    OriginInvalid = "origin_invalid", 400, "Requests from this origin are not allowed.";
    SubdomainNotAllowed = "subdomain_not_allowed", 403, "This subdomain may not call the API.";
    RequestHeaderMissing = "request_header_missing", 400, "A needed header is missing.";
    MultipleOriginHeaderValuesForbidden = "multiple_origin_header_values_forbidden", 400, "More than one Origin was sent.";
    MultipleAuthorizationHeaderValuesForbidden = "multiple_authorization_header_values_forbidden", 400, "More than one Authorization was sent.";
    OriginAuthorizationHeadersConflict = "origin_authorization_headers_conflict", 400, "Origin and Authorization cannot be sent together.";
    ProxyRequestMissingSecretKey = "proxy_request_missing_secret_key", 400, "A proxied request needs the instance's secret key.";
    ProxyRequestInvalidSecretKey = "proxy_request_invalid_secret_key", 401, "The proxied request's secret key is not this instance's.";
    InvalidHandshake = "invalid_handshake", 400, "The handshake request is malformed.";
    RedirectUrlNotAssociatedWithInstance = "redirect_url_not_associated_with_instance", 422, "The redirect address does not belong to this instance.";
    InvalidRedirectUrl = "invalid_redirect_url", 422, "The redirect address is not a URL.";
    ProhibitedRedirectUrl = "prohibited_redirect_url", 422, "The redirect address has a scheme that is not allowed.";
    RedirectUrlTooLong = "redirect_url_too_long", 422, "The redirect address is too long.";
    // How it is written
    ApiVersionInvalid = "api_version_invalid", 400, "The API version is not a known date.";
    MalformedRequestParameters = "malformed_request_parameters", 400, "The parameters could not be read.";
    RequestBodyInvalid = "request_body_invalid", 400, "The body could not be read.";
    MissingQueryParameter = "missing_query_parameter", 400, "A query parameter is missing.";
    InvalidQueryParameterValue = "invalid_query_parameter_value", 400, "A query parameter has a value that is not allowed.";
    RequestBodyTooLarge = "request_body_too_large", 413, "The body is too large.";
    UnsupportedContentType = "unsupported_content_type", 415, "The body has a content type that is not read here.";
    ResourceNotFound = "resource_not_found", 404, "There is no such thing here.";
    MethodNotAllowed = "method_not_allowed", 405, "This address does not take that method.";
    TooManyRequests = "too_many_requests", 429, "Too many requests. Try again in a moment.";
    // Forms
    FormParamMissing = "form_param_missing", 422, "This is needed.";
    FormParamNil = "form_param_nil", 422, "This cannot be empty.";
    FormParamUnknown = "form_param_unknown", 422, "This parameter cannot be given here.";
    FormParamDuplicate = "form_param_duplicate", 422, "This was given more than once.";
    FormParamFormatInvalid = "form_param_format_invalid", 422, "This is not in the right form.";
    FormParamTypeInvalid = "form_param_type_invalid", 422, "This has the wrong type.";
    FormParamValueInvalid = "form_param_value_invalid", 422, "This value is not allowed.";
    FormParamValueDisabled = "form_param_value_disabled", 400, "This is switched off for the instance.";
    FormParamExceedsAllowedSize = "form_param_exceeds_allowed_size", 422, "This is too large.";
    FormParamValueTooLarge = "form_param_value_too_large", 422, "This number is too large.";
    FormParamMaxLengthExceeded = "form_param_max_length_exceeded", 422, "This is too long.";
    FormParamArrayLengthMismatch = "form_param_array_length_mismatch", 422, "Both lists must have the same length.";
    FormParamArraySizeExceeded = "form_param_array_size_exceeded", 422, "This list is too long.";
    FormParamInvalidTime = "form_param_invalid_time", 422, "This is not a time.";
    FormConditionalParamMissing = "form_conditional_param_missing", 422, "This is needed together with what was given.";
    FormConditionalParamDisallowed = "form_conditional_param_disallowed", 422, "This cannot be given together with the rest.";
    FormDataMissing = "form_data_missing", 422, "Something that the instance needs is missing.";
    FormIdentifierExists = "form_identifier_exists", 422, "That is taken. Please try another.";
    FormIdentifierNotFound = "form_identifier_not_found", 422, "No account goes by that name.";
    FormResourceNotFound = "form_resource_not_found", 422, "What this refers to does not exist.";
    FormCodeIncorrect = "form_code_incorrect", 422, "That code is not right.";
    FormPasswordIncorrect = "form_password_incorrect", 422, "That password is not right. Try again, or sign in another way.";
    FormPasswordOrIdentifierIncorrect = "form_password_or_identifier_incorrect", 422, "The password or the identifier is not right.";
    FormPasswordLengthTooShort = "form_password_length_too_short", 422, "The password is too short.";
    FormPasswordLengthTooLong = "form_password_length_too_long", 422, "The password is too long.";
    FormPasswordSizeInBytesExceeded = "form_password_size_in_bytes_exceeded", 422, "The password has too many bytes.";
    FormPasswordNoUppercase = "form_password_no_uppercase", 422, "The password needs an upper-case letter.";
    FormPasswordNoLowercase = "form_password_no_lowercase", 422, "The password needs a lower-case letter.";
    FormPasswordNoNumber = "form_password_no_number", 422, "The password needs a digit.";
    FormPasswordNoSpecialChar = "form_password_no_special_char", 422, "The password needs a special character.";
    FormPasswordNotStrongEnough = "form_password_not_strong_enough", 422, "The password is too easy to guess.";
    FormPasswordPwned = "form_password_pwned", 422, "This password is widely known and easy to guess. Please choose another.";
    FormPasswordCompromised = "form_password_compromised", 422, "Somebody else may know this password. Sign in another way, and set a new one then.";
    FormPasswordMatchesIdentifier = "form_password_matches_identifier", 422, "The password cannot be the identifier.";
    FormPasswordDigestInvalid = "form_password_digest_invalid_code", 422, "The digest is not in the form that the hasher writes.";
    FormNewPasswordMatchesCurrent = "form_new_password_matches_current", 422, "The new password is the old one.";
    FormUsernameInvalidLength = "form_username_invalid_length", 422, "A username has 4 to 64 characters.";
    FormUsernameInvalidCharacter = "form_username_invalid_character", 422, "A username has only letters, digits, underscores and hyphens.";
    FormUsernameNeedsNonNumberChar = "form_username_needs_non_number_char", 422, "A username needs something that is no digit.";
    FormUsernameCannotBePhoneNumber = "form_username_cannot_be_phone_number", 422, "A username cannot be a phone number.";
    // Sign-in and sign-up
    SessionExists = "session_exists", 400, "Somebody is signed in already.";
    IdentifierAlreadySignedIn = "identifier_already_signed_in", 400, "This account is signed in already.";
    ClientStateInvalid = "client_state_invalid", 400, "The attempt is not at this step.";
    StrategyForUserInvalid = "strategy_for_user_invalid", 400, "This account cannot sign in that way.";
    IdentificationUpdateSecondFactorUnverified = "identification_update_second_factor_unverified", 400, "Prove this number before it becomes a second factor.";
    IdentificationUpdateFailed = "identification_update_failed", 400, "This is the last way in and must stay one.";
    FormDisableDefaultSecondFactorNotAllowed = "form_disable_default_second_factor_not_allowed", 422, "Make another second factor the default instead.";
    VerificationNotSent = "verification_not_sent", 400, "No code was sent yet.";
    SignInIdentificationOrUserDeleted = "sign_in_identification_or_user_deleted", 400, "The account is gone.";
    IdentificationClaimed = "identification_claimed", 400, "Somebody else took that identifier meanwhile.";
    AccountTransferInvalid = "account_transfer_invalid", 400, "There is nothing to transfer.";
    CaptchaMissingToken = "captcha_missing_token", 400, "Show first that you are no robot.";
    CaptchaInvalid = "captcha_invalid", 400, "It could not be shown that you are no robot. Try again.";
    CaptchaNotEnabled = "captcha_not_enabled", 400, "Protection against bots is switched off here.";
    SignUpModeRestricted = "sign_up_mode_restricted", 403, "Sign-ups are by invitation only.";
    SignUpRestrictedWaitlist = "sign_up_restricted_waitlist", 403, "Sign-ups go through the waitlist.";
    NotAllowedAccess = "not_allowed_access", 403, "This identifier is not let in.";
    UserLocked = "user_locked", 403, "The account is locked for a while.";
    AccountLockoutWarning = "account_lockout_warning", 422, "That is not right, and the account locks after a few more wrong answers.";
    UserBanned = "user_banned", 403, "The account is banned.";
    PasswordRequired = "password_required", 400, "This account must have a password.";
    PasswordResetRequired = "password_reset_required", 422, "Somebody else may know this password. Reset it to sign in.";
    PasswordTooLongNeedsReset = "password_too_long_needs_reset", 422, "This password is longer than what is known of it. Reset it to sign in.";
    NoPasswordSet = "no_password_set", 400, "This account has no password.";
    IncorrectPassword = "incorrect_password", 422, "That password is not right.";
    UpdatingUserPasswordDeprecated = "updating_user_password_deprecated", 403, "Passwords are changed at their own address.";
    UserDeleteSelfNotEnabled = "user_delete_self_not_enabled", 403, "Users cannot delete themselves here.";
    // Second factors
    NoSecondFactors = "no_second_factors", 400, "This account has no second factor of that kind.";
    TotpAlreadyEnabled = "totp_already_enabled", 400, "An authenticator app is set up already.";
    TotpDisabled = "totp_disabled", 400, "This account has no authenticator app.";
    InvalidTotpSecret = "invalid_totp_secret_code", 422, "This is not the secret of an authenticator app.";
    TotpIncorrectCode = "totp_incorrect_code", 422, "That code is not right.";
    TotpInvalidLength = "totp_invalid_length", 422, "A code has six digits; a backup code has more characters.";
    BackupCodesNotAvailable = "backup_codes_not_available", 400, "Backup codes need another second factor beside them.";
    SecondFactorDeletionNotAllowed = "second_factor_deletion_not_allowed", 400, "This account must keep a second factor.";
    // Passkeys
    NoPasskeysFoundForUser = "no_passkeys_found_for_user", 400, "This account has no passkeys.";
    PasskeyInvalidVerification = "passkey_invalid_verification", 400, "This passkey cannot be verified. Start again.";
    PasskeyAuthenticationFailure = "passkey_authentication_failure", 400, "The passkey could not be verified.";
    PasskeyQuotaExceeded = "passkey_quota_exceeded", 403, "This account has as many passkeys as it may have.";
    PasskeyNotRegistered = "passkey_not_registered", 404, "This passkey is not known here. Sign in another way.";
    PasskeyInvalidPublicKeyCredential = "passkey_invalid_public_key_credential", 422, "This is not the answer of a passkey.";
    // Verification
    VerificationAlreadyVerified = "verification_already_verified", 400, "This was verified already.";
    VerificationExpired = "verification_expired", 400, "The code is too old. Ask for a new one.";
    VerificationFailed = "verification_failed", 400, "Too many wrong answers. Ask for a new code.";
    VerificationMissing = "verification_missing", 400, "Ask for a code first.";
    VerificationStrategyInvalid = "verification_strategy_invalid", 400, "The code was asked for in another way.";
    VerificationCodeTooManyRequests = "verification_code_too_many_requests", 429, "A code was sent a moment ago. Wait a little before asking for another.";
    VerificationCodeRateLimitExceeded = "verification_code_rate_limit_exceeded", 429, "Too many codes were sent lately. Try again later.";
    VerificationLinkTokenInvalid = "verification_link_token_invalid", 400, "This link is not one of ours.";
    VerificationLinkTokenExpired = "verification_link_token_expired", 400, "This link is too old. Ask for a new one.";
    VerificationLinkTokenStale = "verification_link_token_stale", 400, "A newer link was sent, or this one is no longer needed.";
    VerificationLinkTokenSourceInvalid = "verification_link_token_source_invalid", 400, "Open this link in the browser that asked for it.";
    SignInEmailLinkNotSameClient = "sign_in_email_link_not_same_client", 403, "Open this link in the browser where you sign in.";
    SignUpEmailLinkNotSameClient = "sign_up_email_link_not_same_client", 403, "Open this link in the browser where you sign up.";
    // Accounts elsewhere
    ExternalAccountExists = "external_account_exists", 400, "This account elsewhere belongs to somebody here already.";
    ExternalAccountNotFound = "external_account_not_found", 404, "Nobody here goes by this account elsewhere.";
    OAuthCallbackInvalid = "oauth_callback_invalid", 400, "This way back from the provider is not one that began here.";
    OAuthAccessDenied = "oauth_access_denied", 403, "The provider was not allowed to say who you are.";
    OAuthTokenExchangeError = "oauth_token_exchange_error", 400, "The provider did not say who you are.";
    OAuthFetchUserError = "oauth_fetch_user_error", 400, "The provider did not give your profile.";
    OAuthConfigMissing = "oauth_config_missing", 400, "The provider is not set up.";
    OAuthProviderNotEnabled = "oauth_provider_not_enabled", 400, "This provider is switched off for the instance.";
    OAuthNonAuthenticatableProvider = "oauth_non_authenticatable_provider", 400, "This provider can be connected, not signed in with.";
    OAuthAccountAlreadyConnected = "oauth_account_already_connected", 400, "An account of this provider is connected already.";
    OAuthIdentificationClaimed = "oauth_identification_claimed", 400, "This account elsewhere is connected to somebody else.";
    OAuthTokenProviderNotEnabled = "oauth_token_provider_not_enabled", 404, "This provider is switched off for the instance.";
    OAuthMissingRefreshToken = "oauth_missing_refresh_token", 422, "The access token is over and the provider gave none to renew it.";
    // Tickets
    TicketInvalid = "ticket_invalid_code", 400, "The ticket is not valid.";
    TicketExpired = "ticket_expired_code", 400, "The ticket is too old.";
    SignInTokenRevoked = "sign_in_token_revoked_code", 400, "The sign-in token was revoked.";
    SignInTokenAlreadyUsed = "sign_in_token_already_used_code", 400, "The sign-in token was used already.";
    SignInTokenCannotBeUsed = "sign_in_token_cannot_be_used_code", 400, "The sign-in token cannot be used.";
    SignInTokenNotInSignIn = "sign_in_token_not_in_sign_in_code", 400, "A sign-in token only signs in.";
    SignInTokenCannotBeRevoked = "sign_in_token_cannot_be_revoked_code", 400, "Only a pending sign-in token can be revoked.";
    ActorTokenRevoked = "actor_token_revoked_code", 400, "The actor token was revoked.";
    ActorTokenAlreadyUsed = "actor_token_already_used_code", 400, "The actor token was used already.";
    ActorTokenCannotBeUsed = "actor_token_cannot_be_used_code", 400, "Nobody can act as themselves.";
    ActorTokenNotInSignIn = "actor_token_not_in_sign_in_code", 400, "An actor token only signs in.";
    ActorTokenCannotBeRevoked = "actor_token_cannot_be_revoked_code", 400, "Only a pending actor token can be revoked.";
    ActorTokenSubjectNotFound = "actor_token_subject_not_found", 404, "The account of the actor token is gone.";
    // Identifications
    IdentificationDeletionFailed = "identification_deletion_failed", 400, "The last way in cannot be removed.";
    LastRequiredIdentificationDeletionFailed = "last_required_identification_deletion_failed", 400, "The last required identifier cannot be removed.";
    TooManyUnverifiedIdentifications = "too_many_unverified_identifications", 400, "There are too many identifiers that were not verified yet.";
    // Sessions
    SessionCreationNotAllowed = "session_creation_not_allowed", 409, "No session can begin here while somebody acts as another user.";
    ExpiredSessionTokenInvalid = "expired_session_token_invalid", 401, "The expired session token is not one of ours.";
    SessionReverificationRequired = "session_reverification_required", 403, "Prove again who you are to do this.";
    SessionReverificationMissing = "session_reverification_missing", 400, "Start the reverification first.";
    InvalidActionForSessionReverification = "invalid_action_for_session_reverification", 400, "The reverification is not at this step.";
    // Restrictions and invitations
    DuplicateRecord = "duplicate_record", 400, "That is there already.";
    RevokedInvitation = "revoked_invitation", 400, "The invitation was taken back.";
    InvitationAlreadyAccepted = "invitation_already_accepted", 400, "The invitation was used already.";
    InvitationAlreadyRevoked = "invitation_already_revoked", 400, "The invitation was taken back already.";
    WaitlistNotAcceptingEntries = "waitlist_not_accepting_entries", 403, "There is no waitlist to join.";
    WaitlistEntryAlreadyInvited = "waitlist_entry_already_invited", 409, "They were invited already.";
    WaitlistEntryAlreadyRejected = "waitlist_entry_already_rejected", 409, "They were turned down already.";
    WaitlistEntryAlreadyCompleted = "waitlist_entry_already_completed", 409, "They signed up already.";
    InvitationAccountExists = "invitation_account_exists", 400, "There is an account with the invited address. Sign in instead.";
    InvitationAccountNotExists = "invitation_account_not_exists", 400, "There is no account with the invited address yet. Sign up instead.";
    // Organizations
    OrganizationNotEnabledInInstance = "organization_not_enabled_in_instance", 403, "Organizations are switched off for the instance.";
    OrganizationNotFoundOrUnauthorized = "organization_not_found_or_unauthorized", 404, "There is no such organization here.";
    // Our own faults
    ServiceUnavailable = "service_unavailable", 503, "The server cannot answer right now. Try again in a moment.";
    InternalClerkError = "internal_clerk_error", 500, "Something went wrong on the server.";
}

/// One error of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct RefusalItem {
    /// The code; status and default wording follow from it.
    pub code: Code,
    /// A more precise sentence.
    pub long_message: Option<String>,
    /// Keys of `meta`, by their wire names.
    pub meta: Vec<(&'static str, Value)>,
}

/// What a caller can cause: one or more errors that are answered together. The first one decides the status.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    first: RefusalItem,
    rest: Vec<RefusalItem>,
    /// Seconds for `Retry-After`.
    retry_after: Option<i64>,
}

impl Refusal {
    /// A refusal with one error and no meta.
    pub const fn new(code: Code) -> Self {
        Self { first: RefusalItem { code, long_message: None, meta: Vec::new() }, rest: Vec::new(), retry_after: None }
    }

    /// A refusal about one form field.
    pub fn param(code: Code, name: &str) -> Self {
        Self::new(code).with("param_name", name)
    }

    /// Adds a key to `meta` of the first error.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl Into<Value>) -> Self {
        self.first.meta.push((key, value.into()));
        self
    }

    /// Replaces the long message of the first error.
    #[must_use]
    pub fn saying(mut self, long_message: impl Into<String>) -> Self {
        self.first.long_message = Some(long_message.into());
        self
    }

    /// Adds `Retry-After`, in seconds.
    #[must_use]
    pub fn retry_after(mut self, secs: i64) -> Self {
        self.retry_after = Some(secs);
        self
    }

    /// Puts the errors of another refusal behind these.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.rest.push(other.first);
        self.rest.extend(other.rest);
        self
    }

    /// All of these as one, or nothing.
    pub fn all(refusals: impl IntoIterator<Item = Self>) -> Option<Self> {
        refusals.into_iter().reduce(Self::and)
    }

    /// The code of the first error.
    pub const fn code(&self) -> Code {
        self.first.code
    }

    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        self.first.code.status()
    }

    /// Seconds for `Retry-After`, if any.
    pub const fn retry_after_secs(&self) -> Option<i64> {
        self.retry_after
    }

    /// The errors, in order.
    pub fn items(&self) -> impl Iterator<Item = &RefusalItem> {
        std::iter::once(&self.first).chain(&self.rest)
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.first.code.as_str())
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_code_stands_twice() {
        let codes: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(codes.len(), Code::ALL.len());
    }

    #[test]
    fn several_refusals_are_answered_together() {
        let all = Refusal::all([
            Refusal::param(Code::FormPasswordLengthTooShort, "password"),
            Refusal::param(Code::FormPasswordNoNumber, "password"),
        ]);
        assert_eq!(all.map(|r| r.items().count()), Some(2));
    }
}
