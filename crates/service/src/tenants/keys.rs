//! The keys of a tenant: made once, sealed at rest, opened when the tenant is loaded.

use super::Tenant;
use crate::error::{Error, Result};
use crate::service::Service;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use verger_crypto::seal::{DataKey, Place};
use verger_crypto::suffix::cookie_suffix;
use verger_jose::{KeySet, SigningKey};
use verger_model::address::Addresses;
use verger_model::instance::{Instance, SigningKeyState};
use verger_model::{DataKeyId, InstanceId, Millis};
use verger_store::{StoredSigningKey, WriteTx};

/// The purpose of the key that one-time codes are digested under.
const CODE_KEY: &str = "one-time codes";

/// Where a sealed value lives.
pub(crate) const fn place<'a>(instance: &'a InstanceId, table: &'a str, column: &'a str, row: &'a str) -> Place<'a> {
    Place { instance, table, column, row }
}

/// `pk_test_…` or `pk_live_…` around the text that says where the Frontend API is.
fn publishable_key(instance: &Instance, addresses: &Addresses) -> String {
    let text = STANDARD.encode(format!("{}$", addresses.key_text));
    format!("pk_{}_{}", instance.environment.key_word(), text.trim_end_matches('='))
}

/// A fresh set of keys for an instance that is being made.
pub(crate) struct NewKeys {
    data_key: DataKey,
    wrapped: String,
    signing_key: StoredSigningKey,
}

impl NewKeys {
    /// The key that seals this instance's secrets.
    pub(crate) const fn data_key(&self) -> &DataKey {
        &self.data_key
    }

    /// Stores the keys beside their instance.
    pub(crate) async fn insert(&self, tx: &mut WriteTx, instance: &InstanceId, now: Millis) -> Result<()> {
        tx.data_keys().insert(instance, self.data_key.id(), self.wrapped.as_bytes(), now).await?;
        tx.signing_keys().insert(instance, &self.signing_key).await?;
        Ok(())
    }
}

impl Service {
    /// Makes a data key and an RSA signing key. Takes about 0.1 s: call it off the async threads.
    pub(crate) fn make_keys(&self, instance: &InstanceId, now: Millis) -> Result<NewKeys> {
        let data_key = DataKey::generate(DataKeyId::generate(now, self.entropy()), self.entropy());
        let signing_key = SigningKey::generate().map_err(Error::internal)?;
        let der = signing_key.to_pkcs8().map_err(Error::internal)?;
        // The first key of an instance is named like the instance: SDK fixtures and tools know it by that.
        let kid = instance.as_str();
        let sealed = data_key.seal(&place(instance, "signing_keys", "sealed", kid), &der, self.entropy());
        Ok(NewKeys {
            wrapped: self.master_key.wrap(&data_key, instance, self.entropy()),
            signing_key: StoredSigningKey {
                kid: kid.to_owned(),
                state: SigningKeyState::Current,
                not_before: now,
                retired_at: None,
                sealed: sealed.into_bytes(),
            },
            data_key,
        })
    }

    /// Reads an instance and opens its keys.
    pub(crate) async fn load_tenant(&self, id: &InstanceId) -> Result<Option<Tenant>> {
        let mut reader = self.store.read().await?;
        let Some(instance) = reader.instances().get(id).await? else { return Ok(None) };
        let wrapped = reader.data_keys().list(id).await?;
        let stored = reader.signing_keys().list(id).await?;
        drop(reader);

        let newest = wrapped.last().ok_or_else(|| Error::internal(format!("{id} has no data key")))?;
        let wrapped = std::str::from_utf8(&newest.wrapped).map_err(Error::internal)?;
        let data_key = self.master_key.unwrap(wrapped, &newest.id, id).map_err(Error::internal)?;
        let (kid, signing_key, keys) = open_signing_keys(id, &data_key, &stored)?;

        let addresses = Addresses::of(&instance, &self.base);
        let publishable_key = publishable_key(&instance, &addresses);
        Ok(Some(Tenant {
            cookie_suffix: cookie_suffix(&publishable_key),
            code_key: data_key.derive(CODE_KEY),
            instance,
            addresses,
            publishable_key,
            kid,
            signing_key,
            keys,
            data_key,
        }))
    }
}

fn open_signing_keys(
    instance: &InstanceId,
    data_key: &DataKey,
    stored: &[StoredSigningKey],
) -> Result<(String, SigningKey, KeySet)> {
    let (mut keys, mut current) = (KeySet::new(), None);
    for row in stored {
        let sealed = std::str::from_utf8(&row.sealed).map_err(Error::internal)?;
        let der =
            data_key.open(&place(instance, "signing_keys", "sealed", &row.kid), sealed).map_err(Error::internal)?;
        let key = SigningKey::from_pkcs8(der.expose()).map_err(Error::internal)?;
        keys.insert(row.kid.clone(), key.public().clone());
        if row.state == SigningKeyState::Current {
            current = Some((row.kid.clone(), key));
        }
    }
    let (kid, key) = current.ok_or_else(|| Error::internal(format!("{instance} has no current signing key")))?;
    Ok((kid, key, keys))
}
