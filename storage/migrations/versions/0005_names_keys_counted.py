"""How many names each key leads to is kept, no longer counted for each query."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add the table, and count what is there."""
    op.create_table(
        "name_key",
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.execute(
        "INSERT INTO name_key (key, entries)"
        " SELECT key, SUM(LENGTH(ids)) / 2 FROM name_posting GROUP BY key"
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("name_key")
