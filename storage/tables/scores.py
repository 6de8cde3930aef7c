"""What scores are counted from, kept ready: one row a customer."""

from datetime import date, datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from storage.columns import BigKey, Instant


class ScoreFacts(SQLModel, table=True):
    """A customer's facts as they stood when they were last gathered."""

    __tablename__ = "score_facts"

    customer_id: int = Field(
        primary_key=True, foreign_key="customer.id", sa_type=BigKey
    )
    as_of: date
    known_at: datetime = Field(sa_type=Instant)
    facts: bytes = Field(sa_type=LargeBinary)
    """The values of `risk.facts.FACTS` as 64-bit floats, little endian; NaN unknown."""
