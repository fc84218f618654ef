//! Email addresses and phone numbers.

use crate::verification::of_identification;
use crate::{Lens, strategy_word, word};
use verger_model::external_account::ExternalAccount;
use verger_model::identification::{Identification, IdentificationStatus};
use verger_model::{Secret, Strategy};
use verger_wire as wire;

/// An identification that is an email address.
pub fn email_address(
    lens: Lens<'_>,
    identification: &Identification,
    elsewhere: &[ExternalAccount],
) -> wire::EmailAddress {
    wire::EmailAddress {
        id: identification.id.to_string(),
        object: word("email_address"),
        email_address: identification.value.clone(),
        reserved: identification.status == IdentificationStatus::Reserved,
        verification: of_identification(lens, identification),
        linked_to: links(identification, elsewhere),
        matches_sso_connection: false,
        created_at: identification.created_at.0,
        updated_at: identification.updated_at.0,
    }
}

/// An identification that is a phone number.
pub fn phone_number(lens: Lens<'_>, identification: &Identification) -> wire::PhoneNumber {
    wire::PhoneNumber {
        id: identification.id.to_string(),
        object: word("phone_number"),
        phone_number: identification.value.clone(),
        reserved_for_second_factor: identification.reserved_for_second_factor,
        default_second_factor: identification.default_second_factor,
        reserved: identification.status == IdentificationStatus::Reserved,
        verification: of_identification(lens, identification),
        linked_to: Vec::new(),
        backup_codes: None,
        created_at: identification.created_at.0,
        updated_at: identification.updated_at.0,
    }
}

/// The accounts elsewhere that go by this address.
fn links(identification: &Identification, elsewhere: &[ExternalAccount]) -> Vec<wire::IdentificationLink> {
    let same = |it: &&ExternalAccount| it.verified && it.identity.email_address.as_ref() == Some(&identification.value);
    let link = |it: &ExternalAccount| wire::IdentificationLink {
        kind: strategy_word(Strategy::OAuth(it.provider)),
        id: it.id.to_string(),
    };
    elsewhere.iter().filter(same).map(link).collect()
}

/// The same, with the backup codes that were made when it became the first second factor.
pub fn phone_number_with_codes(
    lens: Lens<'_>,
    identification: &Identification,
    codes: Option<&[Secret<String>]>,
) -> wire::PhoneNumber {
    let backup_codes = codes.map(|codes| codes.iter().map(|code| code.expose().clone()).collect());
    wire::PhoneNumber { backup_codes, ..phone_number(lens, identification) }
}
