"""Alembic's entry: runs on the connection that `storage.migrate` gives."""

from alembic import context
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - importing them declares the tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    compare_type=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
