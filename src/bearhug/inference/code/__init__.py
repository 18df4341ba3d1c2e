"""Code that asks a model of this hub, ready to be copied: curl, Python, JavaScript."""
