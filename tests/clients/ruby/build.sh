#!/usr/bin/env bash
# Installs the Ruby client as its users would, and checks the runner's grammar.
set -euo pipefail
cd "$(dirname "$0")"
../../../tools/install ruby-typhoeus
rm -rf "$BUILD"
mkdir -p "$BUILD"
(cd ../../../generated/clients/ruby && gem build --silent --output "$BUILD/client.gem" latchkey_client.gemspec)
# What it depends on is the distribution's; whether that fits is seen when it is required.
gem install --silent --local --no-document --ignore-dependencies --install-dir "$BUILD/gems" "$BUILD/client.gem"
for file in *.rb ../../../generated/client-calls/ruby/*.rb; do ruby -wc "$file" >/dev/null; done
