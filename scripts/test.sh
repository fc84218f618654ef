#!/usr/bin/env bash
# The whole gate: what `make check` does, then the example apps in a real browser against the release binary.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh

export CI=1

apps() {
  local lock
  for lock in e2e/package-lock.json examples/*/package-lock.json; do
    npm_ci "$(dirname "$lock")"
  done
}

# The same build as that of the other tests; only the choice of tests differs.
torture() {
  VERGER_BIN=$(release_path) cargo nextest run --locked --workspace -E 'package(verger-torture)'
}

browsers() {
  (cd e2e && npx --no-install playwright test)
}

rust_clients() {
  VERGER_BIN=$PWD/${CARGO_TARGET_DIR:-target}/release/verger CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/rust-clients \
    cargo run --locked --quiet --manifest-path e2e/rust-clients/Cargo.toml
}

need_tools
step "system packages" scripts/system_packages.sh
step "check" scripts/check.sh
step "release binary" release_binary
step "torture" torture
step "example apps" apps
step "browser tests" browsers
if [[ -d e2e/rust-clients ]]; then
  step "rust clients" rust_clients
fi
printf '\nall of it passed in %d s\n' "$SECONDS"
