"""Changing files in the browser: write, move and delete, with a look at the difference before the commit."""
