#!/usr/bin/env bash
# Installs what the tests need from the system where it is missing and may be installed: Chromium, PostgreSQL, and the OpenSSL
# headers that a published Rust client of e2e/rust-clients is built with.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh

has_chromium() {
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
}

has_postgres() {
  command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

has_openssl() {
  command -v pkg-config >/dev/null && pkg-config --exists openssl
}

missing=()
has_chromium || missing+=(chromium)
has_postgres || missing+=(postgresql)
has_openssl || missing+=(libssl-dev pkg-config)
if ((${#missing[@]} == 0)); then
  echo "nothing is missing"
  exit 0
fi

if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
  die "the tests need ${missing[*]}: install with your package manager (Debian: apt-get install ${missing[*]})"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}"
