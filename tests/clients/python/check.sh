#!/usr/bin/env bash
# Type-checks the calls in the folder CALLS against the client in the folder CLIENT.
set -euo pipefail
client=$(realpath "$1") calls=$(realpath "$2")
cd "$(dirname "$0")"
[ -e "$BUILD/installed" ] || ./build.sh
# An environment without the client that build.sh installed: mypy would find modules there that CLIENT no longer has.
rm -rf "$BUILD/check"
python3 -m venv --without-pip "$BUILD/check"
find "$BUILD"/lib/python3*/site-packages -mindepth 1 -maxdepth 1 ! -name 'latchkey_client*' \
  -exec ln -s -t "$BUILD"/check/lib/python3*/site-packages {} +
MYPYPATH=$client exec "$BUILD/check/bin/python" -m mypy --strict --no-error-summary --follow-imports silent \
  --cache-dir "$BUILD/mypy-check" "$calls/calls.py"
