#!/usr/bin/env bash
# Installs the Python client as its users would, and type-checks the runner against it.
set -euo pipefail
cd "$(dirname "$0")"
calls=$(realpath ../../../generated/client-calls/python)
[ "$BUILD/installed" -nt requirements.txt ] || ../../../tools/python-environment "$BUILD" requirements.txt
"$BUILD/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --force-reinstall ../../../generated/clients/python
MYPYPATH=$calls "$BUILD/bin/python" -m mypy --strict --no-error-summary --cache-dir "$BUILD/mypy" --python-executable "$BUILD/bin/python" runner.py runtime.py "$calls/calls.py" "$calls/methods.py"
