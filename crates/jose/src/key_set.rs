//! The keys that a token of one issuer may be signed by. One set per instance: a `kid` is never looked up elsewhere.

use crate::{Jwks, KeyError, PublicKey};

/// Verification keys by `kid`. Sets are small (next, current, retired), so the look-up is a walk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySet {
    keys: Vec<(String, PublicKey)>,
}

impl KeySet {
    /// A set without keys: every token fails.
    pub const fn new() -> Self {
        Self { keys: Vec::new() }
    }

    /// Adds a key, or replaces the one of that id.
    pub fn insert(&mut self, kid: impl Into<String>, key: PublicKey) {
        let kid = kid.into();
        self.keys.retain(|(known, _)| *known != kid);
        self.keys.push((kid, key));
    }

    /// The key of exactly this id.
    pub fn get(&self, kid: &str) -> Option<&PublicKey> {
        self.keys.iter().find(|(known, _)| known == kid).map(|(_, key)| key)
    }

    /// The document to publish.
    pub fn to_jwks(&self) -> Jwks {
        Jwks { keys: self.keys.iter().map(|(kid, key)| key.to_jwk(kid)).collect() }
    }

    /// Reads a published document. One unusable key spoils it.
    pub fn from_jwks(jwks: &Jwks) -> Result<Self, KeyError> {
        let mut set = Self::new();
        for jwk in &jwks.keys {
            set.insert(&jwk.kid, PublicKey::from_jwk(jwk)?);
        }
        Ok(set)
    }
}

impl<K: Into<String>> FromIterator<(K, PublicKey)> for KeySet {
    fn from_iter<I: IntoIterator<Item = (K, PublicKey)>>(keys: I) -> Self {
        let mut set = Self::new();
        for (kid, key) in keys {
            set.insert(kid, key);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing_key::fixture;

    #[test]
    fn a_published_set_is_read_back() {
        let key = fixture().public();
        let set: KeySet = [("ins_1", key.clone()), ("ins_1_2", key.clone())].into_iter().collect();
        let json = serde_json::to_string(&set.to_jwks()).unwrap();
        assert_eq!(KeySet::from_jwks(&serde_json::from_str(&json).unwrap()), Ok(set));
    }

    #[test]
    fn an_id_is_matched_whole_and_held_once() {
        let key = fixture().public();
        let mut set: KeySet = [("ins_1", key.clone())].into_iter().collect();
        set.insert("ins_1", key.clone());
        assert_eq!(set.to_jwks().keys.len(), 1);
        assert!(set.get("ins_1").is_some());
        assert!(set.get("ins_").is_none());
        assert!(set.get("INS_1").is_none());
    }
}
