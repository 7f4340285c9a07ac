#!/usr/bin/env bash
# Installs the Java client as its users would, into a repository of the test's own, and compiles the runner against it.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p "$BUILD"
rm -rf "$BUILD/client" "$BUILD/runner"
cp -r ../../../generated/clients/java "$BUILD/client"
mkdir "$BUILD/runner"
cp -r pom.xml src "$BUILD/runner/"
cp ../../../generated/client-calls/java/*.java "$BUILD/runner/src/main/java/"
maven=(mvn --batch-mode --quiet -Dstyle.color=never -Dmaven.repo.local="$BUILD/repository")
"${maven[@]}" -f "$BUILD/client" install
version=$(sed -n '/<artifactId>latchkey-client</,/<version>/ s/.*<version>\(.*\)<.*/\1/p' "$BUILD/client/pom.xml")
"${maven[@]}" -f "$BUILD/runner" -Dclient.version="$version" package
