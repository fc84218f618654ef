//! The apps on phones that belong to an instance.

use crate::{word, words};
use verger_model::settings::NativeSettings;
use verger_wire as wire;

/// Apple's apps.
pub fn apple_app_site_association(native: &NativeSettings) -> wire::AppleAppSiteAssociation {
    wire::AppleAppSiteAssociation { webcredentials: wire::AppleApps { apps: native.apple_apps.clone() } }
}

/// Android's apps: each may open the instance's links and use its passkeys and passwords.
pub fn asset_links(native: &NativeSettings) -> Vec<wire::AssetLink> {
    let link = |app: &verger_model::settings::AndroidApp| wire::AssetLink {
        relation: words(&["delegate_permission/common.handle_all_urls", "delegate_permission/common.get_login_creds"]),
        target: wire::AssetLinkTarget {
            namespace: word("android_app"),
            package_name: app.package_name.clone(),
            sha256_cert_fingerprints: app.sha256_cert_fingerprints.clone(),
        },
    };
    native.android_apps.iter().map(link).collect()
}
