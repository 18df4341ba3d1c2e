"""The hub: accounts, repositories, files, git, LFS and everything people keep."""
