"""Lists of repositories and the pages of their owners, as people read them."""
