//! The part of `cargo metadata` that the rules read.

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::workspace;

#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    pub(super) packages: Vec<Package>,
    workspace_members: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Package {
    id: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) license: Option<String>,
    #[serde(default)]
    pub(super) dependencies: Vec<Dependency>,
}

/// A dependency as the manifest states it.
#[derive(Debug, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// `None` for a normal one, `dev` or `build`.
    #[serde(default)]
    pub(super) kind: Option<String>,
}

impl Metadata {
    /// What cargo knows of this workspace on this platform: other platforms' packages may never have been fetched.
    pub(super) fn of_workspace() -> Result<Self> {
        let version = workspace::output_of("rustc", &["-vV"])?;
        let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
        let arguments = ["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", host];
        Self::from_json(&workspace::output_of("cargo", &arguments)?)
    }

    pub(super) fn from_json(json: &str) -> Result<Self> {
        serde_json::from_str(json).context("cargo metadata")
    }

    /// The crates of the workspace.
    pub(super) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| self.workspace_members.contains(&package.id))
    }
}
