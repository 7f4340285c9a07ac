#!/usr/bin/env bash
# Compiles the calls in the folder CALLS with the client in the folder CLIENT.
set -euo pipefail
client=$(realpath "$1") calls=$(realpath "$2")
cd "$(dirname "$0")"
[ -d "$BUILD/runner/target/lib" ] || ./build.sh
rm -rf "$BUILD/check"
mkdir "$BUILD/check"
libraries=$(find "$BUILD/runner/target/lib" -name '*.jar' ! -name 'latchkey-client-*' -printf '%p:')
find "$client/src/main/java" "$calls" -name '*.java' >"$BUILD/check/sources"
exec javac -nowarn -proc:none --release 11 -Xmaxerrs 1000 -d "$BUILD/check" -cp "$libraries" @"$BUILD/check/sources"
