//! Laws of the outbound room, against a server on the loopback.

mod smtp;
mod smtp_sink;
mod smtp_tls;
