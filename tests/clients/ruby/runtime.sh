#!/usr/bin/env bash
# Runs the tests of the Ruby runtime alone.
GEM_PATH="$BUILD/gems:$(gem env gempath)" exec ruby "$(dirname "$0")/runtime.rb"
