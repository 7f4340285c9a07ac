#!/usr/bin/env bash
# Type-checks the calls in the folder CALLS against the client in the folder CLIENT.
set -euo pipefail
client=$(realpath "$1") calls=$(realpath "$2")
cd "$(dirname "$0")"
[ -e "$BUILD/installed" ] || ./build.sh
# No cache, which would be of another client. An environment without the client that build.sh installed: mypy would find modules there that CLIENT no longer has.
rm -rf "$BUILD/check"
python3 -m venv --without-pip "$BUILD/check"
installed=("$BUILD"/lib/python3*/site-packages) visible=("$BUILD"/check/lib/python3*/site-packages)
find "${installed[0]}" -mindepth 1 -maxdepth 1 ! -name 'latchkey_client*' -exec ln -s -t "${visible[0]}" {} +
MYPYPATH=$client exec "$BUILD/check/bin/python" -m mypy --strict --no-error-summary --follow-imports silent \
  --cache-dir /dev/null "$calls"/*.py
