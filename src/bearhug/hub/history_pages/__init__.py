"""The past of a repository as people read it: lists of commits, single commits, comparisons."""
