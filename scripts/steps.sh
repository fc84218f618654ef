# Sourced by the other scripts: headings with seconds, clear endings, and npm installs only when they are needed.

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# step HEADING COMMAND...: runs the command under a heading. The script ends (set -e) when it fails.
step() {
  heading=$1
  local began=$SECONDS
  shift
  printf '\n== %s\n' "$heading"
  "$@"
  printf '== %s: %d s\n' "$heading" "$((SECONDS - began))"
  heading=
}

# Names the step that a script died in.
tell_failure() {
  if [[ $1 != 0 && -n ${heading-} ]]; then
    printf '\n== %s FAILED\n' "$heading" >&2
  fi
}
trap 'tell_failure $?' EXIT

# A clean install from the lock file, left out while the installed tree is newer than the lock.
npm_ci() {
  if [[ $1/node_modules/.package-lock.json -nt $1/package-lock.json ]]; then
    printf '%s: up to date\n' "$1"
    return
  fi
  (cd "$1" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund)
}

# The browser bundles that the binary embeds.
sdk_bundles() {
  npm_ci web/sdk-bundles
  npm --prefix web/sdk-bundles run --silent pack
}

# The binary that users get, built from the lock file.
release_binary() {
  cargo build --locked --release -p verger
}

# Where that binary is, for programs that run elsewhere.
release_path() {
  realpath "${CARGO_TARGET_DIR:-target}/release/verger"
}

need_tools() {
  command -v cargo >/dev/null || die "cargo is missing: install Rust from https://rustup.rs"
  command -v cc >/dev/null || die "a C compiler is missing: install gcc or clang"
  command -v npm >/dev/null || die "npm is missing: install Node.js 20 or newer"
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  ((major >= 20)) || die "Node.js $(node -v) is too old: install version 20 or newer"
}
