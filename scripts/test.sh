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

# check_answers SOURCE FILE: holds what a recorder wrote down against the published descriptions, and counts it.
check_answers() {
  cargo run --locked --quiet -p verger-testkit --bin check-answers -- "$1" "$2"
}

browsers() {
  (cd e2e && npx --no-install playwright test)
  check_answers browsers e2e/artifacts/answers.jsonl
}

rust_clients() {
  local target=${CARGO_TARGET_DIR:-target}/rust-clients
  CARGO_TARGET_DIR=$target cargo build --locked --quiet --manifest-path e2e/rust-clients/Cargo.toml
  VERGER_BIN=$(release_path) VERGER_PORT=4110 node e2e/recorder.mjs --listen 4112 --frontend 4110 --backend 4111 \
    --out "$target/answers.jsonl" -- "$target/debug/verger-rust-clients"
  check_answers "rust clients" "$target/answers.jsonl"
}

need_tools
step "system packages" scripts/system_packages.sh
step "check" scripts/check.sh
step "release binary" release_binary
step "torture" torture
step "example apps" apps
step "browser tests" browsers
step "rust clients" rust_clients
step "specification, whole" cargo xtask spec-report --whole
printf '\nall of it passed in %d s\n' "$SECONDS"
