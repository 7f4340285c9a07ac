"""The story of a customer, from the project to a revoked key, with a real browser and a real gateway."""
