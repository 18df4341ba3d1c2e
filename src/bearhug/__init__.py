"""Bearhug: your own Hugging Face in one process."""
