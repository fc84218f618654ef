//! Clients: the browsers and devices of an instance's users.

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::Caller;
use crate::query::Query;
use verger_http::Segments;
use verger_model::{Code, Refusal};
use verger_wire::HandshakePayload;

/// One client with its sessions.
pub(crate) async fn get_client(Caller { service, ctx }: Caller, Segments(id): Segments<String>) -> Answer {
    let (client, sessions) = service.get_client_by_id(&ctx, &id).await?;
    Ok(json(&verger_views::bapi_client(ctx.lens(), &client, &sessions)))
}

/// The client whose `__client` cookie this is.
pub(crate) async fn verify_client(Caller { service, ctx }: Caller, JsonBody(mut fields): JsonBody) -> Answer {
    let token = fields.required_text("token");
    fields.finish()?;
    let (client, sessions) = service.verify_client(&ctx, &token).await?;
    Ok(json(&verger_views::bapi_client(ctx.lens(), &client, &sessions)))
}

/// The cookies that a handshake left under this nonce; readable until the nonce expires.
pub(crate) async fn get_handshake_payload(Caller { service, ctx }: Caller, mut query: Query) -> Answer {
    let nonce = query.text("nonce");
    query.finish()?;
    let Some(nonce) = nonce else {
        return Err(Refusal::param(Code::MissingQueryParameter, "nonce").into());
    };
    let directives = service.handshake_payload(&ctx, &nonce).await?;
    Ok(json(&HandshakePayload { directives }))
}
