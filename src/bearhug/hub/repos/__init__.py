"""Repositories: names, owners, visibility, and the only door to them."""
