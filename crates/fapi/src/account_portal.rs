//! `/v1/account_portal`: whether there is an Account Portal, and where it leads.

use crate::answer::bare;
use verger_http::{Call, Reply};

/// `GET /v1/account_portal`
pub(crate) async fn get(call: Call) -> Reply {
    bare(&verger_views::account_portal(call.ctx.lens()))
}
