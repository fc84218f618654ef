//! What the tests of every room share: fakes, builders, throwaway databases and the check against the specifications.

mod answer;
mod authenticator;
mod backend;
mod browser;
mod clock;
mod entropy;
mod flows;
mod jar;
mod leaks;
mod mailer;
mod oidc;
pub mod postgres;
mod server;
mod sms;
pub mod spec;
pub mod tls;

pub use answer::Answer;
pub use authenticator::Authenticator;
pub use backend::Backend;
pub use browser::{Browser, Fields};
pub use clock::FakeClock;
pub use entropy::SeededEntropy;
pub use flows::{PASSWORD, prove_work, totp_code};
pub use jar::Jar;
pub use leaks::{Broken, LeakServer};
pub use mailer::RecordingMailer;
pub use oidc::{CLIENT_SECRET, OidcServer};
pub use server::{APP, DOMAIN, TestServer};
pub use sms::RecordingSmsSender;
