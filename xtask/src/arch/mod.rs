//! `cargo xtask arch`: the shape of the house.

mod arrows;
mod bans;
mod files;
mod licences;
mod metadata;

use anyhow::{Context, Result};

use crate::{Findings, workspace};
use metadata::Metadata;

/// Runs every rule over this workspace.
pub(crate) fn run() -> Result<Findings> {
    let metadata = Metadata::of_workspace()?;
    let lock = toml::from_str(&workspace::read("Cargo.lock")?).context("Cargo.lock")?;
    let mut findings = arrows::check(&metadata);
    findings.extend(bans::check_graph(&lock));
    findings.extend(bans::check_direct(&metadata));
    findings.extend(licences::check(&metadata));
    findings.extend(files::check()?);
    if findings.is_empty() {
        let (rooms, packages) = (metadata.members().count(), metadata.packages.len());
        println!("arch: {rooms} crates and {} dependencies keep the rules", packages - rooms);
    }
    Ok(findings)
}
