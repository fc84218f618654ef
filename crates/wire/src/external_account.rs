//! Accounts of users at other providers, and the tokens that came with them.

use crate::{Object, Verification, Word};
use serde::{Deserialize, Serialize};

/// An account at another provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalAccount {
    /// `external_account`
    pub object: Word,
    /// Its id.
    pub id: String,
    /// The provider's name; with `oauth_` in front.
    pub provider: String,
    /// The same id: what is linked to email addresses.
    pub identification_id: String,
    /// The provider's own id of the person.
    pub provider_user_id: String,
    /// Scopes that were granted, parted by spaces.
    pub approved_scopes: String,
    /// The email address there; empty when the provider does not tell it.
    pub email_address: String,
    /// Whether the provider says that the address was proved; `null` when it does not say.
    pub email_address_verified: Option<bool>,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The old name of `image_url`.
    pub avatar_url: String,
    /// Their picture there.
    pub image_url: String,
    /// The name they go by there.
    pub username: Option<String>,
    /// Phone number.
    pub phone_number: Option<String>,
    /// Everybody reads it.
    pub public_metadata: Object,
    /// What the user calls it.
    pub label: Option<String>,
    /// When it was connected.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
    /// How far connecting it got.
    pub verification: Option<Verification>,
}

/// What a provider gave to act in a user's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OAuthAccessToken {
    /// `oauth_access_token`
    pub object: Word,
    /// Whose account it goes with.
    pub external_account_id: String,
    /// The provider's own id of the person.
    pub provider_user_id: String,
    /// The access token.
    pub token: String,
    /// When it ends; `null` when the provider does not say.
    pub expires_at: Option<i64>,
    /// The provider's name; with `oauth_` in front.
    pub provider: String,
    /// Everybody reads it.
    pub public_metadata: Object,
    /// What the user calls it.
    pub label: Option<String>,
    /// What it is good for.
    pub scopes: Vec<String>,
    /// The ID token; left out where the provider gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
}
