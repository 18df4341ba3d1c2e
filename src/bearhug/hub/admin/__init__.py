"""What administrators see of the whole hub."""
