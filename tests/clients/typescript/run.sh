#!/usr/bin/env bash
exec node "$BUILD/runner.js"
