"""Tasks in the caller's own process: `bearhug.pipeline`, and what the commands use."""
