"""Access tokens: what programs show instead of a password."""
