"""Models of the hub as local folders, for programs that load them."""
