"""Tests of the tools that check and serve the contract: each must find what it is there to find."""
