#!/bin/sh
# Nothing to compile.
