"""Language models in the caller's own process: many prompts at once, without a server."""
