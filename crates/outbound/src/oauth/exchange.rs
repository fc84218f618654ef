//! The code flow with PKCE: the address people are sent to, and what the code they bring back is worth.

use super::endpoints::Endpoints;
use super::id_token::{Claims, IdToken};
use super::{OAuthError, RelyingParty, profile, read};
use crate::http::{HttpBody, HttpError, HttpRequest};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize};
use verger_crypto::digest::sha256;
use verger_model::Secret;
use verger_model::external_account::{Identity, ProviderTokens};
use verger_model::provider::Dialect;

/// What the way to a provider carries.
#[derive(Clone, Copy, Debug)]
pub struct Authorization<'a> {
    /// Where people come back to.
    pub redirect_uri: &'a str,
    /// Names the detour.
    pub state: &'a str,
    /// Comes back in the ID token.
    pub nonce: &'a str,
    /// The PKCE verifier.
    pub verifier: &'a str,
    /// Scopes beside those that are always asked.
    pub more_scopes: &'a [String],
    /// `prompt`
    pub prompt: Option<&'a str>,
    /// `login_hint`
    pub login_hint: Option<&'a str>,
}

/// What came back from a provider.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// The code.
    pub code: &'a str,
    /// Where people came back to.
    pub redirect_uri: &'a str,
    /// What the ID token must carry.
    pub nonce: &'a str,
    /// The PKCE verifier.
    pub verifier: &'a str,
    /// Apple's `user`: the name, told once and beside the token.
    pub user: Option<&'a str>,
    /// The time, in Unix seconds.
    pub now_secs: i64,
}

/// Somebody at a provider.
#[derive(Clone)]
pub struct Person {
    /// Who.
    pub identity: Identity,
    /// What the provider gave to act in their name.
    pub tokens: ProviderTokens,
}

