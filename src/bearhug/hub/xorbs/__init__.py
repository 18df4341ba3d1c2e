"""Xorbs: packs of chunks, verified once, kept for good on the disk, and an index of what lies where."""
