"""The front door: the home page, what the reader prefers, and pages for when something is wrong."""
