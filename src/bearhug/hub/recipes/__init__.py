"""Recipes: which chunks of which xorbs make a file, the journal they are rebuilt from, and the files read again."""
