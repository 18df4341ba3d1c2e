"""Chores: what the hub does again and again for itself."""
