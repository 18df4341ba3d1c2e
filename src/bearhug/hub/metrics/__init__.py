"""Metrics: how the hub stands, as numbers for those who watch it."""
