//! This server as a client of a provider: the settings of the instance, the opened secret, and where the provider is.

use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::tenants::{Tenant, place};
use std::collections::HashMap;
use std::sync::Mutex;
use verger_crypto::seal::DataKey;
use verger_model::settings::{ClientSecret, Connection, Settings};
use verger_model::{Code, InstanceId, Millis, Provider, Secret};
use verger_outbound::http::Reach;
use verger_outbound::oauth::{Endpoints, RelyingParty};

/// How long a provider's own description of itself is believed.
const DESCRIPTION_LIFETIME: Millis = Millis::from_mins(60);

struct Description {
    of: Connection,
    at: Millis,
    endpoints: Endpoints,
}

/// Where providers are, as far as it was asked lately.
#[derive(Default)]
pub(crate) struct EndpointCache(Mutex<HashMap<(InstanceId, Provider), Description>>);

/// A provider with the instance's settings for it.
pub(super) struct Party {
    pub(super) provider: Provider,
    pub(super) connection: Connection,
    client_secret: Option<Secret<String>>,
    reach: Reach,
}

impl Party {
    /// The provider as this instance uses it.
    ///
    /// # Errors
    /// `oauth_provider_not_enabled`, `oauth_config_missing` for a secret that does not open.
    pub(super) fn of(ctx: &Ctx, provider: Provider) -> Result<Self> {
        let tenant = &ctx.tenant;
        let found = tenant.instance.social_connection(provider, &tenant.addresses);
        let connection = found.ok_or(Code::OAuthProviderNotEnabled)?;
        let secret = connection.client_secret.as_ref().map(|secret| open_secret(tenant, provider.name(), secret));
        let client_secret = secret.transpose()?;
        let reach = if tenant.instance.is_development() { Reach::Anywhere } else { Reach::Public };
        Ok(Self { provider, connection, client_secret, reach })
    }

    pub(super) fn relying<'a>(&'a self, service: &'a Service) -> RelyingParty<'a> {
        RelyingParty {
            provider: self.provider,
            connection: &self.connection,
            client_secret: self.client_secret.as_ref(),
            http: &service.http,
            reach: self.reach,
        }
    }
}

impl Service {
    /// Where a provider is.
    ///
    /// # Errors
    /// `oauth_config_missing`
    pub(super) async fn endpoints(&self, ctx: &Ctx, party: &Party) -> Result<Endpoints> {
        let key = (ctx.instance().clone(), party.provider);
        if let Ok(known) = self.oauth_endpoints.0.lock()
            && let Some(it) = known.get(&key)
            && it.of == party.connection
            && ctx.now < it.at + DESCRIPTION_LIFETIME
        {
            return Ok(it.endpoints.clone());
        }
        let found = party.relying(self).endpoints().await;
        let endpoints = found.map_err(|err| {
            tracing::warn!(provider = ?party.provider, error = %err, "a provider does not say where it is");
            Code::OAuthConfigMissing
        })?;
        if let Ok(mut known) = self.oauth_endpoints.0.lock() {
            let it = Description { of: party.connection.clone(), at: ctx.now, endpoints: endpoints.clone() };
            known.insert(key, it);
        }
        Ok(endpoints)
    }

    /// Seals the client secrets of a settings document that is about to be stored. Those that are sealed already stay.
    pub(crate) fn seal_client_secrets(&self, tenant: &Tenant, settings: &mut Settings) {
        for (name, connection) in &mut settings.social.connections {
            let Some(secret) = connection.client_secret.as_mut() else { continue };
            if DataKey::id_in(&secret.0).is_err() {
                let at = place(&tenant.instance.id, "instances", "settings", name);
                secret.0 = tenant.data_key.seal(&at, secret.0.as_bytes(), self.entropy());
            }
        }
    }
}

fn open_secret(tenant: &Tenant, name: &str, secret: &ClientSecret) -> Result<Secret<String>> {
    let at = place(&tenant.instance.id, "instances", "settings", name);
    let plain = tenant.data_key.open(&at, &secret.0).map_err(|_| Code::OAuthConfigMissing)?;
    let text = String::from_utf8(plain.expose().clone()).map_err(|_| Code::OAuthConfigMissing)?;
    Ok(Secret::new(text))
}
