//! How an instance says which apps on phones belong to it, in the forms that Apple and Google read.

use crate::Word;
use serde::{Deserialize, Serialize};

/// `/.well-known/apple-app-site-association`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppleAppSiteAssociation {
    /// Apps that may use the instance's passkeys and passwords.
    pub webcredentials: AppleApps,
}

/// Apple's apps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppleApps {
    /// Team and bundle.
    pub apps: Vec<String>,
}

/// One entry of `/.well-known/assetlinks.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetLink {
    /// What the app may do.
    pub relation: Vec<Word>,
    /// The app.
    pub target: AssetLinkTarget,
}

/// An Android app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetLinkTarget {
    /// `android_app`
    pub namespace: Word,
    /// The name of its package.
    pub package_name: String,
    /// SHA-256 of the certificates it is signed with.
    pub sha256_cert_fingerprints: Vec<String>,
}
