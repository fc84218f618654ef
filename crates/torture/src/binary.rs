//! Which executable is put to the test.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// The server's executable: `$VERGER_BIN`, else the release build, else the debug build of this workspace.
///
/// # Errors
/// When none of them exists.
pub fn find() -> Result<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the caller of a test chooses the executable; there is no configuration room here"
    )]
    let chosen = std::env::var_os("VERGER_BIN");
    if let Some(path) = chosen.filter(|path| !path.is_empty()) {
        return existing(PathBuf::from(&path)).with_context(|| format!("VERGER_BIN={} is no file", path.display()));
    }
    let target = target_folder();
    let built = ["release", "debug"].into_iter().find_map(|profile| existing(target.join(profile).join("verger")));
    match built {
        Some(path) => Ok(path),
        None => bail!(
            "no verger executable under {}: run `cargo build --release -p verger`, or set VERGER_BIN",
            target.display()
        ),
    }
}

fn existing(path: PathBuf) -> Option<PathBuf> {
    path.is_file().then_some(path)
}

/// Where cargo put this very program: `<target>/<profile>[/deps]/program`.
fn target_folder() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    let is_profile = |folder: &&Path| folder.ends_with("release") || folder.ends_with("debug");
    let profile = program.ancestors().find(is_profile);
    let fallback = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    profile.and_then(Path::parent).map_or_else(fallback, Path::to_path_buf)
}
