"""Duplicates of repositories: their own name and history, shared bytes."""
