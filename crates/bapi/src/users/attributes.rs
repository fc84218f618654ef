//! The members that creating and updating a user have in common.

use crate::fields::Fields;
use std::ops::RangeInclusive;
use verger_model::Code;
use verger_service::{ImportedFactors, NewPassword};

/// How many organizations a user may create; 0 means no limit.
pub(super) const ORGANIZATIONS_LIMIT: RangeInclusive<i64> = 0..=i32::MAX as i64;

/// What belongs to features that no user can have yet: taken when it says nothing, otherwise left over and refused.
pub(super) fn take_unsupported(fields: &mut Fields, names: &[&str]) {
    for name in names {
        fields.ignore_if_empty(name);
    }
}

/// Second factors that the user has already.
pub(super) fn take_factors(fields: &mut Fields) -> ImportedFactors {
    ImportedFactors { totp_secret: fields.secret("totp_secret"), backup_codes: fields.texts("backup_codes") }
}

/// A password in clear, or the digest that another system made of one; not both.
pub(super) fn take_password(fields: &mut Fields) -> Option<NewPassword> {
    let plain = fields.secret("password");
    let digest = fields.secret("password_digest");
    let hasher = fields.text("password_hasher");
    match (plain, digest, hasher) {
        (Some(_), Some(_), _) => {
            fields.refuse(Code::FormConditionalParamDisallowed, "password");
            None
        }
        (Some(plain), None, None) => Some(NewPassword::Plain(plain)),
        (None, Some(digest), Some(hasher)) => Some(NewPassword::Digest { digest, hasher }),
        (None, Some(_), None) => {
            fields.refuse(Code::FormConditionalParamMissing, "password_hasher");
            None
        }
        (_, None, Some(_)) => {
            fields.refuse(Code::FormConditionalParamMissing, "password_digest");
            None
        }
        (None, None, None) => None,
    }
}
