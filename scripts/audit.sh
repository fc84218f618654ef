#!/usr/bin/env bash
# Known vulnerabilities in what we depend on. It asks the network, so it stands outside the gate.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh

rust() {
  if ! command -v cargo-deny >/dev/null; then
    cargo install cargo-deny --locked
  fi
  cargo deny check advisories
}

need_tools
step "crates" rust
for lock in web/*/package-lock.json examples/*/package-lock.json e2e/package-lock.json; do
  folder=$(dirname "$lock")
  step "$folder" npm --prefix "$folder" audit --package-lock-only --omit dev
done
