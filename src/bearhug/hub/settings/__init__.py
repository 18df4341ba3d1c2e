"""What the administrator decides about this hub while it runs."""
