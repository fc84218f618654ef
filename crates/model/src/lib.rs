//! The nouns of Verger and their pure transitions: ids, time, users, sessions, sign-in and sign-up attempts, settings, and
//! the catalogue of refusals. No IO, no async, no clock of its own: `now` and randomness come in as arguments.

pub mod address;
pub mod api_version;
pub mod channel;
pub mod client;
pub mod dev_browser;
pub mod email;
pub mod entropy;
pub mod external_account;
pub mod identification;
pub mod ids;
pub mod instance;
pub mod invitation;
pub mod mail;
pub mod metadata;
pub mod passkey;
pub mod patch;
pub mod phone;
pub mod provider;
pub mod refusal;
pub mod restriction;
pub mod reverification;
pub mod second_factor;
pub mod secret;
pub mod session;
pub mod settings;
pub mod sign_in;
pub mod sign_up;
pub mod sms;
pub mod strategy;
pub mod ticket;
pub mod time;
pub mod user;
pub mod username;
pub mod verification;
pub mod waitlist;

pub use api_version::ApiVersion;
pub use channel::Channel;
pub use entropy::Entropy;
pub use ids::*;
pub use patch::Patch;
pub use provider::Provider;
pub use refusal::{Code, Refusal};
pub use secret::Secret;
pub use strategy::Strategy;
pub use time::{Clock, Millis};
