"""Locks: who is working on a file that cannot be merged, as git-lfs asks."""
