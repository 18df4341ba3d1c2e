"""What alembic runs: every step inside the transaction that was handed in."""

from alembic import context

from bearhug.migrations.tables import all_tables, is_told_in_history

tx = context.config.attributes["connection"]
context.configure(
    connection=tx,
    target_metadata=all_tables(),
    render_as_batch=tx.dialect.name == "sqlite",
    compare_type=True,
    include_object=is_told_in_history,
)
with context.begin_transaction():
    context.run_migrations()