impl RelyingParty<'_> {
    /// The address that people are sent to.
    ///
    /// # Errors
    /// `Config`
    pub fn authorize_url(&self, endpoints: &Endpoints, to: &Authorization<'_>) -> Result<String, OAuthError> {
        let mut url = Url::parse(&endpoints.authorize).map_err(|err| OAuthError::Config(err.to_string()))?;
        let spec = self.provider.spec();
        let always = spec.map_or(&["openid", "email", "profile"][..], |spec| spec.scopes);
        let mut scopes: Vec<&str> = always.to_vec();
        for scope in self.connection.scopes.iter().chain(to.more_scopes) {
            if !scopes.contains(&scope.as_str()) {
                scopes.push(scope);
            }
        }
        let challenge = URL_SAFE_NO_PAD.encode(sha256(to.verifier.as_bytes()));
        let mut query = url.query_pairs_mut();
        query.append_pair("response_type", "code").append_pair("client_id", &self.connection.client_id);
        query.append_pair("redirect_uri", to.redirect_uri).append_pair("scope", &scopes.join(" "));
        query.append_pair("state", to.state).append_pair("code_challenge", &challenge);
        query.append_pair("code_challenge_method", "S256");
        if endpoints.jwks.is_some() {
            query.append_pair("nonce", to.nonce);
        }
        if spec.is_some_and(|spec| spec.form_post) {
            query.append_pair("response_mode", "form_post");
        }
        for (name, value) in [("prompt", to.prompt), ("login_hint", to.login_hint)] {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        drop(query);
        Ok(url.into())
    }

    /// Who brought the code.
    ///
    /// # Errors
    /// `Exchange` when code or ID token are not good, `Profile` when the profile cannot be read.
    pub async fn person(&self, endpoints: &Endpoints, from: &Exchange<'_>) -> Result<Person, OAuthError> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", from.code),
            ("redirect_uri", from.redirect_uri),
            ("code_verifier", from.verifier),
        ];
        let answer = self.token(endpoints, &form).await?;
        let tokens = tokens_of(&answer, from.now_secs)?;
        let mut identity = match (endpoints.dialect, &endpoints.jwks) {
            (Dialect::Oidc, Some(jwks)) => self.by_id_token(endpoints, jwks, &tokens, from).await?,
            _ => self.by_profile(endpoints, &tokens).await?,
        };
        profile::add_apple_name(&mut identity, from.user);
        Ok(Person { identity, tokens })
    }

    /// New tokens for old ones.
    ///
    /// # Errors
    /// `Exchange`
    pub async fn refresh(
        &self,
        endpoints: &Endpoints,
        refresh_token: &str,
        now_secs: i64,
    ) -> Result<ProviderTokens, OAuthError> {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        let mut tokens = tokens_of(&self.token(endpoints, &form).await?, now_secs)?;
        // A provider that keeps the refresh token does not repeat it.
        tokens.refresh_token.get_or_insert_with(|| refresh_token.to_owned());
        Ok(tokens)
    }

    async fn token(&self, endpoints: &Endpoints, fields: &[(&str, &str)]) -> Result<Value, OAuthError> {
        let request = self.token_request(endpoints, fields);
        let reply = self.http.send(&request, self.reach).await;
        let answer = reply.and_then(|reply| read(&reply)).map_err(|err| OAuthError::Exchange(err.to_string()))?;
        match answer.get("error").and_then(Value::as_str) {
            // GitHub answers errors with 200.
            Some(error) => Err(OAuthError::Exchange(error.to_owned())),
            None => Ok(answer),
        }
    }

    fn token_request(&self, endpoints: &Endpoints, fields: &[(&str, &str)]) -> HttpRequest {
        let mut form = Serializer::new(String::new());
        form.extend_pairs(fields);
        let id = &self.connection.client_id;
        let mut authorization = None;
        match self.client_secret {
            Some(secret) if endpoints.basic_auth => {
                let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
                let pair = format!("{}:{}", encoded(id), encoded(secret.expose()));
                authorization = Some(Secret::new(format!("Basic {}", STANDARD.encode(pair))));
            }
            Some(secret) => {
                form.append_pair("client_id", id).append_pair("client_secret", secret.expose());
            }
            None => {
                form.append_pair("client_id", id);
            }
        }
        HttpRequest { url: endpoints.token.clone(), body: Some(HttpBody::form(form.finish())), authorization }
    }

    async fn by_id_token(
        &self,
        endpoints: &Endpoints,
        jwks: &str,
        tokens: &ProviderTokens,
        from: &Exchange<'_>,
    ) -> Result<Identity, OAuthError> {
        let text = tokens.id_token.as_deref().ok_or_else(|| OAuthError::Exchange("no id_token".to_owned()))?;
        let keys = self.get(jwks, None).await.map_err(|err| OAuthError::Exchange(err.to_string()))?;
        let expected = IdToken {
            issuer: endpoints.issuer.as_deref().unwrap_or_default(),
            client_id: &self.connection.client_id,
            nonce: Some(from.nonce),
            now_secs: from.now_secs,
        };
        let Claims { issuer, subject, all } =
            expected.check(text, &keys).map_err(|err| OAuthError::Exchange(err.to_owned()))?;
        let identity = profile::standard(self.provider, issuer, subject, &all);
        let Some(userinfo) = endpoints.userinfo.as_deref().filter(|_| identity.email_address.is_none()) else {
            return Ok(identity);
        };
        let more = self.profile(userinfo, tokens).await?;
        // The access token could be another person's: then this is not their profile (OIDC Core 5.3.2).
        if more.get("sub").and_then(Value::as_str) != Some(identity.subject.as_str()) {
            return Err(OAuthError::Profile("another subject".to_owned()));
        }
        let told = profile::standard(self.provider, identity.issuer.clone(), identity.subject.clone(), &more);
        Ok(profile::merged(identity, told))
    }

    async fn by_profile(&self, endpoints: &Endpoints, tokens: &ProviderTokens) -> Result<Identity, OAuthError> {
        let url = endpoints.userinfo.as_deref().ok_or_else(|| OAuthError::Config("no userinfo".to_owned()))?;
        let told = self.profile(url, tokens).await?;
        let more = match profile::second_address(endpoints.dialect) {
            Some(url) => Some(self.profile(url, tokens).await?),
            None => None,
        };
        profile::told(endpoints.dialect, self.provider, &told, more.as_ref())
            .ok_or_else(|| OAuthError::Profile("no id in it".to_owned()))
    }

    async fn profile(&self, url: &str, tokens: &ProviderTokens) -> Result<Value, OAuthError> {
        let bearer = Secret::new(tokens.access_token.clone());
        self.get(url, Some(&bearer)).await.map_err(|err: HttpError| OAuthError::Profile(err.to_string()))
    }
}

fn tokens_of(answer: &Value, now_secs: i64) -> Result<ProviderTokens, OAuthError> {
    let text = |name: &str| answer.get(name).and_then(Value::as_str).filter(|it| !it.is_empty()).map(str::to_owned);
    let lifetime = answer.get("expires_in").and_then(|it| it.as_i64().or_else(|| it.as_str()?.parse().ok()));
    Ok(ProviderTokens {
        access_token: text("access_token").ok_or_else(|| OAuthError::Exchange("no access_token".to_owned()))?,
        refresh_token: text("refresh_token"),
        id_token: text("id_token"),
        expires_at: lifetime.map(|secs| now_secs.saturating_add(secs)),
        scope: text("scope").unwrap_or_default().replace(',', " "),
    })
}
