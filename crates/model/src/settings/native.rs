//! Apps on phones: whether they may call, and which apps belong to the instance.

use super::InvalidSettings;
use serde::{Deserialize, Serialize};

/// Apps on phones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NativeSettings {
    /// Whether apps may call the Frontend API with their client token in a header.
    pub api_enabled: bool,
    /// Apple's apps of the instance, as `TEAMID.bundle.id`.
    pub apple_apps: Vec<String>,
    /// Android's apps of the instance.
    pub android_apps: Vec<AndroidApp>,
}

/// An Android app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AndroidApp {
    /// The name of its package.
    pub package_name: String,
    /// SHA-256 of the certificates it is signed with: 32 bytes in upper-case hexadecimal, with colons between.
    pub sha256_cert_fingerprints: Vec<String>,
}

impl NativeSettings {
    pub(super) fn check(&self) -> Result<(), InvalidSettings> {
        let fail = |text: String| Err(InvalidSettings(text));
        if let Some(app) = self.apple_apps.iter().find(|app| !is_apple_app(app)) {
            return fail(format!("native.apple_apps: {app} is not TEAMID.bundle.id"));
        }
        let prints = self.android_apps.iter().flat_map(|app| &app.sha256_cert_fingerprints);
        match prints.into_iter().find(|print| !is_fingerprint(print)) {
            Some(print) => fail(format!("native.android_apps: {print} is not the SHA-256 of a certificate")),
            None => Ok(()),
        }
    }
}

fn is_apple_app(text: &str) -> bool {
    let Some((team, bundle)) = text.split_once('.') else { return false };
    let is_plain = |text: &str, more: &[u8]| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || more.contains(&b))
    };
    team.len() == 10 && is_plain(team, b"") && is_plain(bundle, b".-")
}

fn is_fingerprint(text: &str) -> bool {
    let bytes: Vec<_> = text.split(':').collect();
    let is_byte =
        |byte: &&str| byte.len() == 2 && byte.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b));
    bytes.len() == 32 && bytes.iter().all(is_byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_good(apple: &str, print: &str) -> bool {
        let app = AndroidApp { package_name: "test.app".into(), sha256_cert_fingerprints: vec![print.into()] };
        NativeSettings { apple_apps: vec![apple.into()], android_apps: vec![app], ..Default::default() }.check().is_ok()
    }

    #[test]
    fn apps_are_named_as_their_stores_name_them() {
        let print = ["AB"; 32].join(":");
        assert!(is_good("A1B2C3D4E5.test.app", &print));
        for apple in ["test.app", "A1B2C3D4E5.", "A1B2C3D4E5.test app", "A1B2C3D4E5"] {
            assert!(!is_good(apple, &print), "{apple}");
        }
        for print in [String::new(), print.to_lowercase(), print.replace(':', ""), ["AB"; 31].join(":")] {
            assert!(!is_good("A1B2C3D4E5.test.app", &print), "{print}");
        }
    }
}
