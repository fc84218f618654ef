//! Accounts of users at other providers.

use crate::error::code_item;
use crate::{Lens, strategy_word, verification, word};
use verger_model::Strategy;
use verger_model::external_account::{ExternalAccount, ProviderTokens};
use verger_model::verification::{Verification, VerificationStatus};
use verger_wire as wire;

/// An account at another provider. `asked` is the challenge that was just made for it.
pub fn external_account(lens: Lens<'_>, it: &ExternalAccount, asked: Option<&Verification>) -> wire::ExternalAccount {
    let identity = &it.identity;
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    wire::ExternalAccount {
        object: word("external_account"),
        id: it.id.to_string(),
        provider: it.provider.strategy().to_owned(),
        identification_id: it.id.to_string(),
        provider_user_id: identity.subject.clone(),
        approved_scopes: it.approved_scopes.clone(),
        email_address: text(&identity.email_address),
        email_address_verified: identity.email_verified,
        first_name: text(&identity.first_name),
        last_name: text(&identity.last_name),
        avatar_url: text(&identity.image_url),
        image_url: text(&identity.image_url),
        username: identity.username.clone(),
        phone_number: None,
        public_metadata: wire::Object::new(),
        label: None,
        created_at: it.created_at.0,
        updated_at: it.updated_at.0,
        verification: Some(asked.map_or_else(|| standing(lens, it), |asked| verification(lens, asked))),
    }
}

/// How far connecting it got.
fn standing(lens: Lens<'_>, it: &ExternalAccount) -> wire::Verification {
    let strategy = Strategy::OAuth(it.provider);
    let status = match &it.error {
        _ if it.verified => VerificationStatus::Verified,
        Some(_) => VerificationStatus::Failed,
        None if it.expire_at <= lens.now => VerificationStatus::Expired,
        None => VerificationStatus::Unverified,
    };
    wire::Verification {
        object: word(verification::kind(strategy)),
        status: word(status.as_str()),
        strategy: Some(strategy_word(strategy)),
        attempts: None,
        nonce: None,
        expire_at: Some(it.expire_at.0),
        channel: None,
        external_verification_redirect_url: None,
        error: it.error.as_ref().map(code_item),
        verified_at_client: None,
    }
}

/// What a provider gave to act in the name of the account's owner.
pub fn oauth_access_token(it: &ExternalAccount, tokens: &ProviderTokens) -> wire::OAuthAccessToken {
    wire::OAuthAccessToken {
        object: word("oauth_access_token"),
        external_account_id: it.id.to_string(),
        provider_user_id: it.identity.subject.clone(),
        token: tokens.access_token.clone(),
        expires_at: tokens.expires_at,
        provider: it.provider.strategy().to_owned(),
        public_metadata: wire::Object::new(),
        label: None,
        scopes: tokens.scope.split_whitespace().map(str::to_owned).collect(),
        id_token: tokens.id_token.clone(),
    }
}
