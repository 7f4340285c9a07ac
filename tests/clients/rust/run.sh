#!/usr/bin/env bash
exec "$BUILD/debug/latchkey-client-runner"
