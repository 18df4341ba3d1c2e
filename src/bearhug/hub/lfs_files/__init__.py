"""LFS files: the large files of a repository over all of its history, and how to be rid of them."""
