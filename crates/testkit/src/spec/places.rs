//! Where the specifications, the ledgers and the report live on disk.

use std::path::{Path, PathBuf};

use super::Api;

/// The root of the workspace that this crate was built in.
pub(super) fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The folder that holds the run's counts and the parsed specifications.
pub(super) fn report_dir() -> PathBuf {
    workspace().join("target/spec-report")
}

/// The newest specification of `api`, or `None` where the default folder does not exist.
///
/// # Panics
/// When `$VERGER_SPECS` is set and holds no specification of `api`: a run that was told to check must not pass unchecked.
pub(super) fn newest_spec(api: Api) -> Option<PathBuf> {
    match configured_root() {
        Some(root) => {
            let found = newest_in(&root.join(api.name()));
            let path = found.unwrap_or_else(|e| panic!("VERGER_SPECS={} cannot be used: {e}", root.display()));
            Some(path)
        }
        None => newest_in(&workspace().join("../shared/specs").join(api.name())).ok(),
    }
}

fn configured_root() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration room; this is their only variable")]
    let root = std::env::var_os("VERGER_SPECS");
    root.filter(|root| !root.is_empty()).map(PathBuf::from)
}

/// Files are named by date, so the greatest name is the newest version.
fn newest_in(folder: &Path) -> Result<PathBuf, String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ext| ext == "yml"))
        .max()
        .ok_or_else(|| format!("{} holds no .yml file", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_is_chosen_by_name() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        for name in ["2021-02-05.yml", "2026-05-12.yml", "2025-11-10.yml", "zz.txt"] {
            std::fs::write(dir.path().join(name), "").expect("the file is written");
        }
        assert_eq!(newest_in(dir.path()), Ok(dir.path().join("2026-05-12.yml")));
    }

    #[test]
    fn a_folder_without_a_specification_is_an_error() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        assert!(newest_in(dir.path()).is_err());
        assert!(newest_in(&dir.path().join("missing")).is_err());
    }
}
