#!/usr/bin/env bash
# The distribution's gems stand behind the client's own.
GEM_PATH="$BUILD/gems:$(gem env gempath)" exec ruby "$(dirname "$0")/runner.rb"
