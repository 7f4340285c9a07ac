#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/../../.."
exec "$PYTHON" -B -m tests.clients.broken.runner
