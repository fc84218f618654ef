//! The Frontend API: what browsers call. Handlers decode, call the service, and respond; the folders follow the URLs. Nothing is
//! decided here.

mod account_portal;
mod answer;
mod avatars;
mod captcha;
mod clear_site_data;
mod client;
mod dev_browser;
mod environment;
mod health;
mod me;
mod oauth;
mod proxy_health;
mod router;
mod tickets;
mod verify;
mod waitlist;
mod well_known;

pub use router::{ROUTES, router};
