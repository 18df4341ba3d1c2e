"""Full-text search over names and cards, Chinese included."""
