"""About: what the hub says of itself to programs."""
