#!/usr/bin/env bash
# Runs the example of the client's README, as the body of a method.
set -euo pipefail
mkdir -p "$BUILD/example"
{
  printf 'import %s;\n' latchkey.client.{api.,model.,}'*' java.util.List java.util.regex.Pattern
  echo 'class Example { public static void main(String[] arguments) throws Exception {'
  cat "$1"
  echo '}}'
} >"$BUILD/example/Example.java"
exec java -cp "$BUILD/runner/target/lib/*" "$BUILD/example/Example.java"
