"""One-click background removal: a page where pictures come back cut out."""
