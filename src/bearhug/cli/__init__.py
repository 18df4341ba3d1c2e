"""The command line: one file a group of commands, imported on first use."""

from bearhug.cli.root import main

__all__ = ["main"]
