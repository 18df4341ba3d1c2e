"""Recycling: room that nobody needs any more is given back, step by step and late enough for every client."""
