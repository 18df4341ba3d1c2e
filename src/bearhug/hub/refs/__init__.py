"""Branches and tags by HTTP, and histories squashed to one commit."""
