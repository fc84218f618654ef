//! The built-in provider of development instances: an OpenID Connect provider at which everybody is who they say, so that signing in
//! with an account elsewhere works with no account anywhere. Verger is its client like it is any other provider's.

use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::service::Service;
use crate::tenants::place;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use verger_crypto::digest::{constant_time_eq, sha256, sha256_hex};
use verger_jose::{Header, Jwks, KeySet, SigningKey, mint};
use verger_model::settings::Connection;
use verger_model::{Code, email};

/// The id of the provider's key, which lives as long as the process.
const KEY_ID: &str = "verger-test-1";
/// How long a code lives, in seconds.
const CODE_SECS: i64 = 60;
/// How long tokens live, in seconds.
const TOKEN_SECS: i64 = 3600;

/// Who somebody says they are.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TestPerson {
    /// Email address.
    pub email_address: String,
    /// Whether the provider says that it was proved.
    pub email_verified: bool,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
}

/// What somebody is sent to the provider with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TestAuthorization {
    /// Whose client.
    pub client_id: String,
    /// Where to go back to.
    pub redirect_uri: String,
    /// PKCE challenge (S256).
    pub code_challenge: String,
    /// Comes back in the ID token.
    pub nonce: String,
}

#[derive(Serialize, Deserialize)]
struct Grant {
    person: TestPerson,
    to: TestAuthorization,
    ends: i64,
}

impl Service {
    /// The provider's connection, where the instance has it.
    ///
    /// # Errors
    /// `resource_not_found` where it is off, and on production instances.
    pub fn test_provider(&self, ctx: &Ctx) -> Result<Connection> {
        let instance = &ctx.tenant.instance;
        if !instance.is_development() || !instance.settings.social.test_provider {
            return Err(Code::ResourceNotFound.into());
        }
        Ok(Connection::built_in(&ctx.tenant.addresses.portal))
    }

    /// Refuses to send anybody but this instance's own client on.
    ///
    /// # Errors
    /// `resource_not_found` where the provider is off, `oauth_callback_invalid` for another client or way back.
    pub fn check_test_authorization(&self, ctx: &Ctx, to: &TestAuthorization) -> Result<()> {
        let connection = self.test_provider(ctx)?;
        let way_back = format!("{}/v1/oauth_callback", ctx.tenant.addresses.frontend_api);
        if to.client_id != connection.client_id || to.redirect_uri != way_back || to.code_challenge.is_empty() {
            return Err(Code::OAuthCallbackInvalid.into());
        }
        Ok(())
    }

    /// The code that stands for somebody. `None`: the address is none.
    ///
    /// # Errors
    /// As [`Service::check_test_authorization`].
    pub fn test_provider_code(
        &self,
        ctx: &Ctx,
        mut person: TestPerson,
        to: TestAuthorization,
    ) -> Result<Option<String>> {
        self.check_test_authorization(ctx, &to)?;
        let Some(address) = email::normalize(&person.email_address) else { return Ok(None) };
        person.email_address = address;
        let grant = Grant { person, to, ends: ctx.now.secs() + CODE_SECS };
        self.seal_for_test(ctx, "code", &grant).map(Some)
    }

    /// What the code is worth. `None`: nothing. The verifier that goes with it leaves this server in one request only, so a code is
    /// of no use to whoever finds it.
    ///
    /// # Errors
    /// `resource_not_found` where the provider is off.
    pub async fn test_provider_tokens(&self, ctx: &Ctx, code: &str, verifier: &str) -> Result<Option<Value>> {
        let connection = self.test_provider(ctx)?;
        let Some(grant) = open_for_test::<Grant>(ctx, "code", code) else { return Ok(None) };
        let challenge = URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes()));
        let fits = constant_time_eq(challenge.as_bytes(), grant.to.code_challenge.as_bytes());
        if !fits || grant.ends <= ctx.now.secs() {
            return Ok(None);
        }
        let now = ctx.now.secs();
        let mut claims = claims_of(&grant.person);
        claims["iss"] = json!(connection.issuer);
        claims["aud"] = json!(connection.client_id);
        claims["nonce"] = json!(grant.to.nonce);
        claims["iat"] = json!(now);
        claims["exp"] = json!(now + TOKEN_SECS);
        let header = Header { kid: KEY_ID, cat: None, oiat: None };
        let id_token = mint(&header, &claims, self.test_key().await?).map_err(Error::internal)?;
        let access_token = self.seal_for_test(ctx, "access_token", &(grant.person, now + TOKEN_SECS))?;
        Ok(Some(json!({
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECS,
            "scope": "openid email profile",
            "id_token": id_token,
        })))
    }

    /// Whose access token that is, in the standard claims. `None`: nobody's.
    ///
    /// # Errors
    /// `resource_not_found` where the provider is off.
    pub fn test_provider_userinfo(&self, ctx: &Ctx, access_token: &str) -> Result<Option<Value>> {
        self.test_provider(ctx)?;
        let found = open_for_test::<(TestPerson, i64)>(ctx, "access_token", access_token);
        Ok(found.filter(|(_, ends)| ctx.now.secs() < *ends).map(|(person, _)| claims_of(&person)))
    }

    /// The provider's published keys.
    ///
    /// # Errors
    /// `resource_not_found` where the provider is off.
    pub async fn test_provider_jwks(&self, ctx: &Ctx) -> Result<Jwks> {
        self.test_provider(ctx)?;
        let keys: KeySet = [(KEY_ID, self.test_key().await?.public().clone())].into_iter().collect();
        Ok(keys.to_jwks())
    }

    /// A key of its own: what the instance signs sessions with must not sign what anybody may say.
    async fn test_key(&self) -> Result<&SigningKey> {
        self.test_key.get_or_try_init(|| async { SigningKey::generate().map_err(Error::internal) }).await
    }

    fn seal_for_test(&self, ctx: &Ctx, what: &str, it: &impl Serialize) -> Result<String> {
        let plain = serde_json::to_vec(it).map_err(Error::internal)?;
        Ok(ctx.tenant.data_key.seal(&place(ctx.instance(), "test_provider", what, ""), &plain, self.entropy()))
    }
}

fn open_for_test<T: DeserializeOwned>(ctx: &Ctx, what: &str, sealed: &str) -> Option<T> {
    let plain = ctx.tenant.data_key.open(&place(ctx.instance(), "test_provider", what, ""), sealed).ok()?;
    serde_json::from_slice(plain.expose()).ok()
}

/// The same address is the same person.
fn claims_of(person: &TestPerson) -> Value {
    let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    json!({
        "sub": &sha256_hex(person.email_address.as_bytes())[..24],
        "email": person.email_address,
        "email_verified": person.email_verified,
        "given_name": given(&person.first_name),
        "family_name": given(&person.last_name),
    })
}
