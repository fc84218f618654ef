//! Commands about applications and keys. They are carried out by whoever owns the data: the running server, which takes them on a
//! socket in its data directory, or else the command itself. Either way it is the same code.

mod answer;
mod client;
mod order;
mod server;

pub(crate) use answer::{Answer, ApplicationRow, CreatedAnswer, KeyRow};
pub(crate) use client::{ask, connect};
pub(crate) use order::Order;
pub(crate) use server::{listen, serve};
