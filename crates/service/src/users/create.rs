//! Users made by the application's backend: nothing has to be proved, and a digest made elsewhere is taken as it is.

use super::exists;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::passwords::check_digest;
use crate::second_factors::{ImportedFactors, check_factors};
use crate::service::Service;
use crate::sign_ups::input::name;
use verger_model::identification::{Identification, IdentificationKind, IdentificationStatus, Proof};
use verger_model::metadata::{Metadata, check_size};
use verger_model::user::{Profile, User};
use verger_model::{Code, IdentificationId, Millis, Refusal, Secret, Strategy, UserId, email, phone, username};
use verger_store::{StoreError, StoredPassword, WriteTx};

/// An email address or phone number of a new user.
#[derive(Clone, Debug)]
pub struct NewIdentifier {
    /// The text.
    pub value: String,
    /// Verified unless said otherwise.
    pub status: IdentificationStatus,
}

/// A password, or what is left of one elsewhere.
#[derive(Clone, Debug)]
pub enum NewPassword {
    /// In clear: hashed here.
    Plain(Secret<String>),
    /// A digest of another system.
    Digest {
        /// The digest.
        digest: Secret<String>,
        /// The name of the hasher, as Clerk names them.
        hasher: String,
    },
}

/// A user to make.
#[derive(Clone, Debug, Default)]
pub struct NewUser {
    /// The id in the application's own database.
    pub external_id: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Preferred language.
    pub locale: Option<String>,
    /// Username.
    pub username: Option<String>,
    /// Email addresses; the first is primary.
    pub email_addresses: Vec<NewIdentifier>,
    /// Phone numbers; the first is primary.
    pub phone_numbers: Vec<NewIdentifier>,
    /// The password.
    pub password: Option<NewPassword>,
    /// Take any password.
    pub skip_password_checks: bool,
    /// Let the user be without a password.
    pub skip_password_requirement: bool,
    /// Let the user be without any identifier.
    pub skip_user_requirement: bool,
    /// Let the terms be unaccepted.
    pub skip_legal_checks: bool,
    /// Public metadata.
    pub public_metadata: Option<Metadata>,
    /// Private metadata.
    pub private_metadata: Option<Metadata>,
    /// Unsafe metadata.
    pub unsafe_metadata: Option<Metadata>,
    /// Whether the user may delete the account.
    pub delete_self_enabled: Option<bool>,
    /// Whether the user may create organizations.
    pub create_organization_enabled: Option<bool>,
    /// How many organizations the user may create.
    pub create_organizations_limit: Option<i64>,
    /// When the terms were accepted.
    pub legal_accepted_at: Option<Millis>,
    /// When the user was made, if that was elsewhere and earlier.
    pub created_at: Option<Millis>,
    /// Whether a new device needs no second look.
    pub bypass_client_trust: Option<bool>,
    /// Second factors from elsewhere.
    pub second_factors: ImportedFactors,
    /// Banned from the start.
    pub banned: Option<bool>,
    /// Locked from the start.
    pub locked: Option<bool>,
}

impl Service {
    /// Makes a user.
    ///
    /// # Errors
    /// `form_data_missing`, `form_identifier_exists`, `form_param_format_invalid`, the username and password rules,
    /// `form_password_digest_invalid_code`, `form_param_exceeds_allowed_size`.
    pub async fn create_user(&self, ctx: &Ctx, new: NewUser) -> Result<Profile> {
        let mut user = draft(ctx, &new, UserId::generate(ctx.now, self.entropy()))?;
        let identifications = self.identifiers(ctx, &new, &user)?;
        expect_complete(ctx, &new)?;
        let factors = check_factors(&new.second_factors)?;
        factors.mark(ctx, &mut user);
        let digest = match new.password {
            Some(password) => {
                let known: Vec<&str> = identifications.iter().map(|it| it.value.as_str()).collect();
                Some(self.digest_of(ctx, password, &known, new.skip_password_checks).await?)
            }
            None => None,
        };
        let primary = |kind| identifications.iter().find(|it| it.kind == kind).map(|it| it.id.clone());
        user.primary_email_address_id = primary(IdentificationKind::EmailAddress);
        user.primary_phone_number_id = primary(IdentificationKind::PhoneNumber);
        user.password_last_updated_at = digest.as_ref().map(|_| ctx.now);

        let mut tx = self.store.write().await?;
        tx.users().insert(ctx.instance(), &user).await.map_err(exists)?;
        insert_identifications(ctx, &mut tx, &identifications).await?;
        self.write_factors(ctx, &mut tx, &user, &factors).await?;
        if let Some(digest) = digest {
            tx.passwords().put(ctx.instance(), &user.id, &digest, ctx.now).await?;
        }
        tx.commit().await?;
        Ok(Profile { user, identifications, external_accounts: Vec::new(), passkeys: Vec::new() })
    }

    /// The digest to store for a password that the backend sets.
    pub(super) async fn digest_of(
        &self,
        ctx: &Ctx,
        password: NewPassword,
        identifiers: &[&str],
        skip_checks: bool,
    ) -> Result<StoredPassword> {
        match password {
            NewPassword::Digest { digest, hasher } => check_digest(&hasher, &digest),
            NewPassword::Plain(password) => {
                if !skip_checks {
                    self.expect_allowed(ctx, &password, identifiers, "password").await?;
                }
                self.hashes.hash(password, self.entropy.clone()).await
            }
        }
    }

