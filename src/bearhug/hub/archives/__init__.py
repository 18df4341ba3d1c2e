"""Whole revisions as one file: zip and tar.gz, made while they are sent."""
