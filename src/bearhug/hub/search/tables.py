"""The full-text table: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL.

Terms hold no signs of ASCII, so that SQLite's plainest tokenizer takes them as they are: what the index finds and
what a look into a row's terms finds are the same.
"""

from sqlalchemy import Connection, Integer, String, column, event, table

from bearhug.base.db import metadata

docs = table("search_docs", column("rowid", Integer), column("terms", String))

CREATE = {
    "sqlite": ["CREATE VIRTUAL TABLE IF NOT EXISTS search_docs USING fts5(terms, detail=none, tokenize='ascii')"],
    "postgresql": [
        "CREATE TABLE IF NOT EXISTS search_docs (rowid BIGINT PRIMARY KEY, terms TSVECTOR NOT NULL)",
        "CREATE INDEX IF NOT EXISTS ix_search_docs_terms ON search_docs USING gin (terms)",
    ],
}
DROP = "DROP TABLE IF EXISTS search_docs"


@event.listens_for(metadata, "after_create")
def create(_target: object, connection: Connection, **_options: object) -> None:
    """Make the table where the others are made."""
    for statement in CREATE[connection.dialect.name]:
        connection.exec_driver_sql(statement)


@event.listens_for(metadata, "before_drop")
def drop(_target: object, connection: Connection, **_options: object) -> None:
    connection.exec_driver_sql(DROP)
