"""Checks of the place where a hub lives, and of what its clients will need."""
