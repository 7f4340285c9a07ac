#!/usr/bin/env bash
cd "$(dirname "$0")" || exit
PYTHONPATH=../../../generated/client-calls/python exec "$BUILD/bin/python" -B runner.py
