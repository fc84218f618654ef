//! Laws of the outbound room, against a server on the loopback.

mod http_sink;
mod leaks;
mod sms;
mod smtp;
mod smtp_sink;
mod smtp_tls;
