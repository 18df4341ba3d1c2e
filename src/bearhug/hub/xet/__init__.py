"""Xet: how today's clients send and fetch large files, as chunks of which each is sent once."""
