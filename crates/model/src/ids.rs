//! Typed ids: a prefix and a 27-character millisecond KSUID, the look of Clerk's own ids.
//! Ids break ties; they are not an order (paging goes by `(created_at, id)`).

use crate::{Entropy, Millis};
use std::fmt;
use std::str::FromStr;
use svix_ksuid::{KsuidLike, KsuidMs};

/// A text that is not an id of the wanted kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id with prefix {prefix}_")]
pub struct InvalidId {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

/// Seconds between the Unix epoch and the epoch of KSUIDs.
const KSUID_EPOCH_SECS: i64 = 1_400_000_000;

fn ksuid(now: Millis, entropy: &dyn Entropy) -> String {
    let mut bytes = [0u8; 20];
    entropy.fill(&mut bytes[5..]);
    let secs = u32::try_from(now.secs() - KSUID_EPOCH_SECS).unwrap_or_default();
    bytes[..4].copy_from_slice(&secs.to_be_bytes());
    // The fifth byte counts steps of four milliseconds: svix's millisecond variant of the format.
    bytes[4] = u8::try_from(now.0.rem_euclid(1000) / 4).unwrap_or_default();
    KsuidMs::from_bytes(bytes).to_base62()
}

fn is_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .is_some_and(|rest| !rest.is_empty() && rest.len() <= 64 && rest.bytes().all(|b| b.is_ascii_alphanumeric()))
}

macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The part before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A new id made at `now`.
            pub fn generate(now: Millis, entropy: &dyn Entropy) -> Self {
                Self(format!("{}_{}", $prefix, ksuid(now, entropy)))
            }

            /// The whole text, prefix included.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if is_id(text, $prefix) { Ok(Self(text.to_owned())) } else { Err(InvalidId { prefix: $prefix }) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*};
}

typed_id! {
    /// An application: what a team builds; it has a development and a production instance.
    ApplicationId = "app";
    /// An instance: the tenant key of every row.
    InstanceId = "ins";
    /// A user.
    UserId = "user";
    /// An email address or phone number of a user.
    IdentificationId = "idn";
    /// A browser or device.
    ClientId = "client";
    /// A session of one user on one client.
    SessionId = "sess";
    /// A sign-in attempt.
    SignInId = "sia";
    /// A sign-up attempt.
    SignUpId = "sua";
    /// One challenge: a code that was sent, a password that was asked for.
    VerificationId = "ver";
    /// An account at another provider.
    ExternalAccountId = "eac";
    /// A development browser.
    DevBrowserId = "dvb";
    /// An authenticator app of a user.
    TotpId = "totp";
    /// A set of backup codes of a user.
    BackupCodeId = "bc";
    /// An entry of the waitlist.
    WaitlistEntryId = "wle";
    /// An invitation to the application.
    InvitationId = "inv";
    /// A passkey of a user.
    PasskeyId = "passkey";
    /// An entry of an allowlist or blocklist.
    AccessIdentifierId = "acid";
    /// A sign-in token made by the Backend API.
    SignInTokenId = "sit";
    /// An actor token made by the Backend API.
    ActorTokenId = "act";
    /// A testing token.
    TestingTokenId = "tst";
    /// A secret key of an instance.
    SecretKeyId = "key";
    /// A data key that seals secrets at rest.
    DataKeyId = "dek";
    /// A queued job.
    JobId = "job";
    /// A mail in the development inbox, or sent.
    EmailId = "ema";
    /// A message to a phone, in the development inbox or sent.
    SmsMessageId = "sms";
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Zeros;

    impl Entropy for Zeros {
        fn fill(&self, buf: &mut [u8]) {
            buf.fill(0);
        }
    }

    #[test]
    fn an_id_has_a_prefix_and_27_characters() {
        let id = UserId::generate(Millis(1_795_316_216_473), &Zeros);
        assert_eq!(id.as_str().len(), "user_".len() + 27);
        assert_eq!(id.as_str().parse::<UserId>(), Ok(id.clone()));
    }

    #[test]
    fn ids_made_later_sort_later() {
        let early = UserId::generate(Millis(1_795_316_216_473), &Zeros);
        let late = UserId::generate(Millis(1_795_316_216_477), &Zeros);
        assert!(early < late);
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        assert!("sess_2abc".parse::<UserId>().is_err());
        assert!("user_".parse::<UserId>().is_err());
        assert!("user_../x".parse::<UserId>().is_err());
    }
}
