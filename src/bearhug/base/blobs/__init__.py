"""Blobs: contents by their sha256, received in a stream, verified, written once."""