    fn identifiers(&self, ctx: &Ctx, new: &NewUser, user: &User) -> Result<Vec<Identification>> {
        let emails = new.email_addresses.iter().map(|it| {
            let value = email::normalize(&it.value)
                .ok_or_else(|| Refusal::param(Code::FormParamFormatInvalid, "email_address"));
            value.map(|value| (IdentificationKind::EmailAddress, value, it.status))
        });
        let phones = new.phone_numbers.iter().map(|it| {
            let value =
                phone::normalize(&it.value).ok_or_else(|| Refusal::param(Code::FormParamFormatInvalid, "phone_number"));
            value.map(|value| (IdentificationKind::PhoneNumber, value, it.status))
        });
        let all = emails.chain(phones).collect::<Result<Vec<_>, Refusal>>()?;
        let mut made: Vec<_> = all
            .into_iter()
            .map(|(kind, value, status)| self.administered(ctx, &user.id, kind, value, status))
            .collect();
        // All are of the same moment, so their ids alone keep them in the order in which they were given.
        let mut ids: Vec<_> = made.iter().map(|it| it.id.clone()).collect();
        ids.sort();
        for (identification, id) in made.iter_mut().zip(ids) {
            identification.id = id;
        }
        Ok(made)
    }

    /// An identification as the backend gives it to a user.
    pub(crate) fn administered(
        &self,
        ctx: &Ctx,
        user_id: &UserId,
        kind: IdentificationKind,
        value: String,
        status: IdentificationStatus,
    ) -> Identification {
        let proof = (status == IdentificationStatus::Verified).then_some(Proof {
            strategy: Strategy::Admin,
            attempts: None,
            expire_at: None,
        });
        Identification {
            id: IdentificationId::generate(ctx.now, self.entropy()),
            user_id: user_id.clone(),
            kind,
            value,
            status,
            proof,
            verification_id: None,
            reserved_for_second_factor: false,
            default_second_factor: false,
            created_at: ctx.now,
            updated_at: ctx.now,
        }
    }
}

async fn insert_identifications(ctx: &Ctx, tx: &mut WriteTx, identifications: &[Identification]) -> Result<()> {
    for identification in identifications {
        tx.identifications().insert(ctx.instance(), identification).await.map_err(|err| match err {
            StoreError::Conflict { .. } => {
                Error::from(Refusal::param(Code::FormIdentifierExists, identification.kind.as_str()))
            }
            other => other.into(),
        })?;
    }
    Ok(())
}

fn draft(ctx: &Ctx, new: &NewUser, id: UserId) -> Result<User> {
    let created_at = new.created_at.unwrap_or(ctx.now);
    if created_at > ctx.now {
        return Err(Refusal::param(Code::FormParamValueInvalid, "created_at").into());
    }
    let metadata = |document: &Option<Metadata>, param: &str| -> Result<Metadata, Refusal> {
        let document = document.clone().unwrap_or_default();
        check_size(&document, param).map(|()| document)
    };
    let lockout = &ctx.tenant.instance.settings.attack_protection.lockout;
    let locked_until = ctx.now + Millis::from_mins(lockout.duration_in_minutes);
    Ok(User {
        external_id: new.external_id.clone().filter(|text| !text.is_empty()),
        username: new.username.as_deref().filter(|text| !text.is_empty()).map(checked_username).transpose()?,
        first_name: new
            .first_name
            .as_deref()
            .map(|text| name(text, "first_name"))
            .transpose()?
            .filter(|text| !text.is_empty()),
        last_name: new
            .last_name
            .as_deref()
            .map(|text| name(text, "last_name"))
            .transpose()?
            .filter(|text| !text.is_empty()),
        locale: new.locale.clone(),
        public_metadata: metadata(&new.public_metadata, "public_metadata")?,
        private_metadata: metadata(&new.private_metadata, "private_metadata")?,
        unsafe_metadata: metadata(&new.unsafe_metadata, "unsafe_metadata")?,
        delete_self_enabled: new.delete_self_enabled.unwrap_or(ctx.tenant.instance.settings.actions.delete_self),
        create_organization_enabled: new.create_organization_enabled.unwrap_or(true),
        create_organizations_limit: new.create_organizations_limit,
        legal_accepted_at: new.legal_accepted_at,
        bypass_client_trust: new.bypass_client_trust.unwrap_or_default(),
        banned: new.banned.unwrap_or_default(),
        locked_until: new.locked.unwrap_or_default().then_some(locked_until),
        created_at,
        ..User::new(id, ctx.now)
    })
}

/// A username as it is written, if it may be one.
pub(super) fn checked_username(text: &str) -> Result<String, Refusal> {
    username::normalize(text).map(|_| text.to_owned()).map_err(|code| Refusal::param(code, "username"))
}

/// Refuses a user who lacks what the instance requires; all of it is named at once.
fn expect_complete(ctx: &Ctx, new: &NewUser) -> Result<()> {
    let a = &ctx.tenant.instance.settings.attributes;
    let mut missing = Vec::new();
    if !new.skip_user_requirement {
        let identifiers = [
            (a.email_address, new.email_addresses.is_empty(), "email_address"),
            (a.phone_number.attribute(), new.phone_numbers.is_empty(), "phone_number"),
            (a.username, new.username.as_deref().unwrap_or_default().is_empty(), "username"),
        ];
        missing.extend(
            identifiers.into_iter().filter(|(at, absent, _)| at.enabled && at.required && *absent).map(|it| it.2),
        );
    }
    if a.password.enabled && a.password.required && new.password.is_none() && !new.skip_password_requirement {
        missing.push("password");
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(Code::FormDataMissing).with("param_names", missing).into())
}
