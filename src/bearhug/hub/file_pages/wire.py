"""What the pages of files have in common: what they refuse."""

from bearhug.base.errors import EntryNotFound, GatedRepo, RepoNotFound, RevisionNotFound

REFUSALS = (RepoNotFound, RevisionNotFound, EntryNotFound, GatedRepo)
