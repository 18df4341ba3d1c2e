"""Deployments: models that somebody decided to serve, how they run, and whether they do."""
