"""Signing programs in without showing them a password: device codes and refresh tokens."""
