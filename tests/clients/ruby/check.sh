#!/usr/bin/env bash
# Executes the calls in the folder CALLS with the client in the folder CLIENT, without a server.
set -euo pipefail
client=$(realpath "$1") calls=$(realpath "$2")
cd "$(dirname "$0")"
../../../tools/install ruby-typhoeus
exec ruby -W0 -I "$client/lib" check.rb "$calls/calls.rb"
