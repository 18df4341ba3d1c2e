"""Counting downloads: per day, over thirty days, and for all time."""
