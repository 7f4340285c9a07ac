#!/usr/bin/env bash
# Installs the Python client as its users would, and type-checks the runner against it.
set -euo pipefail
cd "$(dirname "$0")"
[ "$BUILD/installed" -nt requirements.txt ] || ../../../tools/python-environment "$BUILD" requirements.txt
"$BUILD/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-build-isolation --force-reinstall ../../../generated/clients/python
"$BUILD/bin/mypy" --strict --no-error-summary --cache-dir "$BUILD/mypy" --python-executable "$BUILD/bin/python" runner.py
