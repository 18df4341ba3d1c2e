"""Files of a repository: download, tree, paths."""
