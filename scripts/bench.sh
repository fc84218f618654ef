#!/usr/bin/env bash
# Measures a release binary; a table with what it reached and what it aims at is printed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh

measure() {
  VERGER_BIN=$(release_path) cargo run --locked --quiet --release -p verger-torture --bin bench
}

need_tools
step "sdk bundles" sdk_bundles
step "verger" release_binary
step "bench" measure
