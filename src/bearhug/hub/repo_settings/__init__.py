"""Settings of a repository, as pages: who sees it, who is let in, its name, its large files, its end."""
