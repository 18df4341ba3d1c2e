"""The pages about folders and files."""
