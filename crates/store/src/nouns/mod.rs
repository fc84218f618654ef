//! The nouns: one module per table, its statements and its private rows.

mod access_identifiers;
mod actor_tokens;
mod applications;
mod backup_codes;
mod captchas;
mod clients;
mod data_keys;
mod dev_browsers;
mod external_accounts;
mod handshakes;
mod housekeeping;
mod identifications;
mod inbox;
mod instances;
mod invitations;
mod jobs;
mod oauth_flows;
mod passkeys;
mod passwords;
mod reverifications;
mod secret_keys;
mod sessions;
mod sign_in_tokens;
mod sign_ins;
mod sign_ups;
mod signing_keys;
mod sms_inbox;
mod testing_tokens;
mod totps;
mod users;
mod verifications;
mod visits;
mod waitlist_entries;

pub use access_identifiers::AccessIdentifiers;
pub use actor_tokens::ActorTokens;
pub use applications::Applications;
pub use backup_codes::BackupCodes;
pub use captchas::Captchas;
pub use clients::Clients;
pub use data_keys::{DataKeys, StoredDataKey};
pub use dev_browsers::DevBrowsers;
pub use external_accounts::ExternalAccounts;
pub use handshakes::{Handshakes, StoredHandshake};
pub use housekeeping::Housekeeping;
pub use identifications::Identifications;
pub use inbox::Inbox;
pub use instances::Instances;
pub use invitations::{InvitationFilter, Invitations};
pub use jobs::{Job, Jobs, NewJob};
pub use oauth_flows::OAuthFlows;
pub use passkeys::Passkeys;
pub use passwords::{Passwords, StoredPassword};
pub use reverifications::Reverifications;
pub use secret_keys::SecretKeys;
pub use sessions::{SessionEnds, SessionFilter, Sessions};
pub use sign_in_tokens::SignInTokens;
pub use sign_ins::SignIns;
pub use sign_ups::SignUps;
pub use signing_keys::{SigningKeys, StoredSigningKey};
pub use sms_inbox::SmsInbox;
pub use testing_tokens::TestingTokens;
pub use totps::Totps;
pub use users::{IdFilter, UserFilter, UserOrder, Users};
pub use verifications::Verifications;
pub use visits::{Visit, Visits};
pub use waitlist_entries::{WaitlistEntries, WaitlistFilter, WaitlistOrder};

use std::str::FromStr;

use crate::sql::{Conn, Read, Write};
use crate::{Reader, StoreError, WriteTx};

/// Declares the types of the nouns and how readers and writes give them out.
macro_rules! nouns {
    ($($(#[$doc:meta])* $module:ident: $Noun:ident => $accessor:ident;)*) => {
        $(impl<'a, A> $module::$Noun<'a, A> {
            pub(crate) fn over(conn: Conn<'a, A>) -> Self {
                Self { conn }
            }
        })*

        impl Reader {
            $($(#[$doc])*
            pub fn $accessor(&mut self) -> $module::$Noun<'_, Read> {
                $module::$Noun::over(self.conn())
            })*
        }

        impl WriteTx {
            $($(#[$doc])*
            pub fn $accessor(&mut self) -> $module::$Noun<'_, Write> {
                $module::$Noun::over(self.conn())
            })*
        }
    };
}

nouns! {
    /// Applications.
    applications: Applications => applications;
    /// Instances.
    instances: Instances => instances;
    /// The keys that sign session tokens.
    signing_keys: SigningKeys => signing_keys;
    /// The keys that seal secrets.
    data_keys: DataKeys => data_keys;
    /// The keys of backends.
    secret_keys: SecretKeys => secret_keys;
    /// Users.
    users: Users => users;
    /// Password digests of users.
    passwords: Passwords => passwords;
    /// Email addresses and phone numbers.
    identifications: Identifications => identifications;
    /// The waitlist.
    waitlist_entries: WaitlistEntries => waitlist_entries;
    /// Invitations to the application.
    invitations: Invitations => invitations;
    /// Allowlist and blocklist.
    access_identifiers: AccessIdentifiers => access_identifiers;
    /// Browsers and devices.
    clients: Clients => clients;
    /// Sessions.
    sessions: Sessions => sessions;
    /// Reverifications of sessions.
    reverifications: Reverifications => reverifications;
    /// Sign-in attempts.
    sign_ins: SignIns => sign_ins;
    /// Sign-up attempts.
    sign_ups: SignUps => sign_ups;
    /// Challenges.
    verifications: Verifications => verifications;
    /// Who is behind what a browser presents.
    visits: Visits => visits;
    /// Development browsers.
    dev_browsers: DevBrowsers => dev_browsers;
    /// Handshakes that wait to be fetched.
    handshakes: Handshakes => handshakes;
    /// Sign-in tokens.
    sign_in_tokens: SignInTokens => sign_in_tokens;
    /// Actor tokens.
    actor_tokens: ActorTokens => actor_tokens;
    /// Authenticator apps.
    totps: Totps => totps;
    /// Backup codes.
    backup_codes: BackupCodes => backup_codes;
    /// Accounts of users at other providers.
    external_accounts: ExternalAccounts => external_accounts;
    /// Detours to other providers.
    oauth_flows: OAuthFlows => oauth_flows;
    /// Passkeys.
    passkeys: Passkeys => passkeys;
    /// Testing tokens.
    testing_tokens: TestingTokens => testing_tokens;
    /// What bot protection has to remember.
    captchas: Captchas => captchas;
    /// The queue of things to do after a commit.
    jobs: Jobs => jobs;
    /// Mails kept for the development inbox.
    inbox: Inbox => inbox;
    /// Messages to phones kept for the development inbox.
    sms_inbox: SmsInbox => sms_inbox;
    /// What has run out.
    housekeeping: Housekeeping => housekeeping;
}

/// Reads a stored id or word that parses.
fn parsed<T: FromStr>(table: &'static str, row: &str, text: &str) -> Result<T, StoreError>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error| StoreError::corrupt(table, row, format!("{text:?}: {error}")))
}

/// Reads an optional stored id or word.
fn parsed_if<T: FromStr>(table: &'static str, row: &str, text: Option<&str>) -> Result<Option<T>, StoreError>
where
    T::Err: std::fmt::Display,
{
    text.map(|text| parsed(table, row, text)).transpose()
}

/// Reads a stored word of a closed set.
fn word<T>(table: &'static str, row: &str, text: &str, parse: fn(&str) -> Option<T>) -> Result<T, StoreError> {
    parse(text).ok_or_else(|| StoreError::corrupt(table, row, format!("unknown word {text:?}")))
}

/// Reads a stored JSON document.
fn document<T: serde::de::DeserializeOwned>(table: &'static str, row: &str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::corrupt(table, row, error.to_string()))
}

/// Writes a JSON document.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("the model's documents have text keys and finite numbers")
}

/// Turns the 0 rows of a guarded change into `Stale`.
fn guarded(changed: u64) -> Result<(), StoreError> {
    if changed == 0 { Err(StoreError::Stale) } else { Ok(()) }
}

/// Reads rows into model types.
fn models<R, T>(rows: Vec<R>) -> Result<Vec<T>, StoreError>
where
    T: TryFrom<R, Error = StoreError>,
{
    rows.into_iter().map(T::try_from).collect()
}

/// Reads a row, if there is one, into its model type.
fn model<R, T>(row: Option<R>) -> Result<Option<T>, StoreError>
where
    T: TryFrom<R, Error = StoreError>,
{
    row.map(T::try_from).transpose()
}
