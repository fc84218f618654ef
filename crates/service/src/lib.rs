//! Every use case of Verger, once: what a sign-up is, who may reset a password, which redirect is allowed. Doors (`fapi`, `bapi`,
//! `portal`, the command line) decode, call in here, and respond. Writes go read, think, write: hashing, signing and mail
//! happen outside the one short transaction of a command.

mod actor_tokens;
mod applications;
mod bot_protection;
mod clients;
mod ctx;
mod dev_browsers;
mod email_links;
mod enumeration;
mod error;
mod handshakes;
mod invitations;
mod jobs;
mod mails;
mod oauth;
mod passkeys;
mod passwords;
mod phone_numbers;
mod rate_limits;
mod redirects;
mod restrictions;
mod reverifications;
mod second_factors;
mod service;
mod sessions;
mod sign_in_tokens;
mod sign_ins;
mod sign_ups;
mod sms;
mod tenants;
mod test_provider;
mod testing_tokens;
mod tokens;
mod users;
mod verifications;
mod visitors;
mod waitlist;
mod ways_in;

pub use actor_tokens::NewActorToken;
pub use applications::{CreatedApplication, Credentials, NewApplication};
pub use bot_protection::CaptchaAnswer;
pub use clients::{ClientState, CookieChange, LiveSession, Outcome, SignInState, SignUpState};
pub use ctx::{Ctx, RequestInfo};
pub use email_links::OpenedLink;
pub use error::{Error, Fault, FaultKind, Result};
pub use handshakes::{HandshakeReply, HandshakeRequest};
pub use invitations::NewInvitation;
pub use oauth::{ConnectAccount, ConnectingAccount, OAuthLanding, OAuthRedirects, OAuthReturn};
pub use passkeys::PasskeyState;
pub use passwords::HashWork;
pub use phone_numbers::{MyPhoneNumber, MyPhoneNumberPatch, NewPhoneNumber, PhoneNumberPatch};
pub use reverifications::ReverificationState;
pub use second_factors::{EnrolledTotp, ImportedFactors, NewBackupCodes, SecondFactorProof};
pub use service::{Parts, Service};
pub use sessions::Touch;
pub use sign_in_tokens::NewSignInToken;
pub use sign_ins::{FactorAnswer, PrepareFactor, ResetPassword, SignInInput};
pub use sign_ups::SignUpInput;
pub use tenants::Tenant;
pub use test_provider::{TestAuthorization, TestPerson};
pub use users::{
    ChangePassword, EmailAddressPatch, MePatch, MetadataPatch, NewEmailAddress, NewIdentifier, NewPassword, NewUser,
    UserPatch,
};
pub use verger_store::{InvitationFilter, SessionFilter, UserFilter, UserOrder, WaitlistFilter, WaitlistOrder};
pub use verifications::PrepareVerification;
pub use visitors::{Presented, Visitor};
