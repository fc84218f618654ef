//! Clerk's JSON shapes as the Frontend and Backend APIs speak them, and the claims of the tokens that go with them. Structs
//! and serde only: no rule, no IO, no other crate of this workspace. Shared with whoever calls the server.
//!
//! Times are Unix milliseconds unless a field says seconds. `Option` fields are written as `null` when empty unless the field
//! says that it is left out; unknown fields are ignored when read.

mod account_portal;
mod client;
mod dev_browser;
mod envelope;
pub mod environment;
mod error;
mod external_account;
mod identification;
mod invitation;
mod native_app;
mod passkey;
mod ready;
mod restriction;
mod second_factor;
mod session;
mod sign_in;
mod sign_up;
mod token;
mod user;
mod verification;
mod waitlist;
mod well_known;

pub use account_portal::{AccountPortal, PortalCustomization};
pub use client::{BapiClient, Client};
pub use dev_browser::DevBrowser;
pub use envelope::{Deleted, Envelope, Health, Paginated, PasswordVerified, TotalCount};
pub use environment::Environment;
pub use error::{ErrorItem, Errors};
pub use external_account::{ExternalAccount, OAuthAccessToken};
pub use identification::{EmailAddress, IdentificationLink, PhoneNumber};
pub use invitation::Invitation;
pub use native_app::{AppleAppSiteAssociation, AppleApps, AssetLink, AssetLinkTarget};
pub use passkey::Passkey;
pub use ready::Ready;
pub use restriction::AccessIdentifier;
pub use second_factor::{BackupCodes, Totp, TotpVerified, UserReference};
pub use session::{
    BapiSession, PublicUserData, Session, SessionActivity, SessionReverification, SessionTask, SessionWithActivity,
};
pub use sign_in::{FirstFactor, SignIn, UserData};
pub use sign_up::{SignUp, SignUpVerification, SignUpVerifications};
pub use token::{
    ActorToken, Cookies, HandshakeClaims, HandshakePayload, SessionClaims, SignInToken, TestingToken, Token,
};
pub use user::{BapiUser, User};
pub use verification::Verification;
pub use waitlist::{WaitlistEntry, WaitlistPlace};
pub use well_known::OpenIdConfiguration;

/// A word of Clerk's vocabulary: borrowed where the server writes it, owned where a client read it.
pub type Word = std::borrow::Cow<'static, str>;

/// A JSON object of any content.
pub type Object = serde_json::Map<String, serde_json::Value>;
