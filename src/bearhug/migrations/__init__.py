"""The history of the tables, and the way from any of its points to the newest."""
