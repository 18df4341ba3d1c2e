"""Objects: large contents by their sha256, whatever way their bytes came and however they are kept."""
