//! What people and browsers fetch beside the APIs: the Account Portal (small shells around Clerk's own components), the bundles
//! under `/npm`, the landing page and the inbox of development instances. Decides nothing about users: the components
//! call the Frontend API like any app does.

pub mod env_block;
mod inbox;
mod island;
mod npm;
mod pages;
mod router;
mod security;
mod test_provider;

pub use router::{InboxAccess, router};
