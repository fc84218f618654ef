//! Frontend API bodies: what clerk-js writes, read strictly. A handler takes the fields it knows one by one; everything that is
//! wrong is noted and answered together by [`Form::finish`].

use crate::body::read_body;
use crate::failure::Failure;
use crate::state::AppState;
use axum::extract::{FromRequest, Request};
use verger_model::metadata::Metadata;
use verger_model::{Code, Patch, Refusal, Secret};

/// The largest form, in bytes.
pub const FORM_LIMIT: usize = 64 * 1024;
const MEDIA: &str = "application/x-www-form-urlencoded";

/// Attributes that only the application's backend sets: refused wherever a form does not take them. Any other unknown name is
/// ignored, because SDKs add parameters between releases.
const BACKEND_ONLY: [&str; 16] = [
    "public_metadata",
    "private_metadata",
    "unsafe_metadata",
    "external_id",
    "banned",
    "locked",
    "password_digest",
    "password_hasher",
    "created_at",
    "updated_at",
    "legal_accepted_at",
    "delete_self_enabled",
    "create_organization_enabled",
    "create_organizations_limit",
    "bypass_client_trust",
    "skip_password_checks",
];

/// The fields of a form that are not taken yet, and what was wrong with those that are.
pub struct Form {
    fields: Vec<(String, Field)>,
    refusals: Vec<Refusal>,
    state: Option<AppState>,
}

enum Field {
    Text(String),
    /// Not UTF-8, or with a NUL that no database column takes.
    Unreadable,
}

impl FromRequest<AppState> for Form {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let bytes = read_body(&parts.headers, body, MEDIA, FORM_LIMIT).await?;
        Ok(Self { state: Some(state.clone()), ..Self::parse(&bytes)? })
    }
}

impl Form {
    /// Reads an encoded body.
    ///
    /// # Errors
    /// `malformed_request_parameters` for a broken percent escape or a field name that is no text.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let mut fields = Vec::new();
        for pair in bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let equals = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let (name, value) = (&pair[..equals], pair.get(equals + 1..).unwrap_or_default());
            let Field::Text(name) = decode(name)? else { return Err(Code::MalformedRequestParameters.into()) };
            fields.push((name, decode(value)?));
        }
        Ok(Self { fields, refusals: Vec::new(), state: None })
    }

    /// Notes something wrong about a field.
    pub fn refuse(&mut self, code: Code, name: &str) {
        self.refusals.push(Refusal::param(code, name));
    }

    /// Refuses a field that is an attribute of ours and cannot be given here.
    pub fn forbid(&mut self, name: &str) {
        let before = self.fields.len();
        self.fields.retain(|(key, _)| key != name);
        if self.fields.len() < before {
            self.refuse(Code::FormParamUnknown, name);
        }
    }

    /// A text; given but empty is `Some("")`.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let at = self.fields.iter().position(|(key, _)| key == name)?;
        let (_, field) = self.fields.swap_remove(at);
        let before = self.fields.len();
        self.fields.retain(|(key, _)| key != name);
        if self.fields.len() < before {
            self.refuse(Code::FormParamDuplicate, name);
            return None;
        }
        match field {
            Field::Text(text) => Some(text),
            Field::Unreadable => {
                self.refuse(Code::FormParamValueInvalid, name);
                None
            }
        }
    }

    /// A list: a field that is repeated, or none. What is unreadable is noted.
    pub fn texts(&mut self, name: &str) -> Vec<String> {
        let (found, rest) = std::mem::take(&mut self.fields).into_iter().partition(|(key, _)| key == name);
        self.fields = rest;
        let found: Vec<(String, Field)> = found;
        let mut texts = Vec::with_capacity(found.len());
        for (_, field) in found {
            match field {
                Field::Text(text) => texts.extend(Some(text).filter(|text| !text.is_empty())),
                Field::Unreadable => self.refuse(Code::FormParamValueInvalid, name),
            }
        }
        texts
    }

    /// A text that must be given and not empty; empty when it is not, which is noted.
    pub fn required(&mut self, name: &str) -> String {
        let noted = self.refusals.len();
        match self.text(name) {
            Some(text) if text.is_empty() => self.refuse(Code::FormParamNil, name),
            Some(text) => return text,
            None if self.refusals.len() == noted => self.refuse(Code::FormParamMissing, name),
            None => {}
        }
        String::new()
    }

    /// A secret.
    pub fn secret(&mut self, name: &str) -> Option<Secret<String>> {
        self.text(name).map(Secret::new)
    }

    /// `true` or `false`; empty counts as left out.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        match self.text(name)?.as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            "" => None,
            _ => {
                self.refuse(Code::FormParamTypeInvalid, name);
                None
            }
        }
    }

    /// A JSON object, which clerk-js writes as text into one field; empty counts as left out.
    pub fn object(&mut self, name: &str) -> Option<Metadata> {
        let text = self.text(name)?;
        if text.is_empty() {
            return None;
        }
        let object = serde_json::from_str(&text).ok();
        if object.is_none() {
            self.refuse(Code::FormParamFormatInvalid, name);
        }
        object
    }

    /// A JSON object that must be given; empty when it is not, which is noted.
    pub fn required_object(&mut self, name: &str) -> Metadata {
        let noted = self.refusals.len();
        let object = self.object(name);
        if object.is_none() && self.refusals.len() == noted {
            self.refuse(Code::FormParamMissing, name);
        }
        object.unwrap_or_default()
    }

    /// A text of a PATCH: left out, cleared (empty), or set.
    pub fn patch(&mut self, name: &str) -> Patch<String> {
        match self.text(name) {
            None => Patch::Keep,
            Some(text) if text.is_empty() => Patch::Clear,
            Some(text) => Patch::Set(text),
        }
    }

    /// Everything that was wrong. What nobody took is refused when it is the backend's to set, and counted otherwise.
    ///
    /// # Errors
    /// The refusals in the order in which they were noted.
    pub fn finish(mut self) -> Result<(), Refusal> {
        let (ours, unknown): (Vec<_>, Vec<_>) =
            self.fields.iter().partition(|(name, _)| BACKEND_ONLY.contains(&name.as_str()));
        if let Some(state) = self.state.as_ref().filter(|_| !unknown.is_empty()) {
            state.count_ignored_params(unknown.len() as u64);
        }
        self.refusals.extend(ours.iter().map(|(name, _)| Refusal::param(Code::FormParamUnknown, name)));
        Refusal::all(self.refusals).map_or(Ok(()), Err)
    }
}

