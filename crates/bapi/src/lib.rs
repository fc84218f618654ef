//! The Backend API: what an application's own server calls with its secret key. Handlers decode, call the service, and answer;
//! who is asking and how errors look is `verger-http`'s business. JSON in and out, strict about unknown members.

mod access_identifiers;
mod actor_tokens;
mod answer;
mod body;
mod caller;
mod clients;
mod email_addresses;
mod fields;
mod invitations;
mod jwks;
mod phone_numbers;
mod query;
mod rfc3339;
mod router;
mod sessions;
mod sign_in_tokens;
mod strict_json;
mod testing_tokens;
mod users;
mod waitlist_entries;

pub use router::{ROUTES, router};
