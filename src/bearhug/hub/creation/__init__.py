"""The forms that make a repository: empty, from a template, or as a duplicate of another."""
