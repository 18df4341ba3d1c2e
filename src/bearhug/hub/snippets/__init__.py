"""Code that uses a repository from this hub: for every library, for local programs, for data sets."""
