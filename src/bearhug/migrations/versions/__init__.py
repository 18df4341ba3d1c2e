"""One file a step; the number in front of its name says which comes after which."""
