"""Likes: who likes which repository."""
