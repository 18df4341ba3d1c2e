"""Folders and files of a repository as people look at them: lists, contents, who wrote which line, finding."""
