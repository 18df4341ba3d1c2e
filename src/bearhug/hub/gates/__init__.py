"""Gated repositories: what people are asked before they get in, who asked, and who was let in."""
