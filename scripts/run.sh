#!/usr/bin/env bash
# Starts `verger dev` and the example Next.js app wired to it, says where to look, and stops both on Ctrl-C.
#
# APP_PORT (3000) and VERGER_PORT (4000) choose other ports; the Backend API takes the port after Verger's. VERGER_DATA (.verger)
# chooses where the users are kept.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh

app=examples/nextjs
app_port=${APP_PORT:-3000}
verger_port=${VERGER_PORT:-4000}
data=${VERGER_DATA:-.verger}
binary=${CARGO_TARGET_DIR:-target}/release/verger
scratch=$(mktemp -d)
children=()

is_open() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || (exec 3<>"/dev/tcp/::1/$1") 2>/dev/null
}

need_free() {
  ! is_open "$2" || die "port $2 is in use: stop what listens there, or choose another with $1"
}

# Job control gives each child a process group of its own, so that stopping it reaches its children too.
start() {
  set -m
  "$@" </dev/null &
  set +m
  children+=($!)
}

any_alive() {
  local child
  for child in ${children[@]+"${children[@]}"}; do
    if kill -0 -- "-$child" 2>/dev/null; then
      return 0
    fi
  done
  return 1
}

signal_all() {
  local child
  for child in ${children[@]+"${children[@]}"}; do
    kill "-$1" -- "-$child" 2>/dev/null || true
  done
}

# Ask, wait ten seconds, insist.
stop_all() {
  tell_failure $?
  trap '' INT TERM HUP
  signal_all TERM
  local tries=100
  while any_alive && ((tries-- > 0)); do
    sleep 0.1
  done
  signal_all KILL
  rm -rf "$scratch"
}

# wait_for WHAT PID CONDITION...: until the condition holds, or the process is gone, or two minutes have passed.
wait_for() {
  local what=$1 child=$2 tries=1200
  shift 2
  until "$@"; do
    kill -0 "$child" 2>/dev/null || die "$what ended before it was ready"
    ((tries-- > 0)) || die "$what is not ready after two minutes"
    sleep 0.1
  done
}

is_verger_ready() {
  grep -qs '"event":"ready"' "$scratch/ready"
}

ready_value() {
  node -p 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"))[process.argv[2]]' "$scratch/ready" "$1"
}

start_verger() {
  start "$binary" dev --port "$verger_port" --data-dir "$data" --json --write-env "$app/.env.local" >"$scratch/ready"
  wait_for "verger dev" "${children[0]}" is_verger_ready
}

start_app() {
  export NEXT_TELEMETRY_DISABLED=1
  start node "$app/node_modules/next/dist/bin/next" dev "$app" --port "$app_port"
  wait_for "the example app" "${children[1]}" is_open "$app_port"
}

say_where() {
  local frontend
  frontend=$(ready_value frontend_api_url)
  cat <<END

  app             http://localhost:$app_port
  Account Portal  $frontend/sign-in
  inbox           $(ready_value inbox_url)

  Sign up in the app; the code is in the inbox. Ctrl-C stops everything.

END
}

trap stop_all EXIT
trap 'exit 0' INT TERM HUP

need_tools
need_free APP_PORT "$app_port"
need_free VERGER_PORT "$verger_port"
step "sdk bundles" sdk_bundles
step "example app" npm_ci "$app"
step "verger" release_binary
start_verger
start_app
say_where
while kill -0 "${children[0]}" 2>/dev/null && kill -0 "${children[1]}" 2>/dev/null; do
  sleep 1
done
die "one of the two ended by itself"
