//! What the rules read from the machine: the workspace's root, its tracked files, cargo's view and the specifications.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The root of the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace's root")
}

/// The text of a file named relative to the root.
pub(crate) fn read(file: &str) -> Result<String> {
    fs::read_to_string(root().join(file)).with_context(|| format!("cannot read {file}"))
}

/// What `program` prints when run in the root.
pub(crate) fn output_of(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program).args(arguments).current_dir(root()).output();
    let output = output.with_context(|| format!("cannot run {program}"))?;
    if !output.status.success() {
        bail!("{program} {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("{program} printed something that is not UTF-8"))
}

/// Files that are tracked or about to be, relative to the root.
pub(crate) fn files() -> Result<Vec<String>> {
    let listed = output_of("git", &["ls-files", "-z", "--cached", "--others", "--exclude-standard"])?;
    let mut files: Vec<String> = listed.split('\0').filter(|file| !file.is_empty()).map(str::to_owned).collect();
    files.retain(|file| root().join(file).is_file());
    files.sort();
    files.dedup();
    Ok(files)
}

/// The folder of the published specifications: `$VERGER_SPECS`, else `../shared/specs` where that exists.
///
/// # Errors
/// When the variable is set and names no folder.
pub(crate) fn specs() -> Result<Option<PathBuf>> {
    #[expect(clippy::disallowed_methods, reason = "automation has no configuration room; this is its only variable")]
    let configured = std::env::var_os("VERGER_SPECS").filter(|path| !path.is_empty());
    let Some(configured) = configured else {
        let default = root().join("../shared/specs");
        return Ok(default.is_dir().then_some(default));
    };
    let path = PathBuf::from(configured);
    if !path.is_dir() {
        bail!("VERGER_SPECS={} is not a folder", path.display());
    }
    Ok(Some(path))
}
