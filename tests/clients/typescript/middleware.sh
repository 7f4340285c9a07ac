#!/usr/bin/env bash
exec node "$BUILD/middleware.js"
