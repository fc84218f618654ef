//! The Frontend API: what browsers call. Handlers decode, call the service, and respond; the folders follow the URLs. Nothing is
//! decided here.

mod answer;
mod avatars;
mod client;
mod dev_browser;
mod environment;
mod health;
mod me;
mod oauth;
mod router;
mod tickets;
mod verify;
mod waitlist;
mod well_known;

pub use router::{ROUTES, router};
