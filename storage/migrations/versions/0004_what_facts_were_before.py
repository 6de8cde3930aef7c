"""What a customer's facts were before they were corrected is found by an index."""

from collections.abc import Sequence

from alembic import op
from sqlalchemy import text

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = {
    "clause": "clause",
    "cover": "cover",
    "credit_event": "event",
    "credit_limit": "limit",
    "invoice": "invoice",
    "payment": "payment",
    "payment_promise": "promise",
    "rating": "rating",
    "relation": "relation",
    "sales_order": "order",
    "statement": "statement",
}
CORRECTED = text("superseded_at IS NOT NULL")


def upgrade() -> None:
    """Add the indexes."""
    for table, name in TABLES.items():
        op.create_index(
            f"ix_{name}_corrected",
            table,
            ["customer_id"],
            sqlite_where=CORRECTED,
            postgresql_where=CORRECTED,
        )


def downgrade() -> None:
    """Drop the indexes."""
    for table, name in TABLES.items():
        op.drop_index(f"ix_{name}_corrected", table)
