//! All tenants of the server, found by id, slug or domain.

use super::Tenant;
use crate::error::Result;
use crate::service::Service;
use std::collections::HashMap;
use std::sync::Arc;
use verger_crypto::token::token_hash;
use verger_model::{InstanceId, Millis, Secret};

/// An immutable index of all tenants.
#[derive(Default)]
pub(crate) struct Registry {
    by_id: HashMap<InstanceId, Arc<Tenant>>,
    by_slug: HashMap<String, Arc<Tenant>>,
    by_domain: HashMap<String, Arc<Tenant>>,
    root: Option<Arc<Tenant>>,
}

impl Registry {
    fn new(tenants: Vec<Arc<Tenant>>) -> Self {
        let mut registry = Self::default();
        for tenant in tenants {
            let instance = &tenant.instance;
            if let Some(domain) = &instance.domain {
                registry.by_domain.insert(domain.clone(), tenant.clone());
            }
            if instance.is_root {
                registry.root = Some(tenant.clone());
            }
            registry.by_slug.insert(instance.slug.clone(), tenant.clone());
            registry.by_id.insert(instance.id.clone(), tenant.clone());
        }
        registry
    }
}

/// For how long a secret key that was found good is taken without a look at the database. A key revoked on another node stays
/// good for this long.
const SECRET_KEY_TRUST: Millis = Millis::from_secs(5);
/// More good keys than this are not remembered.
const SECRET_KEYS_MAX: usize = 4096;

impl Service {
    /// The tenant at the root of the server's public address.
    pub fn root_tenant(&self) -> Option<Arc<Tenant>> {
        self.registry.load().root.clone()
    }

    /// The tenant under `/i/<slug>`.
    pub fn tenant_by_slug(&self, slug: &str) -> Option<Arc<Tenant>> {
        self.registry.load().by_slug.get(slug).cloned()
    }

    /// The production tenant of a domain.
    pub fn tenant_by_domain(&self, domain: &str) -> Option<Arc<Tenant>> {
        self.registry.load().by_domain.get(domain).cloned()
    }

    /// The tenant with this id.
    pub fn tenant(&self, id: &InstanceId) -> Option<Arc<Tenant>> {
        self.registry.load().by_id.get(id).cloned()
    }

    /// Every tenant, oldest first.
    pub fn tenants(&self) -> Vec<Arc<Tenant>> {
        let mut all: Vec<_> = self.registry.load().by_id.values().cloned().collect();
        all.sort_by(|a, b| (a.instance.created_at, &a.instance.id).cmp(&(b.instance.created_at, &b.instance.id)));
        all
    }

    /// The tenant that a secret key opens.
    ///
    /// # Errors
    /// A fault when the database cannot be read.
    pub async fn tenant_by_secret_key(&self, key: &Secret<String>) -> Result<Option<Arc<Tenant>>> {
        let (hash, now) = (token_hash(key.expose()), self.now());
        let trusted = self.trusted_secret_key(&hash, now);
        if let Some(id) = trusted {
            return Ok(self.tenant(&id));
        }
        let Some(found) = self.store.read().await?.secret_keys().by_hash(&hash).await? else { return Ok(None) };
        if let Ok(mut known) = self.secret_keys.lock() {
            if known.len() >= SECRET_KEYS_MAX {
                known.clear();
            }
            known.insert(hash, (found.instance_id.clone(), now));
        }
        Ok(self.tenant(&found.instance_id))
    }

    fn trusted_secret_key(&self, hash: &str, now: Millis) -> Option<InstanceId> {
        let known = self.secret_keys.lock().ok()?;
        known.get(hash).filter(|(_, at)| now < *at + SECRET_KEY_TRUST).map(|(id, _)| id.clone())
    }

    /// Forgets which secret keys were found good.
    pub(crate) fn distrust_secret_keys(&self) {
        if let Ok(mut known) = self.secret_keys.lock() {
            known.clear();
        }
    }

    /// Re-reads the tenants whose stored version moved. Called after every change here, and every few seconds for changes made
    /// elsewhere.
    ///
    /// # Errors
    /// A fault when the database cannot be read or a tenant's keys do not open.
    pub async fn refresh_tenants(&self) -> Result<()> {
        let _alone = self.registry_refresh.lock().await;
        let versions = self.store.read().await?.instances().versions().await?;
        let current = self.registry.load();
        let same =
            |(id, version): &(InstanceId, i64)| current.by_id.get(id).is_some_and(|t| t.instance.version == *version);
        if versions.len() == current.by_id.len() && versions.iter().all(same) {
            return Ok(());
        }
        let mut tenants = Vec::with_capacity(versions.len());
        for known in &versions {
            let kept = current.by_id.get(&known.0).filter(|_| same(known)).cloned();
            let tenant = match kept {
                Some(tenant) => Some(tenant),
                None => self.load_tenant(&known.0).await?.map(Arc::new),
            };
            tenants.extend(tenant);
        }
        self.registry.store(Arc::new(Registry::new(tenants)));
        Ok(())
    }
}
