"""Migrations lead to what the models say, on both engines."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

from storage.database import Database
from storage.migrate import migrate, pending


def test_the_migrated_tables_are_those_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_migrated_database_lacks_nothing_and_migrates_again_to_itself(
    database: Database,
) -> None:
    assert pending(database.engine) == []
    migrate(database.engine)
    assert pending(database.engine) == []
