//! `/.well-known/`: keys, discovery, and the apps that belong to the instance.

use crate::answer::bare;
use verger_http::{Call, Reply};

/// `GET /.well-known/jwks.json`
pub(crate) async fn jwks(call: Call) -> Reply {
    bare(&call.ctx.tenant.jwks())
}

/// `GET /.well-known/openid-configuration`
pub(crate) async fn openid_configuration(call: Call) -> Reply {
    bare(&verger_views::openid_configuration(call.ctx.lens()))
}

/// `GET /.well-known/assetlinks.json`
pub(crate) async fn assetlinks(call: Call) -> Reply {
    bare(&verger_views::asset_links(&call.ctx.tenant.instance.settings.native))
}

/// `GET /.well-known/apple-app-site-association`
pub(crate) async fn apple_app_site_association(call: Call) -> Reply {
    bare(&verger_views::apple_app_site_association(&call.ctx.tenant.instance.settings.native))
}
