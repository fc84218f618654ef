//! `POST /users`.

use super::attributes::{ORGANIZATIONS_LIMIT, take_factors, take_password, take_unsupported};
use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::Caller;
use crate::fields::Fields;
use verger_model::identification::IdentificationStatus;
use verger_model::{Code, Refusal};
use verger_service::{NewIdentifier, NewUser};

/// Makes a user, with verified identifiers and whatever else the application's backend knows about them.
pub(crate) async fn create_user(Caller { service, ctx }: Caller, JsonBody(fields): JsonBody) -> Answer {
    let profile = service.create_user(&ctx, new_user(fields)?).await?;
    Ok(json(&verger_views::bapi_user(ctx.lens(), &profile)))
}

fn new_user(mut fields: Fields) -> Result<NewUser, Refusal> {
    let f = &mut fields;
    take_unsupported(f, &["web3_wallet"]);
    let user = NewUser {
        external_id: f.text("external_id"),
        first_name: f.text("first_name"),
        last_name: f.text("last_name"),
        locale: f.text("locale"),
        username: f.text("username"),
        email_addresses: take_identifiers(f, "email_address", "email_address_identification_status"),
        phone_numbers: take_identifiers(f, "phone_number", "phone_number_identification_status"),
        password: take_password(f),
        skip_password_checks: f.flag("skip_password_checks").unwrap_or_default(),
        skip_password_requirement: f.flag("skip_password_requirement").unwrap_or_default(),
        skip_user_requirement: f.flag("skip_user_requirement").unwrap_or_default(),
        skip_legal_checks: f.flag("skip_legal_checks").unwrap_or_default(),
        public_metadata: f.metadata("public_metadata"),
        private_metadata: f.metadata("private_metadata"),
        unsafe_metadata: f.metadata("unsafe_metadata"),
        delete_self_enabled: f.flag("delete_self_enabled"),
        create_organization_enabled: f.flag("create_organization_enabled"),
        create_organizations_limit: f.integer("create_organizations_limit", &ORGANIZATIONS_LIMIT),
        legal_accepted_at: f.time("legal_accepted_at"),
        created_at: f.time("created_at"),
        bypass_client_trust: f.flag("bypass_client_trust"),
        second_factors: take_factors(f),
        banned: f.flag("banned"),
        locked: f.flag("locked"),
    };
    fields.finish()?;
    Ok(user)
}

/// Identifiers with the statuses that run beside them; without statuses all are verified.
fn take_identifiers(fields: &mut Fields, values: &str, statuses: &str) -> Vec<NewIdentifier> {
    let given = fields.texts(values);
    let words = fields.texts(statuses);
    if !words.is_empty() && words.len() != given.len() {
        fields.refuse(Code::FormParamArrayLengthMismatch, statuses);
        return Vec::new();
    }
    let status_at = |at: usize| match words.get(at).map(String::as_str) {
        None | Some("verified") => Some(IdentificationStatus::Verified),
        Some("reserved") => Some(IdentificationStatus::Reserved),
        Some(_) => None,
    };
    let read: Option<Vec<NewIdentifier>> = given
        .into_iter()
        .enumerate()
        .map(|(at, value)| Some(NewIdentifier { value, status: status_at(at)? }))
        .collect();
    read.unwrap_or_else(|| {
        fields.refuse(Code::FormParamValueInvalid, statuses);
        Vec::new()
    })
}
