"""Git over HTTP: clone, fetch and push by the real git, with the hub's rules at the door."""
