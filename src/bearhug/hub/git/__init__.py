"""Bare git repositories on disk: reading with libgit2, writing and transport with the git binary."""
