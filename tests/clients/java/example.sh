#!/usr/bin/env bash
# Runs code blocks of the client's README as one program: their imports, and the rest as the body of a method.
set -euo pipefail
classpath="$BUILD/runner/target/lib/*"
{
  sed -n '/^import /p' "$@"
  echo 'class Example { public static void main(String[] arguments) throws Exception {'
  sed '/^import /d' "$@"
  # Executors of HTTP servers and the like do not keep the program running.
  echo 'System.exit(0); }}'
} >Example.java
exec java -cp "$classpath" Example.java
