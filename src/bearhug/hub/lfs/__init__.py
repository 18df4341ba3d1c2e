"""LFS: large files by sha256, which repository holds which, and how clients send and fetch them."""
