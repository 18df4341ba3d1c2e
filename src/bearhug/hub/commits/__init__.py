"""Commits by HTTP: preupload and NDJSON commits that never lose a push's work."""
