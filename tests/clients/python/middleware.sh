#!/usr/bin/env bash
cd "$(dirname "$0")" || exit
exec "$BUILD/bin/python" -B -W error middleware.py
