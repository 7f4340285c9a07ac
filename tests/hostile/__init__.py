"""Measures what a hostile client does to the service and to its other clients."""
