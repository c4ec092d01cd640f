"""Alembic's environment: migrations run on the connection that ``store.migrate`` hands over, inside its transaction."""

from alembic import context

from xuanfa.store import schema

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=schema.metadata,
    transactional_ddl=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()
