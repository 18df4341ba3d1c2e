"""Who is calling: token, password or session become an actor."""
