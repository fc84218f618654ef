//! `/.well-known/`: keys and discovery.

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
