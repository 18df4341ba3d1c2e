"""Backup while the hub runs, and restore into an empty place."""
