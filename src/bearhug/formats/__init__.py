"""Pure bytes: parsers and writers of the formats the hub speaks; no I/O."""
