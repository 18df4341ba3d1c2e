"""What the indexer found out about each repository, and its tags one row each."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, String, Table, Text

from bearhug.base.db import metadata

card_facts = Table(
    "card_facts",
    metadata,
    Column("repo_id", ForeignKey("repos.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("commit", String(40), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("pipeline_tag", String(64)),
    Column("library_name", String(64)),
    Column("parameters", BigInteger),
    Column("problem", Text),
)

repo_tags = Table(
    "repo_tags",
    metadata,
    Column("tag", String(200), primary_key=True),
    Column("repo_id", ForeignKey("repos.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_repo_tags_repo_id", "repo_id", "tag"),
)
