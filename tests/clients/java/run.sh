#!/usr/bin/env bash
exec java -cp "$BUILD/runner/target/classes:$BUILD/runner/target/lib/*" Runner
