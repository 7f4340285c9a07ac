"""A client that makes each mistake that the test must detect."""
