"""What the test suites share: an HTTP client and a server to test."""
