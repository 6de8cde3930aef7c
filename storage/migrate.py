"""Brings a database up to date with the models, by Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

FOLDER = Path(__file__).parent / "migrations"


def migrate(engine: Engine, revision: str = "head") -> None:
    """Apply the migrations that `engine` lacks, up to `revision`."""
    config = _config()
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Two replicas that start together: the second waits, then finds it done.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7475)")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def pending(engine: Engine) -> list[str]:
    """Return the revisions that `engine` lacks, oldest first."""
    scripts = ScriptDirectory.from_config(_config())
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    lacking = [script.revision for script in scripts.iterate_revisions("head", current)]
    return lacking[::-1]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config