/// Decodes one name or value.
fn decode(encoded: &[u8]) -> Result<Field, Refusal> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut at = 0;
    while let Some(&byte) = encoded.get(at) {
        let (decoded, length) = match byte {
            b'+' => (b' ', 1),
            b'%' => (escaped(encoded, at).ok_or(Code::MalformedRequestParameters)?, 3),
            other => (other, 1),
        };
        bytes.push(decoded);
        at += length;
    }
    match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Ok(Field::Text(text)),
        _ => Ok(Field::Unreadable),
    }
}

/// The byte that the escape at this place stands for.
fn escaped(encoded: &[u8], at: usize) -> Option<u8> {
    let digit = |offset: usize| char::from(*encoded.get(at + offset)?).to_digit(16);
    u8::try_from(digit(1)? * 16 + digit(2)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(body: &str) -> Form {
        Form::parse(body.as_bytes()).unwrap()
    }

    fn codes(form: Form) -> Vec<Code> {
        form.finish().err().map_or(Vec::new(), |refusal| refusal.items().map(|item| item.code).collect())
    }

    #[test]
    fn fields_are_read_as_clerk_js_writes_them() {
        let mut form =
            form("first_name=J%C3%BCrgen+X&last_name=&legal_accepted=true&unsafe_metadata=%7B%22a%22%3A1%7D");
        assert_eq!(form.text("first_name").as_deref(), Some("Jürgen X"));
        assert_eq!(form.patch("last_name"), Patch::Clear);
        assert_eq!(form.flag("legal_accepted"), Some(true));
        assert_eq!(form.object("unsafe_metadata").map(|object| object.len()), Some(1));
        assert_eq!(form.patch("username"), Patch::Keep);
        assert_eq!(form.finish(), Ok(()));
    }

    #[test]
    fn a_scalar_given_twice_is_refused() {
        let mut form = form("password=a&password=b");
        assert!(form.secret("password").is_none());
        assert_eq!(codes(form), [Code::FormParamDuplicate]);
    }

    #[test]
    fn a_broken_escape_is_malformed() {
        for body in ["identifier=%zz", "identifier=%4", "%=a", "a=%", "%ff=a"] {
            assert!(Form::parse(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn what_is_no_text_is_refused_by_name() {
        for body in ["first_name=%ff%fe", "first_name=a%00b"] {
            let mut form = form(body);
            form.text("first_name");
            assert_eq!(codes(form), [Code::FormParamValueInvalid], "{body}");
        }
    }

    #[test]
    fn the_backends_attributes_are_refused_and_other_unknown_names_ignored() {
        assert_eq!(codes(form("public_metadata=%7B%7D&timezone=UTC&tab_state=x")), [Code::FormParamUnknown]);
        assert_eq!(codes(form("timezone=UTC&timezone=x")), []);
    }

    #[test]
    fn a_needed_field_is_there_and_not_empty() {
        let mut form = form("code=");
        form.required("strategy");
        form.required("code");
        assert_eq!(codes(form), [Code::FormParamMissing, Code::FormParamNil]);
    }

    #[test]
    fn wrong_types_are_refused() {
        let mut form = form("transfer=maybe&unsafe_metadata=%5B1%5D");
        form.flag("transfer");
        form.object("unsafe_metadata");
        assert_eq!(codes(form), [Code::FormParamTypeInvalid, Code::FormParamFormatInvalid]);
    }
}
