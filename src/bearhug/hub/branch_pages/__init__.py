"""Branches and tags as people look after them: how far they are from main, made and deleted by forms."""
