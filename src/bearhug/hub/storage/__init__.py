"""Storage: what repositories and their owners take up, share and save."""
