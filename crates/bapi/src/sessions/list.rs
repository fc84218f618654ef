//! `GET /sessions`.

use crate::answer::{Answer, list};
use crate::caller::Caller;
use crate::query::Query;
use verger_model::session::SessionStatus;
use verger_model::{Code, Refusal};
use verger_service::SessionFilter;

/// The sessions of a user or of a client, newest first.
pub(crate) async fn get_session_list(Caller { service, ctx }: Caller, query: Query) -> Answer {
    let (asked, paginated) = read(query)?;
    let (sessions, total) = match asked {
        Some(filter) => service.list_sessions(&ctx, &filter).await?,
        None => (Vec::new(), 0),
    };
    let data = sessions.iter().map(|session| verger_views::bapi_session(ctx.lens(), session)).collect();
    Ok(list::<verger_wire::BapiSession>(data, total, paginated))
}

/// Which sessions, and whether with their number. No filter: the ids that were given name nothing.
fn read(mut query: Query) -> Result<(Option<SessionFilter>, bool), Refusal> {
    let page = query.page();
    let client_id = query.text("client_id").map(|text| text.parse());
    let user_id = query.text("user_id").map(|text| text.parse());
    let status = query.text("status").map(|text| SessionStatus::parse(&text));
    if status == Some(None) {
        query.refuse(Code::FormParamValueInvalid, "status");
    }
    let paginated = query.flag("paginated").unwrap_or_default();
    query.finish()?;
    let filter = match (client_id.transpose(), user_id.transpose()) {
        (Ok(client_id), Ok(user_id)) => Some(SessionFilter {
            client_id,
            user_id,
            status: status.flatten(),
            limit: Some(page.limit),
            offset: page.offset,
            ..SessionFilter::default()
        }),
        _ => None,
    };
    Ok((filter, paginated))
}
