"""Fuzzes a running server with requests generated from the contract."""
