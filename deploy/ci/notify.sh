#!/bin/sh
# Tells devreg registries that a commit of a registry repository is to be served.
#
#   notify.sh BEFORE AFTER
#
# BEFORE and AFTER are the commits before and after the push; zeros or nothing for BEFORE where it is
# not known. Runs in a checkout of the repository; needs git, curl, openssl and od.
#
#   DEVREG_URL                  addresses of the registries, separated by blanks: every replica where
#                               each is to know at once
#   DEVREG_WEBHOOK_SECRET       the secret that the registries have, or
#   DEVREG_WEBHOOK_SECRET_FILE  a file that holds it
#   DEVREG_ATTEMPTS             how often a registry that is away is asked (5)
#   DEVREG_RETRY_SECONDS        first pause before it is asked again, then doubled (2)
set -eu

fail() {
  echo "notify.sh: $*" >&2
  exit 1
}

# The key of the HMAC as 64 hexadecimal bytes. It stays in this shell, whose printf is its own: the
# arguments of a program could be read by every user of the machine.
read_key() {
  secret=${DEVREG_WEBHOOK_SECRET:-}
  if [ -z "$secret" ] && [ -n "${DEVREG_WEBHOOK_SECRET_FILE:-}" ]; then
    secret=$(cat "$DEVREG_WEBHOOK_SECRET_FILE")
  fi
  [ -n "$secret" ] || fail "say the secret in DEVREG_WEBHOOK_SECRET or DEVREG_WEBHOOK_SECRET_FILE"
  # shellcheck disable=SC2046 # one argument a byte
  set -- $(printf %s "$secret" | od -An -v -tx1)
  if [ $# -gt 64 ]; then
    # shellcheck disable=SC2046
    set -- $(printf %s "$secret" | openssl dgst -sha256 -binary | od -An -v -tx1)
  fi
  while [ $# -lt 64 ]; do set -- "$@" 00; done
  key=$*
}

# Writes the key with each byte changed by $1, as RFC 2104 has it.
padded_key() {
  for byte in $key; do
    # shellcheck disable=SC2059 # the format is the byte
    printf "\\$(printf %03o "$((0x$byte ^ $1))")"
  done
}

# HMAC-SHA256 over the timestamp $1, a full stop and the body, in hexadecimal.
sign() {
  {
    padded_key 0x5c
    {
      padded_key 0x36
      printf '%s.' "$1"
      cat "$work/body"
    } | openssl dgst -sha256 -binary
  } | openssl dgst -sha256 -r | cut -c1-64
}

is_commit() {
  case $1 in
    '' | *[!0-9a-f]*) return 1 ;;
    *[!0]*) git cat-file -e "$1^{commit}" 2>/dev/null || git fetch -q --depth=1 origin "$1" 2>/dev/null ;;
    *) return 1 ;;
  esac
}

# Writes the body: the commit, and the stacks that changed where that is known. The names are a hint
# to the registry, so one that would need quoting is left out.
write_body() {
  if is_commit "$before"; then
    git diff --name-only --no-renames "$before" "$after" -- \
      stacks samples extraDevfileEntries.yaml >"$work/changed"
    if [ ! -s "$work/changed" ]; then
      echo "nothing changed that the registry serves"
      exit 0
    fi
    sed -n 's|^stacks/\([A-Za-z0-9][A-Za-z0-9._-]*\)/.*|"\1"|p' "$work/changed" |
      sort -u | head -n 1000 | paste -sd , - >"$work/stacks"
    printf '{"commit":"%s","stacks":[%s]}' "$after" "$(cat "$work/stacks")" >"$work/body"
  else
    printf '{"commit":"%s"}' "$after" >"$work/body"
  fi
}

# Asks one registry once, and puts its status into $status and its answer into a file.
post() {
  # A signature works once, so each attempt has its own.
  timestamp=$(date +%s)
  : >"$work/answer"
  status=$(curl --silent --show-error --max-time 900 --output "$work/answer" \
    --write-out '%{http_code}' --request POST --data-binary "@$work/body" \
    --header 'Content-Type: application/json' \
    --header "X-Devreg-Timestamp: $timestamp" \
    --header "X-Devreg-Signature-256: sha256=$(sign "$timestamp")" \
    "${1%/}/api/update") || status=000
}

# Asks one registry until it took the commit; fails when it will not, or stays away.
notify() {
  attempt=1
  pause=${DEVREG_RETRY_SECONDS:-2}
  while :; do
    post "$1"
    echo "$1: $status $(cat "$work/answer")"
    case $status in
      2??) return 0 ;;
      409)
        echo "$1: serves a newer commit already"
        return 0
        ;;
      000 | 408 | 429 | 5??) ;;
      *) return 1 ;;
    esac
    [ "$attempt" -lt "${DEVREG_ATTEMPTS:-5}" ] || return 1
    sleep "$pause"
    attempt=$((attempt + 1))
    pause=$((pause * 2))
  done
}

[ $# -eq 2 ] || fail "usage: notify.sh BEFORE AFTER"
[ -n "${DEVREG_URL:-}" ] || fail "say the address of the registry in DEVREG_URL"
before=$1
after=$(git rev-parse --verify --quiet "$2^{commit}") || fail "there is no commit \"$2\" here"
read_key
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
write_body
failed=0
for url in $DEVREG_URL; do
  notify "$url" || failed=1
done
[ "$failed" -eq 0 ] || fail "not every registry took $after"
