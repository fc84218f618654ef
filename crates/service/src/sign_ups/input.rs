//! What a sign-up request gives, and whether the instance takes it.

use crate::bot_protection::CaptchaAnswer;
use crate::ctx::Ctx;
use crate::oauth::OAuthRedirects;
use crate::passwords::check_policy;
use verger_model::metadata::{Metadata, check_size};
use verger_model::settings::Attribute;
use verger_model::sign_up::SignUp;
use verger_model::user::NAME_MAX;
use verger_model::{Code, Refusal, Secret, email, phone, username};

/// The parameter that is either.
const EITHER: &str = "email_address_or_phone_number";

/// What a sign-up request may carry. A field that is given but empty is cleared.
#[derive(Clone, Debug, Default)]
pub struct SignUpInput {
    /// Email address.
    pub email_address: Option<String>,
    /// Phone number.
    pub phone_number: Option<String>,
    /// Whichever of the two it reads as.
    pub email_address_or_phone_number: Option<String>,
    /// How the code travels to a phone.
    pub channel: Option<String>,
    /// Username.
    pub username: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// The browser's language, BCP 47.
    pub locale: Option<String>,
    /// A ticket.
    pub ticket: Option<String>,
    /// The strategy to go on with.
    pub strategy: Option<String>,
    /// The password.
    pub password: Option<Secret<String>>,
    /// Becomes the user's `unsafe_metadata`.
    pub unsafe_metadata: Option<Metadata>,
    /// Whether the terms are accepted.
    pub legal_accepted: Option<bool>,
    /// Where to come back to from a provider.
    pub redirects: OAuthRedirects,
    /// Carry over what a sign-in proved.
    pub transfer: bool,
    /// What shows that a browser is behind it.
    pub captcha: CaptchaAnswer,
}

impl SignUpInput {
    /// Whom the request names.
    pub(super) fn identifiers(&self) -> [Option<&String>; 3] {
        [self.email_address.as_ref(), self.phone_number.as_ref(), self.username.as_ref()]
    }

    /// Writes what is given into the attempt, all but the password. Every field that is not taken is named.
    pub(super) fn apply(&self, ctx: &Ctx, sign_up: &mut SignUp) -> Result<(), Refusal> {
        let a = &ctx.tenant.instance.settings.attributes;
        let mut refusals = Vec::new();
        let mut note = |result: Result<(), Refusal>| refusals.extend(result.err());

        note(field(self.email_address.as_ref(), a.email_address, "email_address", |text| {
            let address =
                text.map(|text| email::normalize(text).ok_or_else(|| invalid("email_address"))).transpose()?;
            match address {
                Some(address) => sign_up.set_email_address(address),
                None => {
                    sign_up.email_address = None;
                    sign_up.email_verified = false;
                    sign_up.email_verification_id = None;
                }
            }
            Ok(())
        }));
        note(field(self.phone_number.as_ref(), a.phone_number.attribute(), "phone_number", |text| {
            let number = text.map(|text| phone::normalize(text).ok_or_else(|| invalid("phone_number"))).transpose()?;
            sign_up.set_phone_number(number);
            Ok(())
        }));
        let both = Attribute { enabled: a.email_address.enabled && a.phone_number.enabled, required: false };
        note(field(self.email_address_or_phone_number.as_ref(), both, EITHER, |text| {
            let Some(text) = text else { return Ok(()) };
            match (email::normalize(text), phone::normalize(text)) {
                (Some(address), _) => sign_up.set_email_address(address),
                (None, Some(number)) => sign_up.set_phone_number(Some(number)),
                (None, None) => return Err(invalid(EITHER)),
            }
            Ok(())
        }));
        note(field(self.username.as_ref(), a.username, "username", |text| {
            let check = |text: &str| username::normalize(text).map_err(|code| Refusal::param(code, "username"));
            text.map(check).transpose()?;
            sign_up.username = text.map(str::to_owned);
            Ok(())
        }));
        note(field(self.first_name.as_ref(), a.first_name, "first_name", |text| {
            sign_up.first_name = text.map(|text| name(text, "first_name")).transpose()?;
            Ok(())
        }));
        note(field(self.last_name.as_ref(), a.last_name, "last_name", |text| {
            sign_up.last_name = text.map(|text| name(text, "last_name")).transpose()?;
            Ok(())
        }));
        if let Some(metadata) = &self.unsafe_metadata {
            note(check_size(metadata, "unsafe_metadata"));
            sign_up.unsafe_metadata = metadata.clone();
        }
        if let Some(password) = self.password.as_ref() {
            note(field(Some(password.expose()), a.password, "password", |_| {
                let identifiers: Vec<&str> = [&sign_up.email_address, &sign_up.phone_number, &sign_up.username]
                    .into_iter()
                    .flatten()
                    .map(String::as_str)
                    .collect();
                check_policy(&ctx.tenant.instance.settings.password, password, &identifiers, "password")
            }));
        }
        match self.legal_accepted {
            Some(true) => sign_up.legal_accepted_at = Some(ctx.now),
            Some(false) => sign_up.legal_accepted_at = None,
            None => {}
        }
        if let Some(locale) = self.locale.as_ref().filter(|locale| !locale.is_empty() && locale.len() <= 35) {
            sign_up.locale = Some(locale.clone());
        }
        Refusal::all(refusals).map_or(Ok(()), Err)
    }
}

/// Applies a given field: refused when the attribute is off, cleared when empty.
fn field(
    given: Option<&String>,
    attribute: Attribute,
    param: &'static str,
    apply: impl FnOnce(Option<&str>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let Some(text) = given else { return Ok(()) };
    if !attribute.enabled {
        return if text.is_empty() { Ok(()) } else { Err(Refusal::param(Code::FormParamUnknown, param)) };
    }
    apply(Some(text.as_str()).filter(|text| !text.is_empty()))
}

fn invalid(param: &str) -> Refusal {
    Refusal::param(Code::FormParamFormatInvalid, param)
}

/// A first or last name within its length.
pub(crate) fn name(text: &str, param: &str) -> Result<String, Refusal> {
    if text.chars().count() > NAME_MAX {
        return Err(Refusal::param(Code::FormParamMaxLengthExceeded, param));
    }
    if text.chars().any(char::is_control) {
        return Err(Refusal::param(Code::FormParamFormatInvalid, param));
    }
    Ok(text.trim().to_owned())
}
