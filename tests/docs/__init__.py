"""Tests of the documentation: its code blocks run, its commands and paths exist, and /docs works in a browser."""
