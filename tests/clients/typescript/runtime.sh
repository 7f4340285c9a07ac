#!/usr/bin/env bash
# Runs the tests of the TypeScript runtime alone.
exec node --test "$BUILD/runtime.js"
