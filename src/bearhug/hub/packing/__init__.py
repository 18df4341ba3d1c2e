"""Packing: whole files that came by git-lfs or the web are turned into chunks, so that all clients share one copy."""
