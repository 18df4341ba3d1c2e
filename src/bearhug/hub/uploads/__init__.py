"""Bringing files in by browser: a page with progress and resumption, and a plain form where no script runs."""
