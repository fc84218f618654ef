//! `/v1/me/phone_numbers`: the numbers of the signed-in user.

use crate::answer::{bare, changed, shown};
use axum::extract::State;
use verger_http::{AppState, Call, Form, Reply, Segments};
use verger_service::{Ctx, MyPhoneNumber, MyPhoneNumberPatch};
use verger_wire::PhoneNumber;

fn render(mine: &MyPhoneNumber, ctx: &Ctx) -> PhoneNumber {
    let codes = mine.backup_codes.as_ref().map(|set| set.codes.as_slice());
    verger_views::phone_number_with_codes(ctx.lens(), &mine.number, codes)
}

/// `GET /v1/me/phone_numbers`: a bare list.
pub(crate) async fn list_phone_numbers(State(app): State<AppState>, call: Call) -> Reply {
    let visitor = call.visitor(&app).await?;
    let numbers = app.service().my_phone_numbers(&call.ctx, visitor, call.acting_session.as_deref()).await?;
    let lens = call.ctx.lens();
    bare(&numbers.iter().map(|number| verger_views::phone_number(lens, number)).collect::<Vec<_>>())
}

/// `POST /v1/me/phone_numbers`
pub(crate) async fn create_phone_number(State(app): State<AppState>, call: Call, mut form: Form) -> Reply {
    let number = form.required("phone_number");
    let reserved = form.flag("reserved_for_second_factor").unwrap_or(false);
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    let acting = call.acting_session.as_deref();
    let outcome = app.service().create_my_phone_number(&call.ctx, visitor, acting, &number, reserved).await?;
    changed(&call, &outcome, render)
}

/// `GET /v1/me/phone_numbers/{id}`
pub(crate) async fn get_phone_number(State(app): State<AppState>, call: Call, Segments(id): Segments<String>) -> Reply {
    let visitor = call.visitor(&app).await?;
    let acting = call.acting_session.as_deref();
    shown(&call, &app.service().my_phone_number(&call.ctx, visitor, acting, &id).await?, render)
}

/// `POST /v1/me/phone_numbers/{id}/prepare_verification`
pub(crate) async fn prepare_phone_number(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    mut form: Form,
) -> Reply {
    let (strategy, channel) = (form.required("strategy"), form.text("channel"));
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    let (acting, by) = (call.acting_session.as_deref(), (strategy.as_str(), channel.as_deref()));
    changed(&call, &app.service().prepare_my_phone_number(&call.ctx, visitor, acting, &id, by).await?, render)
}

/// `POST /v1/me/phone_numbers/{id}/attempt_verification`
pub(crate) async fn attempt_phone_number(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    mut form: Form,
) -> Reply {
    let code = form.required("code");
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    let acting = call.acting_session.as_deref();
    changed(&call, &app.service().attempt_my_phone_number(&call.ctx, visitor, acting, &id, &code).await?, render)
}

/// `PATCH /v1/me/phone_numbers/{id}`
pub(crate) async fn update_phone_number(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    mut form: Form,
) -> Reply {
    let patch = MyPhoneNumberPatch {
        reserved_for_second_factor: form.flag("reserved_for_second_factor"),
        default_second_factor: form.flag("default_second_factor"),
    };
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    let acting = call.acting_session.as_deref();
    changed(&call, &app.service().update_my_phone_number(&call.ctx, visitor, acting, &id, patch).await?, render)
}

/// `DELETE /v1/me/phone_numbers/{id}`
pub(crate) async fn delete_phone_number(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
) -> Reply {
    let visitor = call.visitor(&app).await?;
    let acting = call.acting_session.as_deref();
    let outcome = app.service().delete_my_phone_number(&call.ctx, visitor, acting, &id).await?;
    changed(&call, &outcome, |id, _| verger_views::deleted("phone_number", id.as_str()))
}
