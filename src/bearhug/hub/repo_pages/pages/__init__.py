"""Pages of a repository, a file for each kind of page."""
