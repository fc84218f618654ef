//! `verger keys`: secret keys, and the public keys of session tokens.

use super::env::{text, unexpected};
use super::{admin, print, print_json};
use crate::cli::Keys;
use crate::control::{Answer, KeyRow, Order};
use crate::outcome::Outcome;
use std::fmt::Write;

pub(crate) async fn run(command: Keys) -> Outcome {
    match command {
        Keys::List { instance, json, target } => match admin::order(&target, Order::ListKeys { instance }).await? {
            Answer::Keys(rows) if json => print_json(&rows),
            Answer::Keys(rows) => print(&table(&rows)),
            other => Err(unexpected(&other)),
        },
        Keys::Create { instance, name, target } => {
            text(admin::order(&target, Order::CreateKey { instance, name }).await?)
        }
        Keys::Revoke { id, instance, target } => text(admin::order(&target, Order::RevokeKey { instance, id }).await?),
        Keys::Jwks { pem, instance, target } => text(admin::order(&target, Order::Jwks { instance, pem }).await?),
    }
}

fn table(rows: &[KeyRow]) -> String {
    let mut text = String::new();
    for row in rows {
        let state = if row.revoked_at.is_some() { "revoked" } else { "active" };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{:<34} {state:<8} {}", row.id, row.name);
    }
    text
}
