#!/usr/bin/env bash
# Everything but the browsers and the release binary: format, lints, the rules of the house, and the tests on SQLite and PostgreSQL.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh

nextest() {
  if ! cargo nextest --version >/dev/null 2>&1; then
    cargo install cargo-nextest --locked
  fi
  # What starts server processes waits for the release binary: scripts/test.sh.
  cargo nextest run --locked --workspace -E 'not package(verger-torture)'
}

deny() {
  cargo deny --offline check bans licenses sources
}

need_tools
step "sdk bundles" sdk_bundles
step "format" cargo fmt --all --check
step "lints" cargo clippy --locked --workspace --all-targets -- -D warnings
step "architecture" cargo xtask arch
step "operations" cargo xtask ops
step "schema parity" cargo xtask parity
if command -v cargo-deny >/dev/null; then
  step "bans and licences" deny
fi
cargo xtask spec-report --reset
step "tests" nextest
step "documentation tests" cargo test --locked --workspace --doc --quiet
step "specification" cargo xtask spec-report
