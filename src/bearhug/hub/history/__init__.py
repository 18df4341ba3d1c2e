"""Histories: commits of a branch and of a file, the last change of every entry, comparisons, blame, folder sizes."""
