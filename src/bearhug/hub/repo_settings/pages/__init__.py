"""A file for each kind of settings."""
