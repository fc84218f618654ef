//! The Frontend API as browsers see it: both routers over a database in memory.

mod client;
mod email_addresses;
mod email_links;
mod external_accounts;
mod handshake;
mod invitations;
mod me;
mod nul;
mod oauth;
mod oauth_refusals;
mod parallel;
mod pictures;
mod remove_password;
mod restrictions;
mod reverification;
mod routes;
mod same_work;
mod second_factors;
mod sessions;
mod sign_in;
mod sign_in_refusals;
mod sign_up;
mod sign_up_refusals;
mod tenants;
mod transport;
