//! Tenants in memory: an immutable snapshot per instance (settings, addresses, keys), replaced as a whole when the stored
//! version moves.

mod keys;
mod registry;

pub(crate) use keys::{NewKeys, place};
pub(crate) use registry::Registry;

use verger_crypto::seal::DataKey;
use verger_jose::{Jwks, KeySet, SigningKey};
use verger_model::Secret;
use verger_model::address::Addresses;
use verger_model::instance::Instance;

/// One instance with everything that a request needs of it.
pub struct Tenant {
    /// What it is and what its owner decided.
    pub instance: Instance,
    /// Where it answers.
    pub addresses: Addresses,
    /// The key that apps are built with.
    pub publishable_key: String,
    /// What tells its cookies from those of other instances in the same browser.
    pub cookie_suffix: String,
    pub(crate) kid: String,
    pub(crate) signing_key: SigningKey,
    pub(crate) keys: KeySet,
    pub(crate) data_key: DataKey,
    pub(crate) code_key: Secret<[u8; 32]>,
}

impl Tenant {
    /// The published keys: next, current and retired.
    pub fn jwks(&self) -> Jwks {
        self.keys.to_jwks()
    }

    /// The current public key as PEM, for networkless verification.
    pub fn jwt_public_key_pem(&self) -> String {
        self.signing_key.public().to_pem()
    }
}

impl std::fmt::Debug for Tenant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Tenant").field(&self.instance.id).finish()
    }
}
