#!/usr/bin/env bash
# Runs the tests of the Java runtime alone.
exec java -cp "$BUILD/runner/target/classes:$BUILD/runner/target/lib/*" RuntimeTest
