#!/usr/bin/env bash
# Installs the Python client as its users would, and type-checks it, and the runner against it.
set -euo pipefail
cd "$(dirname "$0")"
calls=$(realpath ../../../generated/client-calls/python)
[ "$BUILD/installed" -nt requirements.txt ] || ../../../tools/python-environment "$BUILD" requirements.txt
"$BUILD/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --force-reinstall ../../../generated/clients/python
mypy=("$BUILD/bin/python" -m mypy --strict --no-error-summary --cache-dir "$BUILD/mypy" --python-executable "$BUILD/bin/python")
MYPYPATH=$calls "${mypy[@]}" runner.py runtime.py middleware.py "$calls/calls.py" "$calls/methods.py"
"${mypy[@]}" -p latchkey_client
