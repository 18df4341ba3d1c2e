"""Trending: which repositories people have turned to lately."""
