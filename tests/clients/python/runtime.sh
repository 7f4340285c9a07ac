#!/usr/bin/env bash
# Runs the tests of the Python runtime alone.
cd "$(dirname "$0")" || exit
exec "$BUILD/bin/python" -B -W error -m unittest --quiet runtime.py
