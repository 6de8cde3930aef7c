"""What scores are counted from, and what they came to, kept ready for who asks."""

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


class ScoreStanding(SQLModel, table=True):
    """A customer's score as it stood when it was last counted."""

    __tablename__ = "score_standing"

    customer_id: int = Field(
        primary_key=True, foreign_key="customer.id", sa_type=BigKey
    )
    as_of: date
    known_at: datetime = Field(sa_type=Instant)
    """What was learnt later is not in it."""
    policy_version: str
    score: int | None = None
    computed_class: str | None = None
    """What the score alone gives."""
    risk_class: str | None = None
    """The class in force: an override's, else the computed one once it has held."""
    confidence: int = 0
    """Per cent."""
